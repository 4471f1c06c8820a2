"""Tell people what broke: once a cause, by severity and owner, over Slack, e-mail or a webhook of their own.

config.py   alerts.yaml, strictly read: channels, routes
due.py      incidents and what was told -> what is due
message.py  one message, the same for every channel; digest.py the one of each morning
slack.py mail.py webhook.py  a message as each of them wants it; post.py the HTTP under two of them
deliver.py  send, and try again where that may help
office.py   send over a channel and note it
job.py      all of it together, for the DAG and the command line

What was told is a row of the table `alerts`, written right after the message has left: a crash between the two at worst
tells it again.
"""
