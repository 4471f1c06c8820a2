"""Whether a table on disk is one that `schemas/` describes: columns may be added, nothing else."""

from __future__ import annotations

import pyarrow as pa

from newshouse.errors import ConfigError
from newshouse.schemas import Table
from newshouse.storage.folders import Folder
from newshouse.warehouse.snapshots import Snapshot, nullable


def fits(now: Snapshot) -> Snapshot:
    """The snapshot, if its columns can be read as those of today. A column that it lacks is one of NULLs.

    Raises:
        ConfigError: a column has another type, or the key is not there.
    """
    if now.delta is not None:
        _same_types(now.folder, now.table, pa.schema(now.delta.schema().to_arrow()))
    return now


def missing_columns(folder: Folder, table: Table, on_disk: pa.Schema) -> list[pa.Field]:
    """The columns that a table has to get before rows of today can be written.

    Raises:
        ConfigError: see `fits`; or the table has a column that this version does not know.
    """
    wanted = nullable(table)
    for name in on_disk.names:
        if wanted.get_field_index(name) < 0:
            raise ConfigError(
                f"{folder.address}: column {name!r} is in the table but not in this version of Newshouse. The table "
                "was written by a newer version: upgrade, or set NEWSHOUSE_DATA to another folder."
            )
    _same_types(folder, table, on_disk)
    return [field for field in wanted if on_disk.get_field_index(field.name) < 0]


def _same_types(folder: Folder, table: Table, on_disk: pa.Schema) -> None:
    where = folder.address
    for name in table.key:
        if on_disk.get_field_index(name) < 0:
            raise ConfigError(
                f"{where}: column {name!r} is not in the table, and tells its rows apart. {_way_back(where)}"
            )
    for field in nullable(table):
        index = on_disk.get_field_index(field.name)
        if index >= 0 and (found := on_disk.field(index).type) != field.type:
            raise ConfigError(
                f"{where}: column {field.name!r} is {found} in the table, but {field.type} in schemas/. Files cannot "
                f"be re-typed in place: give the new column a new name. {_way_back(where)}"
            )


def _way_back(where: str) -> str:
    return (
        "If something else wrote the table, `newshouse restore --as-of` a day before that takes articles, revisions, "
        f"rejections and fetches back; else move {where} away and load the runs again."
    )
