"""Results of SQL in each format, over a small database of our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from newshouse.console.tables import write_result
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout

HARD = """SELECT INTERVAL 1 DAY AS every, MAP {'title': 'jsonld'} AS origin, 'nan'::DOUBLE AS share,
    'a\\xFFb'::BLOB AS raw, {'at': TIMESTAMP '2026-03-04 05:06:07', 'n': [1, 2]} AS nested,
    3::HUGEINT AS n, 1.5::DECIMAL(4, 1) AS half"""


@pytest.fixture
def layout(tmp_path: Path) -> DataLayout:
    layout = DataLayout(tmp_path)
    duckdb.connect(layout.database).close()
    return layout


@pytest.fixture
def written(layout: DataLayout) -> Callable[..., str]:
    """What a query writes to a file of this name."""

    def write(query: str, name: str, form: str | None = None) -> str:
        write_result(layout, query, form, layout.root / name, Console(file=StringIO()))
        return (layout.root / name).read_text()

    return write


def test_csv_holds_every_type_as_text(written: Callable[..., str]) -> None:
    header, line = written(HARD, "out.csv").splitlines()

    assert header == '"every","origin","share","raw","nested","n","half"'
    assert line.startswith('"P0M1DT0.0S","{""title"": ""jsonld""}",nan,"61ff62",')
    assert '"{""at"": ""2026-03-04T05:06:07"", ""n"": [1, 2]}",3,1.5' in line


def test_json_is_strict_json_with_maps_as_objects(written: Callable[..., str]) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    row = json.loads(written(HARD, "out.json"), parse_constant=refuse)

    assert row == {
        "every": "P0M1DT0.0S",
        "origin": {"title": "jsonld"},
        "share": None,
        "raw": "61ff62",
        "nested": {"at": "2026-03-04T05:06:07", "n": [1, 2]},
        "n": 3,
        "half": 1.5,
    }


def test_nan_deep_inside_is_null_too(written: Callable[..., str]) -> None:
    assert json.loads(written("SELECT [1.0, 'inf'::DOUBLE] AS a", "out.json")) == {"a": [1.0, None]}


@pytest.mark.parametrize("name", ["out.csv", "out.JSON", "out.parquet"])
def test_the_name_of_the_file_says_the_format(layout: DataLayout, name: str) -> None:
    path = layout.root / name
    write_result(layout, "SELECT 7 AS n", None, path, Console(file=StringIO()))

    wanted = {".csv": b'"n"\n7\n', ".json": b'{"n": 7}\n'}.get(path.suffix.lower())
    assert path.read_bytes() == wanted if wanted else pq.read_table(path).to_pylist() == [{"n": 7}]


@pytest.mark.parametrize(("name", "form"), [("out.xlsx", None), ("out", None), ("out.csv", "table")])
def test_a_file_without_a_format_names_the_choices(layout: DataLayout, name: str, form: str | None) -> None:
    with pytest.raises(ConfigError, match=r"\.csv, \.json, \.parquet"):
        write_result(layout, "SELECT 1", form, layout.root / name, Console(file=StringIO()))
    assert not (layout.root / name).exists()


def test_an_existing_folder_as_output_is_explained(layout: DataLayout) -> None:
    (layout.root / "out.csv").mkdir()

    with pytest.raises(StorageError, match=r"out\.csv: a folder is where a file should be"):
        write_result(layout, "SELECT 1", None, layout.root / "out.csv", Console(file=StringIO()))


@pytest.mark.parametrize(
    ("query", "name"), [("SELECT INTERVAL 1 DAY AS a", "a.parquet"), ("SELECT 'infinity'::TIMESTAMP AS a", "a.json")]
)
def test_what_a_format_cannot_hold_is_an_error_with_a_way_out(layout: DataLayout, query: str, name: str) -> None:
    with pytest.raises(ConfigError, match=r"does not fit .*VARCHAR"):
        write_result(layout, query, None, layout.root / name, Console(file=StringIO()))
    assert not (layout.root / name).exists()


def test_two_columns_of_one_name_both_show_and_json_refuses_them(layout: DataLayout) -> None:
    out = StringIO()

    write_result(layout, "SELECT 41 AS n, 42 AS n", None, None, Console(file=out, width=80))

    assert "41" in out.getvalue() and "42" in out.getvalue()
    with pytest.raises(ConfigError, match="two columns are called n"):
        write_result(layout, "SELECT 41 AS n, 42 AS n", "json", layout.root / "a.json", Console(file=out))


def test_brackets_in_a_value_are_printed_as_they_are(layout: DataLayout) -> None:
    out = StringIO()

    write_result(layout, r"SELECT '[bold]x\[/]' AS title", None, None, Console(file=out, width=80))

    assert r"[bold]x\[/]" in out.getvalue()


def test_more_columns_than_fit_are_printed_as_one_line_a_value(layout: DataLayout) -> None:
    out, query = StringIO(), "SELECT " + ", ".join(f"'value {n}' AS column_{n}" for n in range(30))

    write_result(layout, query, None, None, Console(file=out, width=80))

    lines = out.getvalue().splitlines()
    assert all(any(f"column_{n} " in line and f"value {n} " in line for line in lines) for n in range(30))
    assert lines[-1] == "1 row"


def test_null_is_no_empty_text_and_what_is_nested_is_json(layout: DataLayout) -> None:
    out, query = StringIO(), "SELECT NULL AS none, '' AS empty, [{'name': 'Ada', 'role': NULL}] AS authors"

    write_result(layout, query, None, None, Console(file=out, width=80))

    line = next(line for line in out.getvalue().splitlines() if "Ada" in line)
    assert [cell.strip() for cell in line.split("│")[1:-1]] == ["NULL", "", '[{"name": "Ada", "role": null}]']
