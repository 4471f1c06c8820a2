"""The program of docs/tracing.md makes every article of the sample warehouse again, and its queries run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newshouse.layout import DataLayout
from newshouse.warehouse.query import select

PAGE = (Path(__file__).parents[2] / "docs" / "tracing.md").read_text(encoding="utf-8")


def test_every_article_comes_out_as_it_is_stored(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.setenv("NEWSHOUSE_DATA", str(sample_data))
    names: dict[str, int] = {}

    exec(program, names)  # noqa: S102 -- the page's own

    assert names["same"] == names["total"] >= 60


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL))
def test_a_query_of_the_page_runs(sample_data: Path, query: str) -> None:
    select(DataLayout(sample_data), query)
