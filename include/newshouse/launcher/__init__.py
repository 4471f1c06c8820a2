"""Start Airflow on this machine: one run, or the whole of it with its UI.

Airflow is only ever another process (`python -m airflow …`): nothing here imports it.

    home.py         the folder, the secrets and the environment of a local Airflow
    newsroom.py     the sample newsroom beside it
    children.py     processes that are started, watched and stopped together
    progress.py     what the metadata database says about a run
    once.py         `make run`
    standalone.py   `make up`
"""
