"""The upkeep of what is committed: forget, restore, clean up, verify, repair. Beside the corridor, not part of it.

Each ends with a publish, so that readers see what was done. The DAGs and the command line call these.
"""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial

from newshouse.archive.shelf import Shelf
from newshouse.errors import StorageError
from newshouse.forget.target import Forgotten, Target
from newshouse.layout import DataLayout
from newshouse.pipeline import publish
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.warehouse.maintenance import Problem
from newshouse.warehouse.restoring import Restored, finish


def forget(settings: Settings, target: Target) -> Forgotten:
    """Remove articles everywhere, for good; see `newshouse.forget`. Then jobs that were killed are finished."""
    from newshouse.forget import job  # noqa: PLC0415 -- only needed here

    layout, anew = DataLayout(settings.data), partial(publish, settings)
    finish(layout)  # it needs files that this deletes
    done = job.forget(layout, target, reason="request", now=settings.now(), publish=anew)
    job.resume(layout, now=settings.now(), publish=anew)
    return done


def restore(settings: Settings, moment: datetime) -> list[Restored]:
    """Commit the tables as they were at a moment (UTC), and publish them."""
    from newshouse.warehouse import timetravel  # noqa: PLC0415 -- only needed here

    done = timetravel.restore(DataLayout(settings.data), moment)
    publish(settings)
    return done


def maintain(settings: Settings) -> list[Problem]:
    """Forget what is past its retention, compact, delete dead files and idle gates, publish, verify.

    Where a broken file stops the clean-up, the answer names all that are broken, and what it was that stopped it.
    """
    try:
        _clean_up(settings)
    except StorageError as error:
        if broken := verify(settings):
            return [*broken, Problem("maintain", "stopped", str(error))]
        raise
    return verify(settings)


def _clean_up(settings: Settings) -> None:
    from newshouse.fetch import gate  # noqa: PLC0415 -- only needed here
    from newshouse.forget.job import resume  # noqa: PLC0415
    from newshouse.forget.retention import expire  # noqa: PLC0415
    from newshouse.warehouse import maintenance  # noqa: PLC0415

    layout = DataLayout(settings.data)
    finish(layout)
    resume(layout, now=settings.now(), publish=partial(publish, settings))
    expire(layout, load_sources(settings.sources).values(), now=settings.now(), publish=partial(publish, settings))
    maintenance.compact(layout, now=settings.now())
    publish(settings)
    maintenance.vacuum(layout)
    week_ago = time.time() - maintenance.RETENTION_HOURS * 3600  # wall time, like the times of the files
    gate.clear(layout.host_gates, week_ago)
    if isinstance(layout.archive, Shelf):
        layout.archive.clear(week_ago)


def verify(settings: Settings) -> list[Problem]:
    """What is wrong with the warehouse; nothing is changed."""
    from newshouse.warehouse import maintenance  # noqa: PLC0415 -- only needed here

    return maintenance.verify(DataLayout(settings.data))


def repair(settings: Settings) -> tuple[list[Problem], list[Problem]]:
    """Drop broken data files, load every run again, publish. Gives what was dropped, and what is still wrong."""
    from newshouse.warehouse.repair import repair as bring_back  # noqa: PLC0415 -- only needed here

    dropped = bring_back(DataLayout(settings.data), now=settings.now())
    publish(settings)
    return dropped, verify(settings)
