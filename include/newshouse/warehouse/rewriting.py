"""Files whose rows change, written anew: which rows go into one file, and for how long that will last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.errors import ContractError
from newshouse.warehouse.datafiles import A_WEEK, AGE, ROWS_A_FILE, ROWS_WORTH_A_FILE, Lasting
from newshouse.warehouse.snapshots import Snapshot, among
from newshouse.warehouse.wholefiles import whole

_OUTLIERS = 100  # one in so many changes may be of an older row than those of the last days


@dataclass(frozen=True, slots=True)
class Group:
    """Rows to be written: those chosen of a table, which are copied only once, in the order of their file."""

    rows: pa.Table
    chosen: pa.Array
    lasting: Lasting = Lasting.MONTHS

    def __len__(self) -> int:
        return int(pc.sum(self.chosen, min_count=0).as_py())

    def __add__(self, other: Group) -> Group:
        return Group(pa.concat_tables([self.rows, other.rows]), pa.concat_arrays([self.chosen, other.chosen]))

    @staticmethod
    def whole(rows: pa.Table, lasting: Lasting = Lasting.MONTHS) -> Group:
        """All of them."""
        return Group(rows, pa.repeat(pa.scalar(True), rows.num_rows), lasting)

    def alone(self) -> Group:
        """The same; copied, if they would keep more than as many others in memory."""
        return self if 2 * len(self) >= self.rows.num_rows else Group.whole(self.rows.filter(self.chosen))

    def parted(self, since: pa.Scalar) -> tuple[Group, Group]:
        """Those that came before, and the others."""
        is_old = pc.fill_null(pc.less(self.rows[AGE], since), True).combine_chunks()
        return (
            replace(self, chosen=pc.and_(self.chosen, is_old)),
            replace(self, chosen=pc.and_not(self.chosen, is_old)),
        )

    def lasts(self, since: pa.Scalar | None) -> Group:
        """The same; not for long, if at least half of them came since then."""
        is_young = since is not None and 2 * len(self.parted(since)[1]) >= len(self)
        return replace(self, lasting=Lasting.A_WEEK if is_young else Lasting.MONTHS)

    def after(self, young: Group) -> Group:
        """These rows, which leave the younger ones: `maintain` packs both, unless these come from a compacted file."""
        is_of_a_load = len(young) > 0 and self.rows.num_rows <= 2 * ROWS_A_FILE
        return replace(self, lasting=young.lasting if is_of_a_load else Lasting.MONTHS)

    def came(self) -> pa.Array:
        """When they came, in order."""
        return self.rows[AGE].filter(self.chosen).combine_chunks().sort()


def last_days(append: pa.Table, instead: pa.Table) -> pa.Scalar | None:
    """Since when the rows came that may well change again tomorrow: nearly all that change today are as young.

    None where there is no such time: what changes is older than a week, no row came today, or the table does not say
    when its rows came.
    """
    if AGE not in append.column_names or not append.num_rows or not instead.num_rows:
        return None
    came, a_week_ago = Group.whole(instead).came(), pc.max(append[AGE]).as_py() - A_WEEK
    if came[-1].as_py() < a_week_ago:
        return None
    return pa.scalar(max(came[len(came) // _OUTLIERS].as_py(), a_week_ago), came.type)


def rewritten(
    now: Snapshot,
    names: Collection[str],
    instead: pa.Table,
    since: pa.Scalar | None,
    removed: list[str],
    overwritten: list[pa.Table],
) -> Iterator[Group]:
    """The rows of these files, with the new rows in place of those that have their keys: small files of a month as one.

    What a feed lists again is of the last days. Once those days lie in one file, only that one and yesterday's are
    rewritten; what has become too old for it leaves it. The new rows stay out of it.

    Args:
        names: of `holding`.
        since: of `last_days`.
        removed: gets the names of these files.
        overwritten: gets the rows that had these keys, in the columns of the table that is in it, the key among them:
            all are kept until the last file.

    Raises:
        ContractError: some of these keys are in no file that was looked into.
    """
    for _, together in groupby(sorted(names, key=_largest_first(now)), _partition):
        yield from _joined(_changed(now, together, instead, removed, overwritten), since)
    lost = instead.num_rows - sum(rows.num_rows for rows in overwritten)
    if lost > 0:
        raise ContractError(
            f"{now.folder.address}: {lost} rows that shall be replaced are in no data file; the table is as it was. "
            f"Delete the folder {now.folder.keys}, which is made again, and repeat what you did."
        )


def _changed(
    now: Snapshot, names: Iterable[str], instead: pa.Table, removed: list[str], overwritten: list[pa.Table]
) -> Iterator[Group]:
    """The files that hold one of these keys, each with its new rows; not those that only might have held one."""
    for name in names:
        rows, before = _replaced(now, name, instead, overwritten[0].column_names)
        if before.num_rows:
            removed.append(name)
            overwritten.append(before)
            yield rows


def _joined(files: Iterable[Group], since: pa.Scalar | None) -> Iterator[Group]:
    """The files of a month as few; what has become too old for the last days apart, where it is worth a file."""
    group: Group | None = None
    for file in files:
        rows = file
        if since is not None:
            old, young = file.parted(since)
            if len(old) >= ROWS_WORTH_A_FILE:
                yield old.after(young.lasts(since))
                rows = young.alone()
        if not rows:
            continue
        if group and len(group) + len(rows) > 2 * ROWS_A_FILE:
            yield from _at_most_a_file(group, since)
            group = None
        group = group + rows if group else rows
    if group:
        yield from _at_most_a_file(group, since)


def holding(now: Snapshot, instead: pa.Table) -> Collection[str]:
    """The files that hold these keys, and perhaps some others."""
    if not instead.num_rows:
        return []
    key, partition = now.table.key[0], now.table.partition
    # Rows never move between partitions.
    here = among(partition, pc.unique(instead[partition])) if partition else None
    return now.holding(key, instead[key], here)


def _partition(name: str) -> str:
    return name.rpartition("/")[0]


def _largest_first(now: Snapshot) -> Callable[[str], tuple[str, int]]:
    """Of each partition: what leaves the file of the last days is packed while the others are read."""
    return lambda name: (_partition(name), -now.size(name))


def _at_most_a_file(group: Group, since: pa.Scalar | None) -> Iterator[Group]:
    """The oldest third apart, where one file would be too large: its days are over first."""
    if ROWS_A_FILE < len(group) <= 2 * ROWS_A_FILE and AGE in group.rows.column_names:
        old, group = group.parted(group.came()[len(group) // 3])
        yield old.after(group.lasts(since))
    yield group.lasts(since)


def _replaced(now: Snapshot, name: str, instead: pa.Table, columns: list[str]) -> tuple[Group, pa.Table]:
    """The rows of a file, with the new ones in place of those that have their keys; and some columns of these."""
    key = now.table.key[0]
    rows = whole(now, name)
    goes = pc.is_in(rows[key], value_set=instead[key].combine_chunks())
    before = rows.select(columns).filter(goes)
    comes = instead.filter(pc.is_in(instead[key], value_set=before[key].combine_chunks()))
    return Group(rows, pc.invert(goes).combine_chunks()) + Group.whole(comes), before
