"""`search`, `diff`, `sql --as-of` and `restore` on the command line: for the eye, and for scripts."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newshouse import cli
from newshouse.layout import DataLayout
from newshouse.warehouse.query import select


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_search_prints_title_facts_and_passage(capsys, sample_data: Path) -> None:
    code, out, _ = call(capsys, "search", "tuna", "--source", "harbour-ledger", "--data", str(sample_data))

    assert code == 0
    assert "· harbour-ledger · en ·" in out and "UTC" in out
    assert "https://" in out or "http://" in out
    assert out.splitlines()[-1].endswith("articles") or out.splitlines()[-1].endswith("article")


def test_search_speaks_json_a_line_a_hit(capsys, sample_data: Path) -> None:
    code, out, _ = call(capsys, "search", "tuna", "--json", "--limit", "2", "--data", str(sample_data))

    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and len(rows) == 2
    assert all("tuna" in " ".join(row["matches"]).lower() for row in rows)
    assert {"article_id", "title", "passage", "published_at", "vanished_at"} <= rows[0].keys()


def test_search_says_what_is_wrong_with_a_query_and_finds_nothing_like_grep(capsys, sample_data: Path) -> None:
    data = ("--data", str(sample_data))
    assert call(capsys, "search", '"tuna', *data)[0] == 2
    assert "what to look for" in call(capsys, "search", *data)[2]
    assert call(capsys, "search", "nosuchword", *data) == (1, "0 articles\n", "")


def test_search_rebuilds_its_index_on_demand(capsys, sample_data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(sample_data, copy)
    shutil.rmtree(copy / "search")
    assert "newshouse search --rebuild" in call(capsys, "search", "tuna", "--data", str(copy))[2]
    code, out, err = call(capsys, "search", "tuna", "--rebuild", "--data", str(copy))
    assert code == 0 and "articles indexed" in err and "tuna" in out.lower()


def test_diff_tells_each_version_in_signs_where_there_are_no_colours(capsys, sample_data: Path) -> None:
    changed = select(DataLayout(sample_data), "SELECT article_id FROM revisions WHERE change_kind = 'title' LIMIT 1")
    (article_id,) = changed["article_id"].to_pylist()

    code, out, _ = call(capsys, "diff", article_id[:12], "--data", str(sample_data))
    assert code == 0
    assert "revision 1 → 2" in out and "changed: title" in out and "{+" in out

    code, out, _ = call(capsys, "diff", article_id, "--from", "1", "--json", "--data", str(sample_data))
    row = json.loads(out)
    assert code == 0
    assert (row["before"], row["after"]) == (1, 2) and row["fields"]["title"][0] != row["fields"]["title"][1]
    assert call(capsys, "diff", article_id, "--to", "9", "--data", str(sample_data))[0] == 2


def test_the_past_can_be_asked_and_taken_up_again(capsys, sample_data: Path, tmp_path: Path) -> None:
    data, today = ("--data", str(sample_data)), datetime.now(UTC).date().isoformat()
    code, out, _ = call(capsys, "sql", "SELECT count(*) > 0 AS ok FROM articles", "--json", "--as-of", today, *data)
    assert (code, json.loads(out)) == (0, {"ok": True})
    code, _, err = call(capsys, "sql", "SELECT 1", "--as-of", "2020-01-01", *data)
    assert code == 2 and "nothing was loaded by 2020-01-01" in err

    copy = tmp_path / "data"
    shutil.copytree(sample_data, copy)
    code, _, err = call(capsys, "restore", "--as-of", today, "--data", str(copy))
    assert code == 2 and "--yes" in err
    code, out, _ = call(capsys, "restore", "--as-of", today, "--yes", "--data", str(copy))
    assert code == 0 and "articles: " in out
