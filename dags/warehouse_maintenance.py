"""### The weekly clean-up of the warehouse

Forgets what is past the `retention_days` of its source, compacts closed months, packs what loads left unpacked, removes
files that no reader needs any more, and verifies what is left: Parquet files readable, WARC pointers resolving, counts
in step. A problem turns the task red and its log names it; nothing is repaired unasked.

Sunday 03:00 UTC, away from the daily run at midnight. It may run beside a load: Delta lets one of two writers of the
same file lose, and the loser is tried again.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

from corridor import RETRIES, corridor


@dag(
    schedule="0 3 * * 0",
    start_date=datetime(2000, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=RETRIES,
    doc_md=__doc__,
)
def warehouse_maintenance():
    """Wire the clean-up."""

    @task(execution_timeout=timedelta(hours=6))
    def maintain():
        with corridor() as (_, settings):
            from newshouse import upkeep  # noqa: PLC0415 -- imported when the task runs, like the pipeline

            problems = upkeep.maintain(settings)
        if problems:
            raise AirflowFailException("; ".join(str(problem) for problem in problems))

    maintain()


warehouse_maintenance()
