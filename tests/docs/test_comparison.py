"""The figures of docs/comparison.md are those of the benchmarks' committed results, rounded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
SECTIONS = re.split(r"^## ", (HERE / "docs" / "comparison.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w.]*\.\d)")
_BINS = re.compile(r"\| [\d.]+-[\d.]+ \|")  # of confidence: so many numbers that any would be among them
_LINK = re.compile(r"\]\(\.\./(benchmarks/results/[\w-]+\.md)\)")


def measured(section: str) -> list[float]:
    """Every number of the results that a section points to; shares also as per cent."""
    lines = "\n".join((HERE / name).read_text(encoding="utf-8") for name in _LINK.findall(section)).splitlines()
    text = "\n".join(line for line in lines if line.startswith(("|", "#")) and not _BINS.match(line))
    found = [float(number.replace(",", "")) for number in _NUMBER.findall(text)]
    return found + [100 * value for value in found if value <= 1]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.split(",")[0])
def test_each_figure_stands_in_the_results(section: str) -> None:
    known = measured(section)
    body = _LINK.sub("", section.partition("\n")[2])
    for number in _NUMBER.findall(body):
        if "," in number or number == "1":  # sizes, and what the others are measured by
            continue
        digits = len(number.partition(".")[2])
        assert any(abs(value - float(number)) <= 0.5001 * 10**-digits for value in known), number
