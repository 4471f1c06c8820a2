"""Every page: it answers, it says what it should, and nothing that came from the web becomes mark-up."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newshouse.dashboard.alone import alone
from newshouse.dashboard.app import close
from newshouse.dashboard.frame import Dashboard
from newshouse.dashboard.table import QUESTIONS
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, CHECKS
from newshouse.search.update import update
from newshouse.settings import Settings
from newshouse.warehouse.publish import publish

from .conftest import DAYS, LOG, NOW, PAYLOADS, SOURCES, TOKEN, application, at, put

PAGES = (
    "/",
    "/sources",
    "/sources/herald",
    "/sources/bugle",
    "/checks",
    "/checks/volume",
    "/incidents/i1",
    "/checks/volume?source=bugle",
    "/rejections",
    "/rejections?reason=body_short&stage=validate&q=bugle",
    "/rejections/r0",
    "/rejections/r1",
    "/articles",
    "/articles?q=ferry&in=text&copies=no&language=en",
    "/articles/bugle-1-0",
    "/articles/bugle-2-3",
    "/runs",
    "/runs/daily-2026-11-25",
    "/sql",
)
ATTRIBUTES = {"src", "href", "action", "formaction", "data", "poster", "srcset"}


class Marks(HTMLParser):
    """What a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.styles: list[str] = []
        self.inline = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.inline += tag == "script" and "src" not in given
        self.handlers += [name for name in given if name.startswith("on")]
        self.styles += [name for name in given if name == "style"]
        self.addresses += [value or "" for name, value in attrs if name in ATTRIBUTES]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_from_the_web_becomes_mark_up(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    marks = Marks(answer.text)
    assert marks.inline == 0 and not marks.handlers and not marks.styles
    assert not {"img", "object", "embed"} & set(marks.tags)
    assert not [a for a in marks.addresses if re.match(r"\s*(javascript|data|vbscript):", a, re.IGNORECASE)]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_an_address_that_a_browser_would_load_from_elsewhere(client: TestClient, path: str) -> None:
    text = client.get(path).text

    loaded = re.findall(r"<(?:script|link|img|iframe|source|use)\b[^>]*?(?:src|href)=\"([^\"]+)\"", text)
    assert loaded
    assert not [address for address in loaded if "//" in address or address.startswith("/")]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_of_when_the_data_is_and_in_which_zone(client: TestClient, path: str) -> None:
    text = client.get(path).text

    assert "Data as of" in text and "UTC" in text and "2026-11-25 12:00" in text


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    seen: set[str] = set()
    for path in PAGES:
        answer = client.get(path)
        for address in Marks(answer.text).addresses:
            if not address.startswith(("http", "#")):
                seen.add(str(answer.url.join(address).copy_with(fragment=None)))
    assert len(seen) > 60
    broken = [url for url in seen if client.get(url).status_code not in (200, 405)]
    assert not broken


def test_the_front_page_names_the_broken_source_and_links_to_it(client: TestClient) -> None:
    text = client.get("/").text

    verdict = text[text.index('class="verdict') : text.index("</section>")]
    assert "Can the data be trusted today?" in verdict
    assert 'href="./sources/bugle"' in verdict and "sources/herald" not in verdict


def test_delays_count_what_came_out_since_the_source_was_first_asked(client: TestClient) -> None:
    def delays(first: str, last: str) -> list[str]:
        asked = client.get(f"/export/hours.csv?from={first}&to={last}&source=herald")
        return [row["delay_hours"] for row in csv.DictReader(io.StringIO(asked.text))]

    assert set(delays("2026-11-01", "2026-11-25")) == {"2.0"}
    assert sorted(delays("2026-10-01", "2026-10-17")) == ["", "2.0", "2.0", "2.0", "2.0"]


def test_a_day_on_which_no_run_asked_is_a_hole_and_today_is_marked(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/export/volume.csv").text)))

    assert len(rows) == 28, "every day of the calendar has its row"
    by_day = {row["day"]: row["articles"] for row in rows}
    assert by_day[at(10).date().isoformat()] == "" and by_day[at(9).date().isoformat()] != ""
    spec = client.get("/").text
    assert "&#34;partial&#34;: 27" in spec and "null" in spec


def test_days_and_sources_of_the_address_are_obeyed(client: TestClient) -> None:
    one = client.get("/articles?from=2026-11-20&to=2026-11-21&source=herald").text

    assert "herald 4-" in one and "herald 1-" not in one and "bugle 4" not in one
    assert 'value="2026-11-20"' in one


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "not a day"),
        ("from=2026-11-25&to=2026-11-20", "exchange them"),
        ("from=1900-01-01", "more than ten years"),
        ("from=2026-11-31", "not a day"),
        ("from=0001-01-01&to=0001-01-10", "years 1900 to 2200"),
        ("to=0001-01-10", "years 1900 to 2200"),
        ("from=9999-12-01&to=9999-12-31", "years 1900 to 2200"),
    ],
)
def test_an_address_that_cannot_be_read_is_answered_with_what_to_write(
    client: TestClient, query: str, said: str
) -> None:
    answer = client.get(f"/?{query}")

    assert answer.status_code == 400 and said in answer.text


