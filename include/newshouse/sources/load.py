"""Load a folder of source files: one YAML file a publisher, named by its id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from newshouse.errors import ConfigError
from newshouse.sources.imported import IMPORTED
from newshouse.sources.model import Source
from newshouse.sources.strict import Problem, Reading, read_record


def load_sources(folder: Path) -> dict[str, Source]:
    """All sources of a folder by id, in the order of their ids; disabled ones too.

    Raises:
        ConfigError: the folder is missing or empty, or a file is wrong. One line a problem, all at once:
            ``file:line: key: what is wrong and what is expected``.
    """
    sources, problems = _read_folder(folder)
    if problems:
        raise ConfigError("\n".join(problems))
    return sources


def check_sources(folder: Path) -> list[str]:
    """The problems of a folder, as `load_sources` would raise them; empty when all is well."""
    return _read_folder(folder)[1]


def _read_folder(folder: Path) -> tuple[dict[str, Source], list[str]]:
    if not folder.is_dir():
        return {}, [f"{folder}: no such folder of sources. Set NEWSHOUSE_SOURCES to a folder of *.yaml files."]
    try:
        paths = sorted((p for p in folder.iterdir() if not p.name.startswith(".")), key=lambda path: path.stem)
    except OSError as error:
        return {}, [f"{folder}: cannot be read: {error.strerror}."]
    problems = [
        f"{path}: not read, because source files end in .yaml. Rename it to {path.stem}.yaml."
        for path in paths
        if path.suffix.lower() in {".yml", ".yaml"} and path.suffix != ".yaml"
    ]
    readings = {path: read_source(path) for path in paths if path.suffix == ".yaml"}
    if not readings and not problems:
        problems = [f"{folder}: no source files here. Add one with `newshouse sources add URL`, or copy an example."]
    for path, reading in readings.items():
        problems += [f"{path}:{problem}" for problem in reading.problems]
    problems += _shared_addresses(readings)
    return {r.record.id: r.record for r in readings.values() if r.record}, problems


def read_source(path: Path) -> Reading[Source]:
    """Read one source file; its problems are in the reading."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Reading(problems=[Problem(line, "", "not UTF-8. Save the file as UTF-8.")])
    except OSError as error:
        return Reading(problems=[Problem(1, "", f"cannot be read: {error.strerror}.")])
    reading = read_record(text, Source)
    if reading.record:
        reading.record = dataclasses.replace(reading.record, path=str(path))
    reading.problems = sorted([*reading.problems, *_misfits(reading, path.stem)])
    return reading


def _misfits(reading: Reading[Source], stem: str) -> Iterator[Problem]:
    """What no single key can tell."""
    found = reading.found.get("id")
    if found and found.value != stem:
        yield Problem(found.line, "id", f"expected {stem!r}, the name of the file, got {found.value!r}.")
    if found and found.value == IMPORTED.id:
        yield Problem(found.line, "id", f"{IMPORTED.id!r} is kept for texts that a person brought in. Choose another.")


def _shared_addresses(readings: Mapping[Path, Reading[Source]]) -> Iterator[str]:
    """Feeds and sitemaps that two files list: each article would be counted for both."""
    seen: dict[str, Path] = {}
    for path, reading in readings.items():
        for key, found in reading.found.items():
            if not key.startswith(("feeds[", "sitemaps[")):
                continue
            first = seen.setdefault(found.value, path)
            if first != path:
                yield f"{path}:{found.line}: {key}: {found.value!r} is listed in {first} too."
