"""Around a stage of the pipeline: tell OpenLineage that it starts, and how it ended.

Light on purpose: nothing of OpenLineage is imported where it is not configured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar

from newshouse.report import StageReport
from newshouse.settings import Settings, openlineage_namespace

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Step = Callable[Concatenate[Settings, _P], _T]


def traced(stage: _Step[_P, _T]) -> _Step[_P, _T]:
    """The stage, with an event at its start and one at its end, where OpenLineage is configured."""
    parameters = signature(stage)

    @wraps(stage)
    def walk(settings: Settings, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        namespace = openlineage_namespace()
        if namespace is None:
            return stage(settings, *args, **kwargs)
        from newshouse.lineage.events import StageRun  # noqa: PLC0415 -- see above

        given = parameters.bind(settings, *args, **kwargs).arguments
        run = StageRun(namespace, settings, stage, given.get("run_id"), given.get("batch"))
        run.start()
        try:
            result = stage(settings, *args, **kwargs)
        except BaseException as error:
            run.fail(error)
            raise
        run.complete(result if isinstance(result, StageReport) else None)
        return result

    return walk


def opens_run(stage: _Step[_P, _T]) -> _Step[_P, _T]:
    """The step that plans a run: once it is planned, the run has started."""
    return _around_run(stage, opens=True, closes=False)


def closes_run(stage: _Step[_P, _T]) -> _Step[_P, _T]:
    """The step that ends a run, well or badly."""
    return _around_run(stage, opens=False, closes=True)


def fails_run(stage: _Step[_P, _T]) -> _Step[_P, _T]:
    """A step that holds a whole run: if it fails, so did the run."""
    return _around_run(stage, opens=False, closes=False)


@contextmanager
def whole_run(settings: Settings, run_id: str, *, closes: bool = True) -> Iterator[None]:
    """Around all of a run that is planned already: it starts here, and ends as the block ends.

    Args:
        closes: whether to tell a good end; False where a step that `closes_run` follows.
    """
    namespace = openlineage_namespace()
    if namespace is None:
        yield
        return
    from newshouse.lineage.events import WholeRun  # noqa: PLC0415 -- see above

    run = WholeRun(namespace, settings, run_id)
    run.start()
    try:
        yield
    except BaseException as error:
        run.fail(error)
        raise
    if closes:
        run.complete()


def _around_run(stage: _Step[_P, _T], *, opens: bool, closes: bool) -> _Step[_P, _T]:
    parameters = signature(stage)

    @wraps(stage)
    def walk(settings: Settings, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        namespace = openlineage_namespace()
        if namespace is None:
            return stage(settings, *args, **kwargs)
        from newshouse.lineage.events import WholeRun  # noqa: PLC0415 -- see above

        run = WholeRun(namespace, settings, parameters.bind(settings, *args, **kwargs).arguments["run_id"])
        try:
            result = stage(settings, *args, **kwargs)
        except BaseException as error:
            run.fail(error)
            raise
        if opens:
            run.start()
        if closes:
            run.complete()
        return result

    return walk
