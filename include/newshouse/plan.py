"""Split a run into batches, once, and remember the split.

A batch holds whole groups of sources that share a registrable domain, so that one task owns a host and politeness
needs no lock between tasks. The split is a hash of the domain: it does not change when other sources come and go.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newshouse.errors import ConfigError, ContractError
from newshouse.sources.model import Source
from newshouse.storage.files import write_text

_LABEL_CHARS = 250  # rendered_map_index in Airflow's metadata
_MOST_NAMED = 5  # runs


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was planned for a run.

    Attributes:
        planned_at: UTC; the archive files of the run carry it in their names, so that a run whose folder was deleted
            and that is planned again writes new ones beside the old.
        batches: batch name -> ids of its sources, sorted.
    """

    run_id: str
    planned_at: datetime
    batches: Mapping[str, tuple[str, ...]]

    def sources_of(self, batch: str) -> tuple[str, ...]:
        """Ids of the sources of one batch.

        Raises:
            ConfigError: the run has no such batch.
        """
        if batch not in self.batches:
            raise ConfigError(f"run {self.run_id} has no batch {batch!r}; it has {', '.join(self.batches)}.")
        return self.batches[batch]

    def write(self, path: Path) -> Manifest:
        """Write as JSON, atomically. Returns self."""
        data = {"run_id": self.run_id, "planned_at": self.planned_at.isoformat(), "batches": dict(self.batches)}
        write_text(path, json.dumps(data, indent=1))
        return self

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read what `write` wrote.

        Raises:
            ConfigError: there is no such run.
            ContractError: the file is damaged.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            batches = {name: tuple(ids) for name, ids in data["batches"].items()}
            return cls(data["run_id"], datetime.fromisoformat(data["planned_at"]), batches)
        except FileNotFoundError as error:
            wanted, runs = path.parent.name, sorted(run.parent.name for run in path.parent.parent.glob("*/run.json"))
            there = f" There is {', '.join(runs[-_MOST_NAMED:])}." if runs else ""
            raise ConfigError(
                f"{path}: no such run.{there} To make it: newshouse run, or newshouse discover --run {wanted}"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ContractError(
                f"{path}: damaged manifest ({error}). Delete the run's folder and run again."
            ) from error


def make_manifest(run_id: str, sources: Iterable[Source], batches: int, now: datetime) -> Manifest:
    """Split the sources into at most `batches` batches.

    Raises:
        ConfigError: there is nothing to do.
    """
    split: dict[str, list[str]] = defaultdict(list)
    for source_id, domain in _owners(sources).items():
        number = int.from_bytes(hashlib.sha256(domain.encode()).digest()[:8], "big") % batches
        split[f"{number:02d}"].append(source_id)
    if not split:
        raise ConfigError("no enabled source. Add one with `newshouse sources add URL`, or set enabled: true in one.")
    return Manifest(run_id, now, {name: tuple(sorted(split[name])) for name in sorted(split)})


def label(batch: str, source_ids: Sequence[str]) -> str:
    """The batch and its sources for people, cut to what Airflow's database holds."""
    shown = list(source_ids)
    while len(text := f"{batch}: {', '.join(shown)}" + (" …" if len(shown) < len(source_ids) else "")) > _LABEL_CHARS:
        shown.pop()
    return text


def domains_of(source: Source) -> set[str]:
    """The registrable domains that a source is read from."""
    from newshouse.urls import registrable_domain  # noqa: PLC0415 -- its lists of suffixes bring an HTTP client along

    addresses = (source.homepage, *source.feeds, *source.sitemaps, *source.lists, *source.sections)
    return {registrable_domain(url) for url in addresses}


def _owners(sources: Iterable[Source]) -> dict[str, str]:
    """Source id -> the domain that stands for its group: sources joined by any common domain share it."""
    groups: list[tuple[set[str], set[str]]] = []
    for source in sources:
        ids, domains = {source.id}, domains_of(source)
        for group in [g for g in groups if g[1] & domains]:
            groups.remove(group)
            ids, domains = ids | group[0], domains | group[1]
        groups.append((ids, domains))
    return {source_id: min(domains) for ids, domains in groups for source_id in ids}
