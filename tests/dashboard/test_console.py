"""The SQL console: what is asked is answered whole, what must not run does not, and the pages go on meanwhile."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from newshouse.dashboard.console import pool as pool_module
from newshouse.dashboard.console.pool import BusyError, Pool, QueryError
from newshouse.dashboard.defence import HEADER
from newshouse.layout import DataLayout

from .attacks import BOMBS, READS, SETTINGS, STATEMENTS, WRITES
from .conftest import DAYS, application

ARTICLES = (DAYS - 3) * 12
LONGEST_SECONDS = 1.0
TIMES_AS_SLOW = 20  # beside two queries that take all they can get, on a machine that may be busy anyway


@pytest.fixture(scope="module")
def pool(layout: DataLayout) -> Iterator[Pool]:
    made = Pool(layout)
    yield made
    made.close()


@pytest.fixture(scope="module")
def places(layout: DataLayout, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the attacks aim at."""
    secret = layout.root.parent / "secret.txt"
    secret.write_text("the-secret\n")
    link = layout.warehouse / "link.csv"
    link.symlink_to(secret)
    parquet = next(layout.table("articles").rglob("*.parquet"))
    return {"secret": str(secret), "inside": str(layout.warehouse), "link": str(link), "parquet": str(parquet)}


@pytest.fixture
def post(client: TestClient) -> Callable[..., Any]:
    token = re.search(r'name="csrf" content="([^"]+)"', client.get("/sql").text)
    assert token

    def send(path: str, **values: str) -> Any:
        if path == "download":
            return client.post("/sql/download", data={"csrf": token[1], **values})
        return client.post(f"/sql/{path}", json=values, headers={HEADER: token[1]})

    return send


def fill(query: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        query = query.replace("{" + name + "}", value)
    return query


def refused(pool: Pool, query: str, name: str) -> str | None:
    """Why the query was refused; None if it gave a result."""
    try:
        b"".join(pool.ask(name, query, "grid"))
    except QueryError as error:
        return str(error)
    return None


def tree(layout: DataLayout) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in layout.root.rglob("*") if path.is_file()}


def test_over_a_hundred_attacks_are_refused_and_leave_no_trace(
    pool: Pool, places: dict[str, str], layout: DataLayout, tmp_path: Path
) -> None:
    places = {**places, "outside": str(tmp_path)}
    attacks = [fill(query, places) for query in (*READS, *WRITES, *SETTINGS, *STATEMENTS)]
    before = tree(layout)

    def attack(numbered: tuple[int, str]) -> tuple[str, str | None]:
        number, query = numbered
        pool.warm()
        return query, refused(pool, query, f"a{number}")

    with ThreadPoolExecutor(2) as side_by_side:
        answers = dict(side_by_side.map(attack, enumerate(attacks)))

    assert len(attacks) > 100
    assert [query for query, why in answers.items() if why is None] == []
    assert not [why for why in answers.values() if "the-secret" in str(why)]
    assert not [(query, why) for query, why in answers.items() if "ended its process" in str(why)]
    assert tree(layout) == before
    assert list(tmp_path.iterdir()) == []  # where an attack would have written


def test_no_bomb_stops_the_pages(
    layout: DataLayout, client_of: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "GRID_SECONDS", 2.0)
    monkeypatch.setattr(pool_module, "_PATIENCE_SECONDS", 60.0)
    app = application(layout)
    client = client_of(app)
    client.get("/sql")
    attacked = app.state.pool
    done = threading.Event()
    waits: list[float] = []

    def look() -> Iterator[float]:
        for path in ("/", "/runs", "/articles"):
            began = time.monotonic()
            assert client.get(path).status_code == 200
            yield time.monotonic() - began

    def browse() -> None:
        while not done.is_set():
            waits.extend(look())

    def explode(numbered: tuple[int, str]) -> tuple[str, str | None]:
        return numbered[1][:60], refused(attacked, numbered[1], f"b{numbered[0]}")

    in_peace = max(wait for _ in range(5) for wait in look())
    browser = threading.Thread(target=browse)
    browser.start()
    try:
        with ThreadPoolExecutor(2) as side_by_side:
            answers = list(side_by_side.map(explode, enumerate(BOMBS)))
    finally:
        done.set()
        browser.join()
        attacked.close()

    assert [query for query, why in answers if why is None] == []
    assert len(waits) >= 6, "pages were asked for while queries ran"
    allowed = max(LONGEST_SECONDS, TIMES_AS_SLOW * in_peace)
    assert sorted(waits)[int(0.99 * len(waits))] < allowed, f"slowest {max(waits):.2f} s, {in_peace:.2f} s in peace"


