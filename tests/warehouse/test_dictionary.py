"""The data dictionary says what the schemas say."""

from __future__ import annotations

from pathlib import Path

from newshouse.schemas import TABLES
from newshouse.warehouse.dictionary import dictionary

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_the_committed_dictionary_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == dictionary(), (
        "run: python -m newshouse.warehouse.dictionary docs/data-dictionary.md"
    )


def test_every_column_is_in_it_with_its_words() -> None:
    text = dictionary()
    for table in TABLES.values():
        for column in table.columns:
            assert f"| `{column.name}` |" in text
            assert column.doc in text
