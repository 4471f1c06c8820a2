"""### What publishers put out, once a day, into the warehouse

`plan` splits the enabled sources into batches; sources on one host share a batch, so that one task owns a host.
Each batch walks the **corridor** on its own: discover > fetch > parse > validate. Then `load` commits every batch
that came through and marks the `articles` asset as updated, `publish` swaps in the new `newshouse.duckdb`, and
`settle` fails the run if a batch stayed behind.

* A broken batch does not hold up the others. Repair the cause, clear its red task with *downstream*, and the rest
  of the day is loaded.
* A day can be run again, or backfilled, at any time: it is the same run to Newshouse, and nothing is doubled.
* A run without a logical date is a run of its own.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import TriggerRule, chain, dag, task, task_group

from corridor import ARTICLES, RETRIES, corridor, put_in_log

FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # before any day that somebody may backfill; catchup is off
LABEL = "{{ task.op_kwargs['batch']['label'] }}"  # names the batch and its sources in the grid


@dag(schedule="@daily", start_date=FIRST_DAY, catchup=False, max_active_runs=1, default_args=RETRIES, doc_md=__doc__)
def news_daily():
    """Wire the corridor."""

    @task(execution_timeout=timedelta(minutes=5))
    def plan(run_id, logical_date=None):
        with corridor() as (pipeline, settings):
            return pipeline.plan(settings, pipeline.run_id_for(logical_date, run_id))

    @task_group(group_id="corridor")
    def walk(batch):
        chain(*(stage(name, hours)(batch=batch) for name, hours in HOURS.items()))

    # One load at a time, also between a backfill and today. Batches that failed are settle's concern.
    @task(
        execution_timeout=timedelta(hours=1),
        trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
        max_active_tis_per_dag=1,
        outlets=[ARTICLES],
    )
    def load(run_id, outlet_events, logical_date=None):
        with corridor() as (pipeline, settings):
            run = pipeline.run_id_for(logical_date, run_id)
            outlet_events[ARTICLES].extra = {"run_id": run}
            return pipeline.load(settings, run).summary()

    @task(execution_timeout=timedelta(minutes=15), max_active_tis_per_dag=1)
    def publish():
        with corridor() as (pipeline, settings):
            return str(pipeline.publish(settings))

    # Beside publish, not after it: both are leaves, so either of them fails the run.
    @task(execution_timeout=timedelta(minutes=5), trigger_rule=TriggerRule.ALL_DONE)
    def settle(run_id, logical_date=None):
        with corridor() as (pipeline, settings):
            put_in_log(pipeline.settle(settings, pipeline.run_id_for(logical_date, run_id)))

    chain(walk.expand(batch=plan()), load(), [publish(), settle()])


HOURS = {"discover": 1, "fetch": 6, "parse": 2, "validate": 1}  # a slow publisher asks for long pauses


def stage(name, hours):
    """One stage as a task."""

    @task(task_id=name, execution_timeout=timedelta(hours=hours), map_index_template=LABEL)
    def run(batch):
        with corridor() as (pipeline, settings):
            return getattr(pipeline, name)(settings, batch["run_id"], batch["batch"]).summary()

    return run


news_daily()
