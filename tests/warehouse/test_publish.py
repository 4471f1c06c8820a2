"""The published database: a plain client sees every table, typed and commented, and never a half-made file."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from newshouse.errors import StorageError
from newshouse.schemas import ARTICLES, SOURCES, TABLES, Column
from newshouse.warehouse import publish
from newshouse.warehouse.dictionary import type_name
from newshouse.warehouse.tables import append_missing, compact_files, snapshot


def _open(desk: Any) -> duckdb.DuckDBPyConnection:
    config: Any = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    connection = duckdb.connect(desk.layout.database, read_only=True, config=config)
    connection.execute("SET TimeZone = 'Asia/Seoul'")  # no view may depend on where the reader sits
    return connection


def _ask(desk: Any, query: str) -> list[tuple[Any, ...]]:
    with _open(desk) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def published(desk: Any) -> Any:
    desk.batch(
        "r1",
        [desk.article("a"), desk.article("b", body="Body of a."), desk.article("c", published_at=None, authors=[])],
        visits=[desk.visit("r1", "a", "fetched"), desk.visit("r1", "x", "timeout")],
        rejections=[desk.rejection("r1", "z")],
    )
    desk.load("r1")
    desk.batch("r2", [desk.article("a", day=1, title="New words")], visits=[desk.visit("r2", "c", "gone", day=1)])
    desk.load("r2")
    desk.publish()
    return desk


def test_views_have_the_columns_and_types_of_the_schemas(published: Any) -> None:
    for table in (*TABLES.values(), SOURCES):
        described = _ask(published, f"DESCRIBE {table.name}")
        types = [row[1].replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ").replace('"', "") for row in described]
        assert [row[0] for row in described] == table.schema().names
        assert types == [type_name(column.type) for column in table.columns]


def test_an_empty_warehouse_has_the_same_views_without_rows(desk: Any, published: Any, desk_at: Any) -> None:
    empty = desk_at(desk.layout.root.parent / "empty")
    empty.publish()
    for table in TABLES:
        assert _ask(empty, f"DESCRIBE {table}") == _ask(published, f"DESCRIBE {table}")
        assert _ask(empty, f"FROM {table}") == []
    for view in ("daily_counts", "source_scorecard", "articles_on('2026-11-23')", "story('x')", "revisions_of('x')"):
        assert _ask(empty, f"FROM {view}") == []


def test_nested_values_and_the_partition_come_back_right(published: Any) -> None:
    values = "month, field_origin, authors[1].name, rights.tdm_reservation, tags"
    assert _ask(published, f"FROM articles SELECT {values} WHERE title = 'New words'") == [
        ("2026-11", {"title": "jsonld", "body": "html"}, "Ada Vale", 1, ["harbour", "trade"])
    ]


def test_the_files_of_each_table_are_a_view_of_their_own(published: Any) -> None:
    views = _ask(published, "SELECT view_name FROM duckdb_views() WHERE schema_name = 'files' AND NOT internal")
    assert {name for (name,) in views} == {f"{name}_files" for name in TABLES}


def test_every_column_and_view_carries_its_comment(published: Any) -> None:
    comments = dict(_ask(published, "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'articles'"))
    assert comments == {column.name: column.doc for column in ARTICLES.columns}
    missing = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL"
    assert _ask(published, missing) == []
    macros = "FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"
    assert _ask(published, f"SELECT count(*), count(comment) {macros}") == [(5, 5)]


def test_articles_on_a_day_means_the_utc_day_wherever_the_reader_sits(published: Any) -> None:
    assert len(_ask(published, "FROM articles_on('2026-11-23')")) == 2
    assert _ask(published, "FROM articles_on(DATE '2026-11-22')") == []
    assert _ask(published, "SELECT day::VARCHAR, articles, copies FROM daily_counts") == [("2026-11-23", 2, 1)]


def test_a_story_is_found_by_any_of_its_articles(published: Any) -> None:
    both = sorted([published.id("a"), published.id("b")])
    for name in ("a", "b"):
        found = _ask(published, f"FROM story('{published.id(name)}') SELECT article_id")
        assert sorted(row[0] for row in found) == both


def test_revisions_of_an_article_come_in_order(published: Any) -> None:
    query = f"FROM revisions_of('{published.id('a')}') SELECT revision, change_kind, title"
    assert _ask(published, query) == [(1, "new", "Title of a"), (2, "title", "New words")]


def test_the_scorecard_has_a_row_a_source(published: Any) -> None:
    query = "SELECT source_id, articles, authors_null_rate FROM source_scorecard"
    ((source_id, articles, authors_null_rate),) = _ask(published, query)
    assert (source_id, articles) == ("herald", 3)
    assert authors_null_rate == pytest.approx(1 / 3)


def test_the_sources_are_a_table_of_facts(published: Any) -> None:
    assert _ask(published, "FROM sources") == [
        ("herald", "The Herald", "GB", "en", "Europe/London", "https://herald.example/", ["port"], None, False)
    ]


def test_every_source_of_an_article_has_its_row_also_when_its_file_is_gone(desk: Any) -> None:
    desk.batch("r1", [desk.article("a", source_id="globe"), desk.article("b", source_id="imported")])
    desk.load("r1")
    desk.publish()
    assert _ask(desk, "FROM sources SELECT id, name, verified") == [
        ("globe", None, None),
        ("herald", "The Herald", False),
        ("imported", "Imported texts", True),
    ]


def test_a_source_without_articles_goes_with_its_file(desk: Any) -> None:
    desk.batch("r1", [desk.article("a"), desk.article("b", source_id="globe")])
    desk.load("r1")
    ghost, globe = (replace(desk.herald, id=key, name=key.title()) for key in ("ghost", "globe"))
    publish.publish(desk.layout, {"herald": desk.herald, "ghost": ghost, "globe": globe})
    assert len(_ask(desk, "FROM sources")) == 3
    for number in range(2):  # over the same articles, then over others
        desk.publish()
        assert _ask(desk, "FROM sources SELECT id, name") == [("globe", None), ("herald", "The Herald")]
        desk.batch(f"later{number}", [desk.article(f"c{number}", day=1)])
        desk.load(f"later{number}")


def test_a_publish_that_began_before_a_load_never_replaces_one_that_began_after_it(
    published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, waits = threading.Event(), threading.Event()
    write, lock = publish._replace, fcntl.flock
    order: list[str] = []

    def write_when_the_other_waits(path: Path, *rest: Any) -> None:
        name = threading.current_thread().name
        if name == "first":  # it has its snapshots
            looked.set()
            assert waits.wait(20)
        write(path, *rest)
        order.append(name)

    def lock_and_tell(file: Any, how: int) -> None:
        if threading.current_thread().name == "second":
            with pytest.raises(BlockingIOError):  # the first one holds it
                lock(file, how | fcntl.LOCK_NB)
            waits.set()
        lock(file, how)

    monkeypatch.setattr(publish, "_replace", write_when_the_other_waits)
    monkeypatch.setattr(fcntl, "flock", lock_and_tell)
    first, second = (threading.Thread(target=published.publish, name=name) for name in ("first", "second"))
    first.start()
    assert looked.wait(20)
    published.batch("r3", [published.article("d", day=2)])
    published.load("r3")
    second.start()
    first.join()
    second.join()
    assert order == ["first", "second"]
    assert ("Title of d",) in _ask(published, "SELECT title FROM articles")


@pytest.mark.parametrize("names", [list(TABLES), list(TABLES)[::-1]])
def test_a_version_that_a_load_overwrites_during_a_publish_is_shown(
    published: Any, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    published.batch("r3", [published.article("d", day=2)])
    published.load("r3")
    published.batch("r4", [published.article("d", day=3, title="Newer words")])
    others = iter(["r4"])

    def load_after(*arguments: Any) -> Any:
        found = snapshot(*arguments)
        if arguments[1].name in ("articles", "revisions"):  # between the two
            for other in others:
                published.load(other)
        return found

    monkeypatch.setattr(publish, "TABLES", {name: TABLES[name] for name in names})
    monkeypatch.setattr(publish, "snapshot", load_after)
    published.publish()
    shown = _ask(published, "SELECT title FROM revisions WHERE revision = 1")
    assert ("Title of d",) in shown


def test_a_second_publish_shows_what_a_first_one_over_the_same_tables_would(published: Any) -> None:
    published.publish()
    published.batch("r3", [published.article("d", day=2, source_id="gazette")])
    published.load("r3")
    published.publish()
    told = [_ask(published, query) for query in ("FROM articles", "FROM sources", "FROM files.versions")]
    published.layout.database.unlink()
    published.publish()
    assert told == [_ask(published, query) for query in ("FROM articles", "FROM sources", "FROM files.versions")]


def test_a_table_that_was_made_anew_is_shown_though_its_version_is_the_same(published: Any) -> None:
    published.publish()
    before = snapshot(published.layout, ARTICLES)
    rows = before.read(ARTICLES.schema().names).slice(0, 1)
    shutil.rmtree(before.root)
    while snapshot(published.layout, ARTICLES).version < before.version:
        row = rows.set_column(0, ARTICLES.schema().field(0), [[f"new-{snapshot(published.layout, ARTICLES).version}"]])
        append_missing(published.layout, ARTICLES, row)
    published.publish()
    assert {key[:4] for (key,) in _ask(published, "SELECT article_id FROM articles")} == {"new-"}


def test_drafts_of_a_killed_publish_are_swept_after_a_day(published: Any) -> None:
    root = published.layout.root
    names = [".newshouse.duckdb.123.tmp", ".newshouse.duckdb.123.tmp.wal", ".newshouse.duckdb.456.tmp"]
    for name in names:
        (root / name).write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    for name in names[:2]:
        os.utime(root / name, (two_days_ago, two_days_ago))
    published.publish()
    assert [name for name in names if (root / name).exists()] == names[2:]


def test_the_file_is_read_only_and_of_the_older_storage_version(published: Any) -> None:
    assert stat.S_IMODE(published.layout.database.stat().st_mode) == 0o444
    left = {".newshouse.duckdb.lock", "keys", "locks", "newshouse.duckdb", "runs", "warehouse"}
    assert {path.name for path in published.layout.root.iterdir()} == left
    (version,) = _ask(published, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal")
    assert version[0].startswith("v1.2.0")


def test_a_reader_that_is_open_goes_on_with_what_it_saw(published: Any) -> None:
    with _open(published) as reader:
        before = reader.execute("SELECT title, revision FROM articles ORDER BY ALL").fetchall()
        published.batch("r3", [published.article("d", day=2), published.article("a", day=2, title="Newest")])
        published.load("r3")
        published.publish()
        assert reader.execute("SELECT title, revision FROM articles ORDER BY ALL").fetchall() == before
    assert ("Newest", 3) in _ask(published, "SELECT title, revision FROM articles")


def test_the_newest_month_is_read_first(desk: Any) -> None:
    for run, day in (("r1", 0), ("r2", 60), ("r3", 30)):
        desk.batch(run, [desk.article(run, day=day)])
        desk.load(run)
    desk.publish()

    assert [month for (month,) in _ask(desk, "SELECT month FROM articles")] == ["2027-01", "2026-12", "2026-11"]


def test_only_active_files_are_read(published: Any) -> None:
    assert _ask(published, "SELECT count(*), count(DISTINCT article_id) FROM articles") == [(3, 3)]


def test_it_opens_from_any_folder(published: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert _ask(published, "SELECT count(*) FROM articles") == [(3,)]


def test_a_data_folder_with_a_relative_path_and_odd_characters_works(
    desk_at: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = desk_at(Path("it's [da*ta] 100% é"))
    desk.batch("r1", [desk.article("a")])
    desk.load("r1")
    desk.publish()
    monkeypatch.chdir("/")
    desk = desk_at(tmp_path / desk.layout.root)
    assert _ask(desk, "SELECT title FROM articles") == [("Title of a",)]


def test_a_new_column_is_typed_before_any_file_has_it_and_null_in_old_files_after(
    published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mood = Column("mood", pa.list_(pa.string()), "How it reads.", filled_by="load")
    wider = replace(ARTICLES, columns=(*ARTICLES.columns[:-1], mood, ARTICLES.columns[-1]))
    monkeypatch.setattr(publish, "TABLES", TABLES | {"articles": wider})
    published.publish()
    assert _ask(published, "SELECT DISTINCT mood, typeof(mood) FROM articles") == [(None, "VARCHAR[]")]
    newer = published.row("a") | {"article_id": "newer", "mood": ["calm"], "month": "2026-12"}
    append_missing(published.layout, wider, wider.arrow([newer]))
    published.publish()
    found = _ask(published, "SELECT month, mood, field_origin['title'] FROM articles ORDER BY ALL")
    assert found == [("2026-11", None, "jsonld")] * 3 + [("2026-12", ["calm"], "jsonld")]


def test_the_credit_is_null_in_files_of_an_earlier_parser(published: Any, desk_at: Any, tmp_path: Path) -> None:
    earlier = replace(ARTICLES, columns=tuple(column for column in ARTICLES.columns if column.name != "credit"))
    row, desk = published.row("a"), desk_at(tmp_path / "older")
    append_missing(desk.layout, earlier, earlier.arrow([row]))
    newer = row | {"article_id": "newer", "credit": ["Gear Team", "Ada Vale"]}
    append_missing(desk.layout, ARTICLES, ARTICLES.arrow([newer]))
    desk.publish()
    found = _ask(desk, "SELECT credit FROM articles ORDER BY credit NULLS FIRST")
    assert found == [(None,), (["Gear Team", "Ada Vale"],)]


def test_old_files_that_were_written_anew_are_read_as_whole_ones_again(
    published: Any, desk_at: Any, tmp_path: Path
) -> None:
    earlier = replace(ARTICLES, columns=tuple(column for column in ARTICLES.columns if column.name != "credit"))
    row, desk = published.row("a"), desk_at(tmp_path / "older")
    form = "SELECT form FROM files.versions WHERE table_name = 'articles'"
    desk.publish()
    assert _ask(desk, form) == [("empty",)]
    append_missing(desk.layout, earlier, earlier.arrow([row]))
    desk.publish()
    assert _ask(desk, form) == [("narrow",)]
    assert _ask(desk, "SELECT title, credit FROM articles") == [("New words", None)]
    now = snapshot(desk.layout, ARTICLES)
    compact_files(now, now.names(), 100)
    desk.publish()
    assert _ask(desk, form) == [("whole",)]
    assert _ask(desk, "SELECT title, credit FROM articles") == [("New words", None)]


def test_a_database_that_is_damaged_or_of_another_version_is_replaced(published: Any) -> None:
    shown = _ask(published, "FROM articles ORDER BY ALL")
    path = published.layout.database
    whole = path.read_bytes()
    for damaged in (b"", b"not a database", whole[: len(whole) // 2], whole.replace(b"definitions", b"definitionz")):
        path.unlink()
        path.write_bytes(damaged)
        published.publish()
        assert _ask(published, "FROM articles ORDER BY ALL") == shown


def test_a_data_file_that_is_missing_is_named_and_the_database_of_before_stays(published: Any) -> None:
    row = published.row("a")
    for key, month in (("b1", "2026-01"), ("b2", "2026-02"), ("b3", "2026-03")):
        append_missing(published.layout, ARTICLES, ARTICLES.arrow([row | {"article_id": key, "month": month}]))
    published.publish()
    before = published.layout.database.read_bytes()
    (lost,) = (path for path in snapshot(published.layout, ARTICLES).files() if "2026-02" in path)
    append_missing(published.layout, ARTICLES, ARTICLES.arrow([row | {"article_id": "b4"}]))
    Path(lost).unlink()
    with pytest.raises(StorageError, match=f"{lost}: missing"):
        published.publish()
    assert published.layout.database.read_bytes() == before


@pytest.mark.parametrize("earlier", [None, b"of an earlier version"])
def test_a_publish_that_the_disk_stops_leaves_what_was_there_and_nothing_beside_it(
    published: Any, earlier: bytes | None
) -> None:
    folder, database = published.layout.root, published.layout.database
    size = database.stat().st_size
    if earlier:
        database.unlink()
        database.write_bytes(earlier)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (0, size // 4, size // 2):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
        try:
            with pytest.raises(StorageError, match="size limit"):
                published.publish()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_publishing_again_after_a_crash_between_draft_and_move_works(published: Any) -> None:
    orphan = published.layout.database.with_name(".newshouse.duckdb.0123456789abcdef.tmp")
    shutil.copy(published.layout.database, orphan)
    published.publish()
    assert _ask(published, "SELECT count(*) FROM articles") != [(0,)]
