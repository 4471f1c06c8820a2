"""The SQL console: whatever a reader writes runs in a process of its own, locked down, measured and killable.

worker.py    the process: limits itself, opens the database, answers one query, ends
lockdown.py  what a query may be: one SELECT of tables, views and macros, no file, no setting
grid.py, downloads.py   the first rows of its result for the page, or all of it as CSV or Parquet
pool.py      starts the processes, gives them their time, ends them
schema.py    tables and columns with their descriptions; example queries
saved.py     queries that readers keep for each other
routes.py    the page and what its script asks for
"""
