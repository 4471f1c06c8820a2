"""The events of a run and of its stages. A run is the parent of its stages, as a DAG run is of its tasks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    documentation_job,
    error_message_run,
    job_type_job,
    parent_run,
)
from openlineage.client.uuid import generate_new_uuid, generate_static_uuid

from newshouse.errors import NewshouseError
from newshouse.layout import DataLayout
from newshouse.lineage.client import PRODUCER, emit
from newshouse.lineage.stages import Flow, Stage, flow
from newshouse.plan import Manifest
from newshouse.report import StageReport
from newshouse.settings import Settings

_LOG = logging.getLogger(__name__)
_KINDS = ("import", "release", "reparse")  # what begins the id of a run that is not a daily one
_DAILY = "news_daily"
_OF_NO_RUN = {"assess": "warehouse_quality", "publish": "newshouse"}  # stages that are no part of a run
_MOST_ERROR = 1000  # characters


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run of the corridor: the parent of its stages."""

    namespace: str
    settings: Settings
    run_id: str

    @property
    def job(self) -> str:
        """Named after the DAG, or after the verb that made it."""
        return next((kind for kind in _KINDS if self.run_id.startswith(f"{kind}-")), _DAILY)

    def uuid(self) -> str | None:
        """The same in every task of the run; None as long as it is not planned."""
        manifest = DataLayout(self.settings.data).run(self.run_id).manifest
        if not manifest.exists():
            return None
        return str(generate_static_uuid(Manifest.read(manifest).planned_at, self.run_id.encode()))

    def start(self) -> None:
        """It is planned."""
        self._tell(RunState.START)

    def complete(self) -> None:
        """Every batch reached the warehouse."""
        self._tell(RunState.COMPLETE)

    def fail(self, error: BaseException) -> None:
        """It stopped, or a batch stayed behind."""
        self._tell(RunState.FAIL, _said(error))

    def _tell(self, state: RunState, facets: dict[str, RunFacet] | None = None) -> None:
        try:
            uuid = self.uuid()
        except NewshouseError as error:
            _LOG.warning("OpenLineage: no event for run %s: %s", self.run_id, error)
            return
        if uuid is not None:
            job = Job(self.namespace, self.job, _kind("DAG", "From feeds to the warehouse."))
            emit(_event(self.settings, state, Run(uuid, facets or {}), job, Flow()))


@dataclass(frozen=True, slots=True)
class StageRun:
    """One execution of one stage."""

    settings: Settings
    stage: str
    run_id: str | None
    batch: str | None
    run: Run
    job: Job

    @classmethod
    def start(
        cls, namespace: str, settings: Settings, stage: Callable[..., Any], run_id: str | None, batch: str | None
    ) -> StageRun:
        """Tell that it starts."""
        name = stage.__name__
        words = (stage.__doc__ or name).partition("\n")[0]
        whole = None if run_id is None or name in _OF_NO_RUN else WholeRun(namespace, settings, run_id)
        job = Job(namespace, f"{whole.job if whole else _OF_NO_RUN[name]}.{name}", _kind("TASK", words))
        run = Run(str(generate_new_uuid()), _parent(whole) if whole else {})
        made = cls(settings, name, run_id, batch, run, job)
        emit(_event(settings, RunState.START, run, job, Flow()))
        return made

    def complete(self, report: StageReport | None) -> None:
        """Tell what it read and wrote."""
        self._tell(RunState.COMPLETE, self._flow(report))

    def fail(self, error: BaseException) -> None:
        """Tell why it failed."""
        self._tell(RunState.FAIL, Flow(), _said(error))

    def _tell(self, state: RunState, what: Flow, facets: dict[str, RunFacet] | None = None) -> None:
        run = Run(self.run.runId, {**(self.run.facets or {}), **(facets or {})})
        emit(_event(self.settings, state, run, self.job, what))

    def _flow(self, report: StageReport | None) -> Flow:
        try:
            return flow(self.stage, Stage(DataLayout(self.settings.data), self.run_id, self.batch, report))
        except (NewshouseError, OSError) as error:
            _LOG.warning("OpenLineage: %s tells no datasets: %s", self.job.name, error)
            return Flow()


def _event(settings: Settings, state: RunState, run: Run, job: Job, what: Flow) -> RunEvent:
    return RunEvent(
        eventTime=settings.now().isoformat(),
        producer=PRODUCER,
        run=run,
        job=job,
        eventType=state,
        inputs=list(what.inputs),
        outputs=list(what.outputs),
    )


def _parent(whole: WholeRun) -> dict[str, RunFacet]:
    try:
        uuid = whole.uuid()
    except NewshouseError:  # the stage says so itself
        return {}
    if uuid is None:
        return {}
    job = parent_run.Job(whole.namespace, whole.job)
    return {"parent": parent_run.ParentRunFacet(parent_run.Run(uuid), job)}


def _kind(kind: str, words: str) -> dict[str, JobFacet]:
    return {
        "jobType": job_type_job.JobTypeJobFacet("BATCH", "NEWSHOUSE", kind),
        "documentation": documentation_job.DocumentationJobFacet(words),
    }


def _said(error: BaseException) -> dict[str, RunFacet]:
    message = f"{type(error).__name__}: {error}"[:_MOST_ERROR]
    return {"errorMessage": error_message_run.ErrorMessageRunFacet(message, "PYTHON")}
