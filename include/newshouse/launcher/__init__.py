"""Start Airflow on this machine: one run, or the whole of it with its UI."""
