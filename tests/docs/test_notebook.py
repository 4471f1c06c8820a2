"""The notebook's queries run, and it is kept with its plots. Plotting itself needs packages that are not ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newshouse.layout import DataLayout
from newshouse.warehouse.query import select

(NOTEBOOK,) = (Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb")
CELLS = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
QUERIES = re.findall(r'news\.sql\("""(.*?)"""\)', "\n".join("".join(cell["source"]) for cell in CELLS), re.DOTALL)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_of_the_notebook_finds_something(sample_data: Path, query: str) -> None:
    assert select(DataLayout(sample_data), query).num_rows


def test_it_was_run_from_top_to_bottom_without_an_error_and_shows_plots() -> None:
    assert [cell["execution_count"] for cell in CELLS] == list(range(1, len(CELLS) + 1))
    outputs = [output for cell in CELLS for output in cell["outputs"]]
    assert all(output["output_type"] in ("display_data", "execute_result") for output in outputs)
    assert sum("image/png" in output["data"] for output in outputs) >= 3
    assert NOTEBOOK.stat().st_size < 200_000
