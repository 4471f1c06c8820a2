"""A reader's way through the dashboard, in a real browser."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from newshouse.storage.files import alone

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import House

pytestmark = pytest.mark.slow
DETAILS = ("sources", "checks", "rejections", "articles", "runs")
LISTS = ("", *DETAILS, "sql")
PAGES = (*LISTS, *(f"{listed}/" for listed in DETAILS))
"""Where to look: a list, or, with a slash at the end, the page of its first row."""
DECISION_MS = 180_000  # reading again imports Great Expectations; a slow machine takes its time
PHONE = {"width": 390, "height": 844}


def first(page: Page, house: House, listed: str) -> str:
    """The page of the first thing in a list."""
    page.goto(f"{house.url}/{listed}")
    link = page.locator(f"main table a[href*='{listed}/']").first
    return str(link.evaluate("link => link.href"))


def address(page: Page, house: House, path: str) -> str:
    """Of one of `PAGES`."""
    return first(page, house, path.rstrip("/")) if path.endswith("/") else f"{house.url}/{path}"


def test_the_broken_source_is_two_clicks_from_the_front_page(page: Page, house: House) -> None:
    page.goto(house.url)
    assert "The Broken Bugle" in page.locator(".verdict").inner_text()

    page.locator(".verdict a", has_text="The Broken Bugle").click()  # one click

    page.wait_for_url(f"{house.url}/sources/broken-bugle*")
    assert "does not answer" in page.locator("main").inner_text()


def serious(page: Page, axe: str) -> dict[str, Any]:
    """What axe-core finds serious on the page, in both themes."""
    found: dict[str, Any] = {}
    page.wait_for_function("document.querySelectorAll('[data-chart]:not([data-watched])').length === 0")
    # As a script of the developer tools would be: the page's own policy does not let it in.
    page.evaluate(f"() => {{ const module = undefined; {axe}; window.axe = window.axe ?? axe; }}")
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        result = page.evaluate("axe.run(document, {iframes: false})")
        bad = [v for v in result["violations"] if v["impact"] in ("serious", "critical")]
        found |= {f"{page.url} {theme} {v['id']}": [node["html"][:200] for node in v["nodes"][:3]] for v in bad}
    return found


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_accessibility_problem(page: Page, house: House, axe: str, path: str) -> None:
    page.goto(address(page, house, path))

    found = serious(page, axe)

    assert not found, json.dumps(found, indent=1)


def test_no_page_is_wider_than_a_phone(page: Page, house: House) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wide = {}
    for path in PAGES:
        page.goto(address(page, house, path))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[page.url] = width

    assert not wide


def test_charts_are_drawn_and_have_their_tables(page: Page, house: House) -> None:
    page.goto(first(page, house, "sources"))
    page.wait_for_selector("[data-chart] canvas")

    for plot in page.locator("[data-chart]").all():
        assert plot.locator("canvas").count() == 1
        assert plot.get_attribute("aria-label")
    summary = page.locator("figure.chart summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure.chart details[open] table").first.is_visible()


def test_sources_are_sorted_with_the_keyboard(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sources")
    head = page.locator("th", has_text="articles").last
    head.locator("button").focus()
    page.keyboard.press("Enter")

    assert head.get_attribute("aria-sort") == "descending"
    place = page.locator("th").all_inner_texts().index(head.inner_text())
    values = [int(text.replace(",", "")) for text in page.locator(f"tbody td:nth-child({place + 1})").all_inner_texts()]
    assert values == sorted(values, reverse=True) and len(set(values)) > 3


def test_days_and_source_stand_in_the_address(page: Page, house: House) -> None:
    page.goto(house.url)
    page.select_option("select[name=source]", "vale-courier")
    page.click(".filters button[type=submit]")

    page.wait_for_url("**/?*from=*source=vale-courier*")
    page.click("nav a:has-text('Articles')")
    page.wait_for_url("**/articles?*source=vale-courier*")
    assert set(page.locator("main tbody td:nth-child(3)").all_inner_texts()) == {"Vale Courier"}


def test_an_archived_page_is_shown_and_nothing_of_it_runs(page: Page, house: House) -> None:
    page.goto(first(page, house, "articles"))
    page.locator("iframe").scroll_into_view_if_needed()
    inside = page.frame_locator("iframe").locator("body")
    inside.wait_for()

    assert len(inside.inner_text()) > 100
    assert page.locator(".body p").count() > 1


def test_a_query_is_run_drawn_and_downloaded_whole(page: Page, house: House, tmp_path: Path) -> None:
    page.goto(f"{house.url}/sql")
    page.fill("textarea", "SELECT source_id, count(*) AS articles FROM articles GROUP BY ALL ORDER BY ALL")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-result] table")
    shown = page.locator("[data-result] tbody tr").count()
    assert page.locator("[data-quick] canvas").count() == 1

    files = {}
    for form in ("csv", "parquet"):
        with page.expect_download() as download:
            page.click(f"[data-form={form}]")
        files[form] = tmp_path / form
        download.value.save_as(files[form])

    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text())))
    assert len(rows) == shown == pq.read_table(files["parquet"]).num_rows > 5
    assert sum(int(row["articles"]) for row in rows) > 50


def test_a_query_that_is_wrong_says_so_and_a_dangerous_one_is_refused(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sql")
    for query, said in (("SELECT nothing FROM articles", "nothing"), ("COPY articles TO '/tmp/x'", "COPY is not for")):
        page.fill("textarea", query)
        with page.expect_response("**/sql/run") as answer:
            page.click("[data-run]")
        assert answer.value.status == 400
        page.wait_for_function("!document.querySelector('[data-error]').hidden")
        assert said in page.locator("[data-error]").inner_text()


def test_a_download_from_a_page_that_is_out_of_date_says_to_load_it_again(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sql")
    page.context.clear_cookies(name="newshouse-csrf")
    with page.expect_response("**/sql/download") as answer:
        page.click("[data-form=csv]")
    assert answer.value.status == 403
    page.wait_for_function("!document.querySelector('[data-error]').hidden")
    assert "Load the page again" in page.locator("[data-error]").inner_text()


def test_names_are_completed_saved_and_linked(page: Page, house: House) -> None:
    page.goto(f"{house.url}/sql")
    page.fill("textarea", "")
    page.locator("textarea").press_sequentially("SELECT titl")
    page.wait_for_selector("#completion:not([hidden])")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("textarea") == "SELECT title"

    page.fill("[data-name]", "titles")
    page.click("[data-save]")
    page.wait_for_selector("[data-saved] option[value=titles]", state="attached")
    page.reload()
    page.fill("textarea", "")
    page.select_option("[data-saved]", "titles")
    assert page.input_value("textarea") == "SELECT title"
    page.click("[data-permalink]")
    page.wait_for_function("location.hash.length > 1")
    linked = page.url
    page.goto("about:blank")
    page.goto(linked)
    assert page.input_value("textarea") == "SELECT title"


def decided(page: Page, action: str, why: str = "") -> str:
    """What the page of the decision says in the end."""
    page.fill("input[name=why]", why)
    page.click(f"button[value={action}]")
    page.wait_for_url("**/decisions/*")
    page.wait_for_selector("h1:not(:has-text('…'))", timeout=DECISION_MS)
    return page.locator("main tbody").inner_text()


def test_what_a_faulty_rule_kept_out_is_released_read_again_and_discarded(page: Page, house: House, axe: str) -> None:
    waiting = f"{house.url}/rejections?decided=no&reason=boilerplate"
    page.goto(waiting)
    links = page.locator("td.of-rejection a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == 3

    page.goto(links[0])
    page.click("button[value=discard]")
    assert page.locator("input[name=why]:invalid").count() == 1, "a decision without a reason is none"
    page.fill("input[name=why]", "not yet")
    page.press("input[name=why]", "Enter")
    assert page.url == links[0], "Enter decides nothing: which of the three should it be?"
    assert "released: it is in articles now" in decided(page, "release", "no promotion in it")
    assert not serious(page, axe)
    page.click("td a[href*='articles/']")
    page.wait_for_url("**/articles/*")
    assert "released" in page.locator("main").inner_text() and page.locator(".body p").count() > 1

    page.goto(links[1])
    assert "read again: it is in articles now" in decided(page, "reparse")

    page.goto(waiting)
    page.check("tbody input[type=checkbox]")
    page.fill("input[name=why]", "not yet")
    page.press("input[name=why]", "Enter")
    assert page.url == waiting
    assert page.locator("[data-chosen]").inner_text() == "1 ticked"
    with alone(house.layout.quarantine_lock):  # so that it takes longer than anybody waits
        page.fill("input[name=why]", "told elsewhere")
        page.click("button[value=discard]")
        page.wait_for_url("**/decisions/*")
        assert "0 of 1" in page.locator("h1").inner_text()
        page.evaluate("window.stayed = true")
    page.wait_for_selector("h1:not(:has-text('…'))", timeout=DECISION_MS)
    assert "discarded: it stays out" in page.locator("main tbody").inner_text()
    assert page.evaluate("window.stayed"), "it is not loaded again under its reader"
    page.goto(links[2])
    assert "told elsewhere" in page.locator("main").inner_text()
    page.goto(waiting)
    assert page.locator("td.of-rejection a").count() == 0
