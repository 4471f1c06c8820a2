"""The Delta tables, one door into them, and the published DuckDB views."""
