"""### How far today's articles can be trusted

Runs whenever a load has updated the `articles` asset: `assess` judges the committed data by its own history, adds the
results to `checks`, opens or resolves `incidents`, and publishes them. A failed check of severity *critical* turns the
task red; the data stays published, because hiding a day helps nobody.

Triggered by hand, it judges the warehouse as it is now.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

from corridor import ARTICLES, RETRIES, corridor


@dag(
    schedule=[ARTICLES],
    is_paused_upon_creation=False,  # it only follows loads, and fetches nothing
    start_date=datetime(2000, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=RETRIES,
    doc_md=__doc__,
)
def warehouse_quality():
    """Wire the assessment."""

    @task(execution_timeout=timedelta(hours=1))
    def assess(run_id, triggering_asset_events, logical_date=None):
        loads = [event.extra["run_id"] for event in triggering_asset_events.get(ARTICLES, []) if event.extra]
        with corridor() as (pipeline, settings):
            assessment = pipeline.assess(settings, loads[-1] if loads else pipeline.run_id_for(logical_date, run_id))
        failed = [result for result in assessment.results if result.status != "pass"]
        critical = [
            f"{result.check_name} of {result.source_id or 'all'}" for result in failed if result.severity == "critical"
        ]
        if critical:
            raise AirflowFailException(f"critical checks failed: {', '.join(critical)}. See the table `checks`.")
        return {"checks": len(assessment.results), "failed": len(failed), "incidents": len(assessment.incidents)}

    assess()


warehouse_quality()
