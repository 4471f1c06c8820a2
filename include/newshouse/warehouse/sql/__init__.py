"""The SQL of the warehouse, one file a query or a set of views."""

from __future__ import annotations

from importlib.resources import files


def sql(name: str) -> str:
    """The text of `<name>.sql`."""
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
