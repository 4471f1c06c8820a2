"""### How far today's articles can be trusted

Runs whenever a load has updated the `articles` asset: `assess` judges the committed data by its own history, adds the
results to `checks`, opens or resolves `incidents`, and publishes them. `alert` tells people what is new, once a cause,
and `digest` once a day how things are, if `NEWSHOUSE_ALERTS` says whom; a channel that fails is tried again by the next
run. `trust` is red after a failed check of severity *critical*; the data stays published, because hiding a day helps
nobody.

Triggered by hand, it judges the warehouse as it is now.
"""

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import chain, dag, task
from airflow.sdk.exceptions import AirflowFailException

from alarm import secret_of
from corridor import ARTICLES, RETRIES, corridor

LOG = logging.getLogger(__name__)


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
            # Loads that come quickly, as in a backfill, set off one run for all of them: each has checks of its own.
            runs = dict.fromkeys(loads) or [pipeline.run_id_for(logical_date, run_id)]
            made = [pipeline.assess(settings, one) for one in runs]
        print(f"The report: {made[-1].report.absolute()}")  # noqa: T201 - goes into the task's log
        results = [result for assessment in made for result in assessment.results]
        failed = [result for result in results if result.status != "pass"]
        critical = [f"{one.check_name} of {one.source_id or 'all'}" for one in failed if one.severity == "critical"]
        counts = {"checks": len(results), "failed": len(failed), "incidents": sum(len(one.incidents) for one in made)}
        return counts | {"critical": list(dict.fromkeys(critical))[:20]}

    # No alarm for this one: `alert` has told the incidents behind it.
    @task(execution_timeout=timedelta(minutes=5), on_failure_callback=[])
    def trust(found):
        if found["critical"]:
            named = ", ".join(found["critical"])
            raise AirflowFailException(f"critical checks failed: {named}. See the table `checks`.")

    found = assess()
    chain(found, telling("alert", "tell_incidents"), telling("digest", "tell_digest"))
    trust(found)


def telling(name, job):
    """A task that tells people; what could not be sent is named in its log."""

    @task(task_id=name, execution_timeout=timedelta(minutes=30))
    def tell():
        with corridor() as (_, settings):
            from newshouse.alerts import job as jobs  # noqa: PLC0415 -- imported when the task runs, like the pipeline

            deliveries = getattr(jobs, job)(settings, secret_of)
        for delivery in deliveries:
            LOG.log(logging.WARNING if delivery.failure else logging.INFO, "%s", delivery)
        return {"sent": sum(not d.failure for d in deliveries), "failed": [str(d) for d in deliveries if d.failure]}

    return tell()


warehouse_quality()
