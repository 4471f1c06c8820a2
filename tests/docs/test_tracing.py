"""The program of docs/tracing.md makes every article of the sample warehouse again, and its queries run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from newshouse.importing import import_files
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.warehouse.query import select

PAGE = (Path(__file__).parents[2] / "docs" / "tracing.md").read_text(encoding="utf-8")


def test_every_page_comes_out_as_it_is_stored_and_imported_texts_are_in_nobodys_way(
    sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    data, text = tmp_path / "data", tmp_path / "ferry.txt"
    shutil.copytree(sample_data, data)
    text.write_text("The ferry sails again\n\n" + "It had been two weeks in the dock, and nobody was sorry. " * 20)
    import_files(Settings(data=data), [text])
    monkeypatch.setenv("NEWSHOUSE_DATA", str(data))
    names: dict[str, int] = {}

    exec(program, names)  # noqa: S102 -- the page's own

    assert names["same"] == names["total"] >= 60


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL))
def test_a_query_of_the_page_runs(sample_data: Path, query: str) -> None:
    select(DataLayout(sample_data), query)
