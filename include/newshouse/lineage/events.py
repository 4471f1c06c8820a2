"""The events of a run and of its stages. A run is the parent of its stages, as a DAG run is of its tasks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

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

_P = ParamSpec("_P")
_LOG = logging.getLogger(__name__)
_KINDS = ("import", "release", "reparse")  # what begins the id of a run that is not a daily one
_DAILY = "news_daily"
_OF_NO_RUN = {"assess": "warehouse_quality", "publish": "newshouse"}  # stages that are no part of a run
_MOST_ERROR = 1000  # characters


def _harmless(tell: Callable[_P, None]) -> Callable[_P, None]:
    """What goes wrong in telling is a warning: a stage neither waits for it nor fails with it."""

    @wraps(tell)
    def telling(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            tell(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 -- transports are plugged in by people and may raise anything
            _LOG.warning("OpenLineage: an event was not sent: %s: %s", type(error).__name__, str(error)[:300])

    return telling


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

    @_harmless
    def start(self) -> None:
        """It is planned."""
        self._tell(RunState.START)

    @_harmless
    def complete(self) -> None:
        """Every batch reached the warehouse."""
        self._tell(RunState.COMPLETE)

    @_harmless
    def fail(self, error: BaseException) -> None:
        """It stopped, or a batch stayed behind."""
        self._tell(RunState.FAIL, _said(error))

    def _tell(self, state: RunState, facets: dict[str, RunFacet] | None = None) -> None:
        uuid = self.uuid()
        if uuid is not None:
            job = Job(self.namespace, self.job, _kind("DAG", "From feeds to the warehouse."))
            _send(self.settings, _event(self.settings, state, Run(uuid, facets or {}), job, Flow()))


@dataclass(frozen=True, slots=True)
class StageRun:
    """One execution of one stage."""

    namespace: str
    settings: Settings
    stage: Callable[..., Any]
    run_id: str | None
    batch: str | None
    uuid: str = field(default_factory=lambda: str(generate_new_uuid()))

    @_harmless
    def start(self) -> None:
        """It begins."""
        self._tell(RunState.START)

    @_harmless
    def complete(self, report: StageReport | None) -> None:
        """Tell what it read and wrote, or, where that cannot be seen, at least that it has ended."""
        stage = Stage(DataLayout(self.settings.data), self.run_id, self.batch, report)
        what = Flow()
        try:
            what = flow(self.stage.__name__, stage)
        finally:
            self._tell(RunState.COMPLETE, what)

    @_harmless
    def fail(self, error: BaseException) -> None:
        """Tell why it failed."""
        self._tell(RunState.FAIL, facets=_said(error))

    def _tell(self, state: RunState, what: Flow | None = None, facets: dict[str, RunFacet] | None = None) -> None:
        name, whole = self.stage.__name__, self._whole()
        words = (self.stage.__doc__ or name).partition("\n")[0]
        job = Job(self.namespace, f"{whole.job if whole else _OF_NO_RUN[name]}.{name}", _kind("TASK", words))
        run = Run(self.uuid, {**(_parent(whole) if whole else {}), **(facets or {})})
        _send(self.settings, _event(self.settings, state, run, job, what or Flow()))

    def _whole(self) -> WholeRun | None:
        if self.run_id is None or self.stage.__name__ in _OF_NO_RUN:
            return None
        return WholeRun(self.namespace, self.settings, self.run_id)


def _send(settings: Settings, event: RunEvent) -> None:
    emit(event, DataLayout(settings.data).lineage_rest)


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
    except NewshouseError:  # a plan that cannot be read: the stage itself says so
        uuid = None
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