def test_a_query_ends_with_the_dashboard_that_was_killed(layout: DataLayout) -> None:
    asking = (
        "import sys, threading, time; from pathlib import Path; from newshouse.layout import DataLayout\n"
        "from newshouse.dashboard.console.pool import Pool\n"
        "pool = Pool(DataLayout(Path(sys.argv[1])))\n"
        "threading.Thread(target=lambda: pool.ask('a', sys.argv[2], 'csv'), daemon=True).start()\n"
        "while not pool.running: time.sleep(0.01)\n"
        "time.sleep(1)\n"  # it is in the middle of the query
        "print(next(iter(pool.running.values())).process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", asking, str(layout.root), BOMBS[4]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dashboard:
        assert dashboard.stdout is not None
        worker = int(dashboard.stdout.readline())
        dashboard.kill()
    deadline = time.monotonic() + 60
    while _runs(worker):
        assert time.monotonic() < deadline, os.kill(worker, signal.SIGKILL)
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_worker_knows_nothing_of_our_environment(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "hidden")
    started = pool_module._start()
    try:
        environment = Path(f"/proc/{started.pid}/environ").read_bytes()
    finally:
        started.kill()
        started.wait()

    assert b"hidden" not in environment and b"AIRFLOW" not in environment


def test_the_grid_shows_the_first_rows_and_says_that_there_are_more(post: Callable[..., Any]) -> None:
    answer = post("run", query="SELECT i, repeat('x', 5000) AS x FROM range(5000) AS t(i)", name="a").json()

    assert answer["more"] and answer["cut"] and 0 < len(answer["rows"]) <= 1000
    assert [column["name"] for column in answer["columns"]] == ["i", "x"]


def test_values_of_every_type_reach_the_grid(post: Callable[..., Any]) -> None:
    query = (
        "SELECT 9007199254740993::BIGINT, 'nan'::DOUBLE, 1.10::DECIMAL(9, 2), DATE '2026-11-25', INTERVAL 1 DAY, "
        "[1, NULL], {'a': DATE '2026-01-01'}, MAP {'k': 'v'}, 'ab'::BLOB, NULL, uuid() IS NOT NULL, '<b>'"
    )
    (row,) = post("run", query=query, name="a").json()["rows"]

    assert row[0] == "9007199254740993" and row[1] == "nan" and row[2] == "1.10" and row[3] == "2026-11-25"
    assert (
        row[5] == "[1, null]"
        and row[6] == '{"a": "2026-01-01"}'
        and row[8] == "6162"
        and row[9:] == [None, True, "<b>"]
    )


@pytest.mark.parametrize(
    "query",
    [
        "FROM articles_on('2026-11-24') SELECT title",
        "FROM story('story-1')",
        "FROM daily_counts",
        "FROM host_scoreboard",
        "DESCRIBE articles",
        "SHOW TABLES",
        "SUMMARIZE sources",
        "SELECT column_name, comment FROM duckdb_columns()",
        "WITH RECURSIVE t AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM t WHERE i < 9) SELECT sum(i) FROM t",
        "SELECT unnest([1, 2]), g FROM generate_series(1, 3) AS s(g)",
        "PIVOT articles ON source_id IN ('herald', 'bugle') USING count(*)",
        "SELECT * FROM articles LIMIT 3; -- the end",
    ],
)
def test_what_an_analyst_asks_is_answered(post: Callable[..., Any], query: str) -> None:
    answer = post("run", query=query, name="a")

    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"]


def test_a_download_has_every_row(post: Callable[..., Any]) -> None:
    query = "SELECT article_id, title, authors, field_origin, published_at FROM articles ORDER BY ALL"

    rows = list(csv.DictReader(io.StringIO(post("download", query=query, form="csv").text)))
    table = pq.read_table(io.BytesIO(post("download", query=query, form="parquet").content))

    assert len(rows) == table.num_rows == ARTICLES
    assert [row["article_id"] for row in rows] == table["article_id"].to_pylist()
    assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"


def test_a_large_download_is_not_cut_at_the_rows_of_the_grid(post: Callable[..., Any]) -> None:
    text = post("download", query="SELECT i FROM range(300000) AS t(i)", form="csv").text

    assert text.count("\n") == 300_001


def test_an_empty_result_still_has_its_columns(post: Callable[..., Any]) -> None:
    query = "SELECT title, word_count FROM articles WHERE false"

    assert post("download", query=query, form="csv").text.strip() == '"title","word_count"'
    assert pq.read_table(io.BytesIO(post("download", query=query, form="parquet").content)).column_names == [
        "title",
        "word_count",
    ]


def test_a_download_that_breaks_off_is_no_file(layout: DataLayout, pool: Pool) -> None:
    query = "SELECT CASE WHEN i < 3000000 THEN i ELSE error('broken') END AS i FROM range(3000001) AS t(i)"
    pieces = pool.ask("late", query, "csv")
    assert next(pieces), "it had begun"

    with pytest.raises(QueryError, match="broken"):
        b"".join(pieces)


def test_a_download_that_cannot_begin_is_an_error_in_words(post: Callable[..., Any]) -> None:
    answer = post("download", query="SELECT nothing", form="csv")

    assert answer.status_code == 400 and "nothing" in answer.json()["error"]
    assert post("download", query="SELECT 1", form="exe").status_code == 400


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [({"csrf": "old"}, 403, "Load the page again"), ({"form": "xls"}, 400, "csv or parquet"),
     ({"query": "x" * 100_001}, 422, "query: ")],
)  # fmt: skip
def test_a_download_that_is_refused_is_told_to_the_script_as_json_and_to_people_as_a_page(
    client: TestClient, form: dict[str, str], status: int, said: str
) -> None:
    token = re.search(r'name="csrf" content="([^"]+)"', client.get("/sql").text)
    assert token
    given = {"csrf": token[1], "query": "SELECT 1", "form": "csv"} | form

    asked = client.post("/sql/download", data=given, headers={"Accept": "application/json"})
    assert asked.status_code == status and said in asked.json()["error"]
    page = client.post("/sql/download", data=given, headers={"Accept": "text/html"})
    assert page.status_code == status and "<h1>" in page.text


