from __future__ import annotations

import json

import pytest

from newshouse.errors import ContractError
from newshouse.schemas import ARTICLES
from newshouse.validate.row_json import load_row

SINCE = ("credit", "template", "link_density", "repairs")  # columns that earlier versions did not have


def parsed() -> dict:
    """A row as an earlier version kept it: what must be there, and one column that is gone by now."""
    required = {field.name: field for field in ARTICLES.schema("parse") if not field.nullable}
    samples = {"string": "x", "bool": False, "double": 0.5, "float": 0.5}
    times = {name: "2026-11-20T08:00:00+00:00" for name, field in required.items() if "timestamp" in str(field.type)}
    plain = {
        name: samples.get(str(field.type), [] if "list" in str(field.type) or "map" in str(field.type) else 1)
        for name, field in required.items()
    }
    return plain | times | {"left_out_since": "?"}


def test_a_row_that_an_earlier_version_kept_out_can_be_released() -> None:
    (row,) = load_row(json.dumps(parsed())).to_pylist()
    assert [row[name] for name in SINCE] == [None] * len(SINCE)
    assert "left_out_since" not in row


def test_a_row_without_what_every_row_has_is_refused() -> None:
    row = parsed()
    del row["article_id"]
    with pytest.raises(ContractError, match="article_id"):
        load_row(json.dumps(row))
