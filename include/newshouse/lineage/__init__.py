"""OpenLineage: which stage made which data of which, and how good it was, for catalogues that collect such events.

trace.py     around a stage: an event when it starts, and one when it ends
stages.py    what each stage reads and writes
datasets.py  a table or a stage file as OpenLineage names and describes it
client.py    the client; off unless it is configured

Events are about a run and never part of it: what goes wrong here is a warning in the log.
"""
