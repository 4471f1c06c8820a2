"""Queries that are kept for all readers of this house: one small file, with the name of whoever saved each.

A query is text until somebody runs it, and then it is as locked down as any other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from newshouse.errors import ConfigError, StorageError
from newshouse.storage.files import alone, write_text

MOST_QUERIES = 200
MOST_NAME = 80  # characters
MOST_QUERY = 20_000


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One query. `at` is when it was saved, UTC."""

    name: str
    query: str
    who: str
    at: str


def read(path: Path) -> list[SavedQuery]:
    """All of them, by name.

    Raises:
        StorageError: the file is damaged; the message names it.
    """
    try:
        found = [SavedQuery(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise StorageError(f"{path}: no list of saved queries ({error}). Move it away; a new one is made.") from error
    return sorted(found, key=lambda one: one.name.casefold())


def save(path: Path, name: str, query: str, *, who: str, now: datetime) -> list[SavedQuery]:
    """Keep a query under a name; one of the same name is replaced. Returns all of them.

    Raises:
        ConfigError: the name or the query is empty or too long, or there are too many.
        StorageError: the file cannot be read or written.
    """
    name, query = " ".join(name.split()), query.strip()
    if not (name and query and len(name) <= MOST_NAME and len(query) <= MOST_QUERY):
        raise ConfigError(f"Give a name of 1 to {MOST_NAME} characters and a query of 1 to {MOST_QUERY:,}.")
    try:
        f"{name}{query}".encode()
    except UnicodeEncodeError as error:
        raise ConfigError("The name or the query holds half a character (a lone surrogate). Write it again.") from error
    with alone(path.with_name(f".{path.name}.lock")):
        others = [one for one in read(path) if one.name != name]
        if len(others) >= MOST_QUERIES:
            raise ConfigError(f"{MOST_QUERIES} queries are saved already. Forget one first.")
        _write(path, [*others, SavedQuery(name, query, who, now.isoformat(timespec="seconds"))])
    return read(path)


def forget(path: Path, name: str) -> list[SavedQuery]:
    """Drop the query of a name. Returns those that are left.

    Raises:
        ConfigError: there is none of that name.
        StorageError: the file cannot be read or written.
    """
    with alone(path.with_name(f".{path.name}.lock")):
        known = read(path)
        if all(one.name != name for one in known):
            raise ConfigError(f"no query is saved as {name!r}.")
        _write(path, [one for one in known if one.name != name])
    return read(path)


def _write(path: Path, queries: list[SavedQuery]) -> None:
    write_text(path, json.dumps([asdict(one) for one in queries], ensure_ascii=False, indent=1))
