"""Forget articles for good: on request (`newshouse forget`), or when their time is over (`retention_days`).

target.py      what belongs to an article: ids, addresses, rows, places in the archive
tombstones.py  hashes of what never comes back
rows.py        the tables: a commit without the rows, then the old files are deleted
blank.py       the archive: records overwritten in place, so that every other one stays where it is
runs.py        the stage files of runs
job.py         all of it in order; killed anywhere, it goes on where it was
retention.py   what is older than its source allows
"""