@pytest.mark.parametrize("days", ["to=1900-01-01", "from=2200-12-30&to=2200-12-31"])
def test_every_question_is_answered_for_the_first_and_the_last_day(client: TestClient, days: str) -> None:
    given = f"{days}&source=bugle&check=volume&run=daily-2026-11-25&article=bugle-1-0&rejection=r0"
    assert {client.get(f"/export/{name}.csv?{given}").status_code for name in QUESTIONS} == {200}


def test_a_search_finds_words_in_texts_and_shows_them_in_their_place(client: TestClient) -> None:
    text = client.get("/articles?q=har.our&in=text&source=bugle").text

    assert "<mark>harbour</mark>" in text
    assert client.get("/articles?q=(").status_code == 400
    assert "No article fits" in client.get("/articles?q=nowhere").text


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, layout: DataLayout) -> DataLayout:
    """The same warehouse with a full-text index."""
    made = DataLayout(tmp_path_factory.mktemp("indexed") / "data")
    shutil.copytree(layout.warehouse, made.warehouse)
    publish(made, SOURCES)
    update(made)
    return made


def test_words_are_looked_for_in_the_full_text_index(indexed: DataLayout, client_of: Callable[..., TestClient]) -> None:
    client = client_of(application(indexed))
    days = "from=2026-11-01&to=2026-11-25"

    text = client.get(f"/articles?{days}&q=harbour -herald").text
    rows = list(csv.DictReader(io.StringIO(client.get(f"/export/articles.csv?{days}&q=harbour -herald").text)))

    assert "<mark>harbour</mark>" in text and Marks(text).inline == 0
    assert {row["source_id"] for row in rows} == {"bugle"}
    said = re.search(r"of ([\d,]+)</span>", text)
    assert said and int(said[1]) == len(rows) > 50
    assert client.get(f"/articles?{days}&q=harbour&source=nobody").status_code == 200
    assert client.get(f"/articles?{days}&q=%22open").status_code in (200, 400)
    assert (
        "titles, as an expression" in text and client.get(f"/articles?{days}&q=herald.*3&in=title").status_code == 200
    )


@pytest.mark.parametrize(
    "filters", ["", "&copies=no", "&copies=only", "&source=herald", "&language=en", "&flag=short", "&q=herald"]
)
def test_what_is_counted_ahead_is_what_is_there(client: TestClient, filters: str) -> None:
    days = "from=2026-11-01&to=2026-11-25"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/export/articles.csv?{days}{filters}").text)))

    said = re.search(r"([\d,]+) rows\.|of ([\d,]+)</span>", client.get(f"/articles?{days}{filters}").text)

    assert said and int((said[1] or said[2]).replace(",", "")) == len(rows) > 10


def test_pages_of_a_list_follow_each_other_without_a_gap(client: TestClient) -> None:
    found: list[str] = []
    for page in range(1, 8):
        text = client.get(f"/articles?from=2026-11-01&to=2026-11-25&page={page}").text
        found += re.findall(r'href="[./]*articles/([a-z]+-\d+-\d+)"', text)

    assert len(found) == len(set(found)) == (25 - len(range(10, 13))) * 12