def test_a_query_can_be_stopped(pool: Pool) -> None:
    answers: list[str | None] = []
    asking = threading.Thread(target=lambda: answers.append(refused(pool, BOMBS[4], "slow")))
    asking.start()
    deadline = time.monotonic() + 60
    while not pool.stop("slow"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    asking.join(60)

    assert answers == ["Stopped."]
    assert not pool.stop("slow")


def test_too_many_queries_are_told_to_wait(layout: DataLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_PATIENCE_SECONDS", 0.05)
    busy = Pool(layout)
    waiting = [busy.ask(f"q{number}", "SELECT i FROM range(10000000) AS t(i)", "csv") for number in range(2)]
    try:
        with pytest.raises(BusyError, match="running already"):
            busy.ask("third", "SELECT 1", "grid")
        waiting[0].close()  # type: ignore[attr-defined]
        assert b"".join(busy.ask("fourth", "SELECT 1", "grid"))
    finally:
        waiting[1].close()  # type: ignore[attr-defined]
        busy.close()


def test_a_query_that_takes_too_long_says_so(layout: DataLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "GRID_SECONDS", 0.5)
    quick = Pool(layout)
    try:
        why = refused(quick, BOMBS[4], "slow")
    finally:
        quick.close()

    assert why and "longer than" in why


def test_examples_and_schema_are_those_of_the_warehouse(client: TestClient, post: Callable[..., Any]) -> None:
    text = client.get("/sql").text

    assert "Headline without the publisher" in text and "articles_on(day)" in text
    for query in re.findall(r'<option value="((?:SELECT|FROM)[^"]+)"', text):
        plain = query.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
        answer = post("run", query=plain, name="a")
        assert answer.status_code == 200, (plain, answer.text)


def test_the_status_says_nothing_of_paths(post: Callable[..., Any], layout: DataLayout) -> None:
    answer = post("run", query="SELECT current_setting('temp_directory')", name="a")

    assert str(layout.root) not in answer.text
