"""Every command that a page prints is one that the command line takes. What they do is tested with each verb."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from newshouse import cli

HERE = Path(__file__).parents[2]
PAGES = (*HERE.glob("*.md"), *(HERE / "docs").rglob("*.md"))
_FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(newshouse [^`]+)`")
_MAKE = re.compile(r"(?:^|`)make (?:[A-Z]+=\S+ )*([a-z.][a-z.-]*)", re.MULTILINE)
_COMMAND = re.compile(r"(?:^|&& )(newshouse [^&\n]+)", re.MULTILINE)


def commands(page: Path) -> list[str]:
    """Those in blocks, and those in running text, which may be broken over lines."""
    text = page.read_text(encoding="utf-8")
    fenced = [line for block in _FENCED.findall(text) for line in _COMMAND.findall(block)]
    inline = [" ".join(part.split()) for part in _INLINE.findall(_FENCED.sub("", text))]
    return [*fenced, *(part for part in inline if "…" not in part.replace('"…"', ""))]


def arguments(command: str) -> list[str]:
    """Its words without the program's name; of alternatives the first."""
    words = shlex.split(command.partition(" | ")[0].replace(" DAY", " 2026-11-20"), comments=True)
    return [word.split("|")[0] if re.fullmatch(r"[\w|]+", word) else word for word in words[1:]]


def taken(given: list[str]) -> bool:
    try:
        cli._parser().parse_args(given)  # what the program itself asks
    except SystemExit:
        return False
    return True


PRINTED = sorted({(page.name, command) for page in PAGES for command in commands(page)})


@pytest.mark.parametrize(("page", "command"), PRINTED, ids=lambda part: part[:60])
def test_the_command_line_takes_a_printed_command(page: str, command: str) -> None:
    given = arguments(command)

    # Running text may name a verb and leave out what it is about.
    assert any(taken([*given, *more]) for more in ([], ["x"])), f"{page}: {command}"


def test_make_has_the_targets_that_the_pages_print() -> None:
    targets = re.findall(r"^([a-z.-]+):", (HERE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    printed = {name for page in PAGES for name in _MAKE.findall(page.read_text(encoding="utf-8"))}

    assert len(PRINTED) > 50 and len(printed) > 5
    assert printed - set(targets) == set()