def test_the_file_of_a_search_is_whole(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/export/articles.csv?from=2026-10-01&to=2026-11-25").text)))

    assert len(rows) == (DAYS - 3) * 12
    assert len({row["article_id"] for row in rows}) == len(rows)
    assert any(row["title"].endswith(PAYLOADS[0]) for row in rows), "values are exact"


def test_an_article_shows_origins_revisions_copies_and_the_place_of_its_bytes(client: TestClient) -> None:
    text = client.get("/articles/herald-1-0").text

    assert "jsonld" in text and "2026-11-25/run.warc.gz:0" in text
    assert "<del>Old </del>" in text and "The first version." in text
    assert "articles/herald-1-3" in text and "same body" in text
    assert "articles/bugle-1-0" in text and "same story" in text


def test_the_archived_page_comes_in_a_sandbox_of_its_own(client: TestClient) -> None:
    for path in ("/articles/herald-1-0/archived", "/rejections/r0/archived"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert b"Raw page" in answer.content
        assert policy.startswith("sandbox;") and "allow-scripts" not in policy and "default-src 'none'" in policy


def test_an_archived_page_that_is_lost_is_told_in_its_frame(client: TestClient, layout: DataLayout) -> None:
    for path in (layout.root / "archive").rglob("*.warc.gz"):
        path.rename(path.with_suffix(".away"))
    try:
        answer = client.get("/articles/herald-1-0/archived")
    finally:
        for path in (layout.root / "archive").rglob("*.away"):
            path.rename(path.with_suffix(".gz"))

    assert answer.status_code == 503 and answer.headers["content-type"].startswith("text/plain")
    assert "the archive file is missing" in answer.text and "<" not in answer.text


def test_a_layout_that_turned_is_marked(client: TestClient) -> None:
    text = client.get("/sources/bugle").text

    assert text.count("new layout") == 1, "the day on which it turned, not those that follow"
    assert f"{{&#34;day&#34;: &#34;{at(5).date()}&#34;, &#34;label&#34;: &#34;new layout&#34;}}" in text
    assert "new layout" not in client.get("/sources/herald").text


def test_the_layout_chart_draws_the_commonest_makes_of_pages_and_the_rest_as_others(client: TestClient) -> None:
    (spec,) = (
        json.loads(unescape(found))
        for found in re.findall(r'data-chart="([^"]*)"', client.get("/sources/bugle").text)
        if "new layout" in found
    )
    labels = [series["label"] for series in spec["series"]]
    assert len(set(labels)) == 7, "the legend tells those apart that end alike"
    assert labels[0] == "main>div.story" and labels[-1] == "others"
    days = list(zip(*(series["values"] for series in spec["series"]), strict=True))
    told = [sum(share or 0 for share in day) for day in days if any(day)]
    assert told and all(share == pytest.approx(1.0, abs=0.001) for share in told)
    assert "main&gt;div.story" in client.get("/sources/bugle").text
    assert client.get("/export/templates.csv?source=bugle").text.count("div.make.5") > 1


@pytest.mark.parametrize("path", ["/sources/none", "/articles/none", "/rejections/none", "/runs/none", "/checks/none"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/sources", "/checks", "/rejections", "/articles", "/runs", "/sql"])
def test_an_empty_warehouse_has_pages_that_say_so(
    empty_layout: DataLayout, client_of: Callable[..., TestClient], path: str
) -> None:
    app = application(empty_layout)
    answer = client_of(app).get(path)
    close(app)

    assert answer.status_code == 200
    assert path == "/sql" or re.search(r"No |Nothing|nothing", answer.text)


def test_without_a_database_every_page_says_how_to_make_one(tmp_path: Path) -> None:
    client = TestClient(alone(Dashboard(Settings(data=tmp_path), lambda: NOW), TOKEN), base_url="http://127.0.0.1:8090")
    client.cookies.update(client.get(f"/login?token={TOKEN}").history[0].cookies)

    answer = client.get("/runs")

    assert answer.status_code == 503 and "make run" in answer.text


def test_links_are_the_same_under_any_prefix(layout: DataLayout) -> None:
    from fastapi import FastAPI

    outer = FastAPI()
    outer.mount("/airflow/newshouse", application(layout))
    client = TestClient(outer, base_url="http://127.0.0.1:8090")
    header = {"Authorization": f"Bearer {TOKEN}"}

    for path in ("/", "/sources/herald", "/articles/herald-1-0", "/checks/volume"):
        answer = client.get(f"/airflow/newshouse{path}", headers=header)
        inside = [str(answer.url.join(a)) for a in Marks(answer.text).addresses if not a.startswith(("http", "#"))]
        assert inside
        assert all(url.startswith("http://127.0.0.1:8090/airflow/newshouse/") for url in inside)
        assert all(cookie.path == "/airflow/newshouse" for cookie in client.cookies.jar)
    assert len(client.cookies.jar) == 1


def test_every_table_of_every_page_has_its_file_with_the_same_columns_and_rows(client: TestClient) -> None:
    seen = set()
    for path in PAGES:
        answer = client.get(path)
        for address in set(re.findall(r'href="([^"]*export/[^"]+)"', answer.text)):
            url = str(answer.url.join(address.replace("&amp;", "&")))
            rows = list(csv.reader(io.StringIO(client.get(url).text)))
            name = url.rsplit("/", 1)[1].split(".csv", maxsplit=1)[0]
            assert len(rows) > 1, f"{url} of {path}"
            seen.add(name)

    assert seen >= {"runs", "all-runs", "stages", "run-sources", "funnel", "check", "check-days", "failing", "copies",
                    "latest", "baseline", "articles", "rejections", "concerns", "incidents", "scorecards",
                    "drops"}  # fmt: skip


@pytest.mark.parametrize("query", ["", "?from=2026-11-20&to=2026-11-21", "?source=herald"])
def test_the_file_of_the_last_runs_has_as_many_as_the_front_page_says(client: TestClient, query: str) -> None:
    text = client.get(f"/{query}").text
    (address,) = re.findall(r'href="\./(export/[^"]*runs\.csv[^"]*)"', text)

    assert f"7 of {DAYS - 3} rows; the CSV has all" in text
    assert client.get(f"/{address.replace('&amp;', '&')}").text.count("daily-") == DAYS - 3


def test_all_articles_that_failed_are_in_the_file_and_the_page_says_how_many_it_shows(
    empty_layout: DataLayout, client_of: Callable[..., TestClient]
) -> None:
    ids = [f"a{number:03}" for number in range(130)]
    articles = [
        {"article_id": id_, "source_id": "herald", "url": f"https://herald.example/{id_}", "title": id_, "body": "x",
         "published_at": at(1), "first_seen_at": at(1), "fetched_at": at(1), "run_id": "r", "month": "2026-11",
         "content_hash": id_, "revision": 1, "extractor": "own", "parser_version": "1", "access": "free"}
        for id_ in ids
    ]  # fmt: skip
    failed = {"run_id": "r", "batch": "all", "source_id": "herald", "check_name": "titles", "suite": "rows",
              "severity": "warning", "status": "fail", "checked_at": at(0)}  # fmt: skip
    put(empty_layout, ARTICLES, articles)
    put(empty_layout, CHECKS, [failed | {"check_id": "1", "failing_ids": ids[:80]},
                               failed | {"check_id": "2", "failing_ids": ids[50:]}])  # fmt: skip
    publish(empty_layout, SOURCES)
    app = application(empty_layout)
    client = client_of(app)

    assert "100 of 130 rows; the CSV has all" in client.get("/checks/titles").text
    listed = list(csv.DictReader(io.StringIO(client.get("/export/failing.csv?check=titles").text)))
    close(app)
    assert [row["title"] for row in listed] == ids


def test_a_reason_of_the_funnel_leads_to_what_was_dropped_for_it(client: TestClient) -> None:
    answer = client.get("/")
    address = next(a for a in Marks(answer.text).addresses if "rejections?stage=validate&reason=body_short" in a)

    text = client.get(str(answer.url.join(address))).text

    assert "rejections/r0" in text and "rejections/r4" in text


def test_a_run_links_to_the_logs_of_its_tasks_where_airflow_is_known_and_has_no_dead_link_elsewhere(
    layout: DataLayout, client: TestClient, client_of: Callable[..., TestClient]
) -> None:
    app = alone(Dashboard(Settings(data=layout.root), lambda: NOW, airflow="http://127.0.0.1:8080"), TOKEN)

    text = client_of(app).get("/runs/daily-2026-11-25").text
    close(app)

    assert text.count(f'href="http://127.0.0.1:8080/{LOG}"') == 1, "only what ran in Airflow has a log there"
    assert "dags/" not in client.get("/runs/daily-2026-11-25").text and "dags/" not in client.get("/runs").text
