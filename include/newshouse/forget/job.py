"""Forget, from the first step to the last. Each step can be done again, so a job that was killed is done again whole.

1. The job is written down: what it is about cannot be looked up any more once the rows are gone.
2. Tombstones: from now on nothing of it comes back.
3. The tables, the published views and the index: nobody sees it any more.
4. Old data files, stage files and archive records: it is not on the disk any more.
5. The job itself, which holds the addresses, is deleted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from newshouse.archive.blank import blank
from newshouse.archive.index import NAME, index_day
from newshouse.archive.reader import read_response
from newshouse.archive.shelf import Shelf, keep
from newshouse.errors import ContractError, StorageError
from newshouse.forget.rows import delete_old_files, take_out
from newshouse.forget.runs import blank_stage_files
from newshouse.forget.target import Forgotten, Target
from newshouse.forget.tombstones import bury
from newshouse.layout import DataLayout
from newshouse.search.update import update
from newshouse.storage.files import alone, write_text

_LOCK = ".lock"  # held by whoever forgets: a job that is under way is not one that was killed


def forget(
    layout: DataLayout, target: Target, *, reason: str, now: datetime, publish: Callable[[], object]
) -> Forgotten:
    """Forget what the target names.

    Args:
        reason: ``request`` or ``retention``.
        now: UTC.
        publish: writes the database anew; readers must not be sent to files that go away.

    Raises:
        StorageError: the disk is full or read-only, or an archive file is missing; then all else is done. Put it back
            and run `newshouse maintain`, or forget something: it goes on.
    """
    with alone(layout.forget / _LOCK):
        job = layout.forget / f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}.json"
        write_text(job, _written(target, reason))
        return _carry_out(layout, job, now=now, publish=publish)


def resume(layout: DataLayout, *, now: datetime, publish: Callable[[], object]) -> int:
    """Finish the jobs that were killed. Returns how many there were.

    Raises:
        StorageError: as `forget`; the other jobs are done.
    """
    with alone(layout.forget / _LOCK):
        jobs, errors = sorted(layout.forget.glob("*.json")), []
        for job in jobs:
            try:
                _carry_out(layout, job, now=now, publish=publish)
            except StorageError as error:  # a job that waits for a file holds up no other
                errors.append(error)
    if errors:
        raise errors[0]
    return len(jobs)


def _carry_out(layout: DataLayout, job: Path, *, now: datetime, publish: Callable[[], object]) -> Forgotten:
    target, reason = _read(job)
    bury(layout, target.ids, reason, now)
    take_out(layout, target)
    publish()
    update(layout, rebuild=True)  # an index keeps deleted texts until its segments are merged
    delete_old_files(layout, target)
    stage_rows = blank_stage_files(layout, target)
    records = _blank_archive(layout, target, now)
    _check_none_is_missing(layout, target, job)
    job.unlink(missing_ok=True)
    return Forgotten(len(target.ids), records, stage_rows)


def _blank_archive(layout: DataLayout, target: Target, now: datetime) -> int:
    files: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, offset, length in target.places:
        files[name].add((offset, length))
    for name, offset, length in target.listings:
        if _names(layout, target, name, offset, length):
            files[name].add((offset, length))
    if isinstance(layout.archive, Shelf):  # as it is there: the copy here may still hold what others blanked
        layout.archive.take(sorted(files))
    there = {name: places for name, places in sorted(files.items()) if (layout.archive / name).exists()}
    records, errors = 0, []
    for name, places in there.items():
        try:
            records += blank(layout.archive / name, places, target.owns_url, at=now)
            keep(layout.archive, [name])
        except StorageError as error:  # a file that is not whole holds up no other
            errors.append(error)
    # Also where nothing was left to overwrite: a kill may have come between the records and the index.
    for day in sorted({(layout.archive / name).parent for name in files}):
        if (day / NAME).exists():
            index_day(day)
    if errors:
        raise errors[0]
    return records


def _check_none_is_missing(layout: DataLayout, target: Target, job: Path) -> None:
    missing = sorted(name for name in {name for name, _, _ in target.places} if not (layout.archive / name).exists())
    if missing:
        more = f" (and {len(missing) - 1} more that {job} names)" if missing[1:] else ""
        raise StorageError(
            f"{layout.archive / missing[0]}{more}: missing, and holds what is to be forgotten. The rest is done. "
            f"Put it back and run `newshouse maintain`; if it is lost for good, delete {job}."
        )


def _names(layout: DataLayout, target: Target, name: str, offset: int, length: int) -> bool:
    try:
        response = read_response(layout.archive, name, offset, length)
        return target.is_named_in(response.body, response.url)
    except StorageError:  # blank already, moved away or damaged
        return False


def _written(target: Target, reason: str) -> str:
    job = {
        "reason": reason,
        "ids": sorted(target.ids),
        "addresses": sorted(target.addresses),
        "places": sorted(target.places),
        "listings": sorted(target.listings),
        "runs": sorted(target.runs),
    }
    return json.dumps(job, ensure_ascii=False, indent=1)


def _read(path: Path) -> tuple[Target, str]:
    try:
        job = json.loads(path.read_text(encoding="utf-8"))
        places, listings = ({(name, at, size) for name, at, size in job[which]} for which in ("places", "listings"))
        ids, addresses, runs = (set(job[which]) for which in ("ids", "addresses", "runs"))
        return Target(ids, addresses, places, listings, runs=runs), job["reason"]
    except (ValueError, KeyError, TypeError) as error:
        raise ContractError(f"{path}: not a job of forgetting ({error}). Delete it and forget again.") from error
