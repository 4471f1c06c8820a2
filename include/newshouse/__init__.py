"""Newshouse turns the news into a warehouse you can trust.

The map of the house. Data walks through the rooms in this order, and never back:

    sources/    facts about publishers, one YAML file each
    discover/   feeds and sitemaps -> Candidate
    fetch/      Candidate -> HTTP exchange, politely
    archive/    the exchange as WARC records; everything after reads from here
    parse/      captured bytes -> Article or Rejection, never the network
    validate/   row rules and Great Expectations -> accepted or quarantined
    warehouse/  one door into the Delta tables; publish the DuckDB views
    search/     a full-text index in step with the articles
    export/     articles as files, with a card
    forget/     remove articles everywhere, on request or by retention
    quality/    what history says about today's data
    alerts/     tell people what broke, once a cause
    lineage/    tell catalogues what was made of what, if they are there
    dashboard/  all of it in a browser, in Airflow or alone
    console/    the verbs of the command line, and how they print
    launcher/   Airflow on this machine: `make run`, `make up`
    sample/     the newsroom of fictional publishers, on loopback
    storage/    files and folders, on this disk or in a bucket

`pipeline.py` is the corridor: one function a stage, used by the DAGs and by `cli.py` alike. `upkeep.py` looks after
what is committed.
`records.py` holds what passes between rooms, `schemas/` what the tables look like.
"""

import os

# Arrow's allocator (mimalloc) gives what is free back at intervals of a second. A load takes the same amounts again and
# again, as does the next load of an import, and waits each time while the system clears them: longest where the machine
# is a guest whose host took them back. It reads this when it is imported, so it stands here; whoever sets it in the
# environment has the last word.
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "60000")  # milliseconds

__version__ = "0.1.0"
