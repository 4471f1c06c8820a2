from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newshouse.errors import StorageError
from newshouse.fetch.stage import fetch_candidates
from newshouse.records import Candidate
from newshouse.report import StageReport
from newshouse.sources.model import Politeness
from newshouse.urls import url_key

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def listed(url: str, source_id: str = "harbour", hours_old: float | None = 1.0, **fields) -> Candidate:
    published = None if hours_old is None else NOW - timedelta(hours=hours_old)
    return Candidate(source_id, url, url_key(url), NOW, feed_published_at=published, **fields)


def balanced(result):
    return StageReport("daily", "fetch", "00", result.tallies, 0.0, NOW).assert_balanced()


def test_each_candidate_ends_in_exactly_one_count(site, fetcher, source, respond) -> None:
    site.routes["/new"] = respond()
    site.routes["/same"] = respond(b"", "304 Not Modified")
    site.routes["/broken"] = respond(b"", "500 Oops")
    candidates = [listed(f"{site.url}/{name}") for name in ("new", "gone", "broken")]
    candidates.append(listed(f"{site.url}/same", reason="revisit", etag='"v1"', article_id="known"))
    result = fetch_candidates(candidates, {"harbour": source, "idle": replace(source, id="idle")}, fetcher)
    tally = balanced(result).tallies["harbour"]
    assert (tally.in_count, tally.out_count, tally.duplicate_count, tally.rejected_count) == (4, 1, 1, 2)
    assert tally.reasons == {"gone": 1, "server_error": 1}
    assert sorted(r.reasons for r in result.rejections) == [("gone",), ("server_error",)]
    assert all(r.warc_offset for r in result.rejections)
    assert sorted(c.outcome for c in result.captures) == ["fetched", "gone", "server_error", "unchanged"]
    assert result.tallies["idle"].in_count == 0


def test_the_budget_goes_to_the_first_and_the_rest_waits(site, fetcher, source) -> None:
    candidates = [listed(f"{site.url}/{name}", hours_old=None) for name in ("d", "a", "c", "b", "e")]
    small = replace(source, politeness=Politeness(max_articles=3))
    result = fetch_candidates(candidates, {"harbour": small}, fetcher)
    assert site.paths == ["/robots.txt", "/d", "/a", "/c"]
    over = {r.url: r.reasons for r in result.rejections if r.reasons == ("over_budget",)}
    assert set(over) == {f"{site.url}/b", f"{site.url}/e"}
    assert balanced(result).tallies["harbour"].reasons["over_budget"] == 2


def test_a_host_that_sources_share_has_a_budget_of_its_own(site, other_site, make_fetcher, source) -> None:
    sources = {name: replace(source, id=name) for name in ("harbour", "island")}
    candidates = [listed(f"{site.url}/{name}{n}", name) for n in range(3) for name in sources]
    candidates.append(listed(f"{other_site.url}/x", "island"))
    result = fetch_candidates(candidates, sources, make_fetcher(max_articles_per_host=4))
    assert site.paths == ["/robots.txt", "/harbour0", "/island0", "/harbour1", "/island1"]
    assert [r.reasons for r in result.rejections if r.detail and "budget" in r.detail] == [("host_over_budget",)] * 2
    balanced(result)


def test_the_same_page_of_two_sources_is_fetched_once(site, fetcher, source, respond) -> None:
    site.routes["/a"] = respond()
    sources = {name: replace(source, id=name) for name in ("harbour", "island")}
    result = fetch_candidates([listed(f"{site.url}/a", name) for name in sources], sources, fetcher)
    assert site.paths.count("/a") == len(result.captures) == 1
    counts = [(t.out_count, t.duplicate_count) for t in balanced(result).tallies.values()]
    assert counts == [(1, 0), (0, 1)]


def test_the_same_bytes_count_as_unchanged(site, make_fetcher, source, respond) -> None:
    site.routes["/a"] = respond(b"<p>Same</p>")
    fetcher = make_fetcher()
    known = fetcher.get(f"{site.url}/a", source=source, purpose="page")
    result = fetch_candidates(
        [listed(f"{site.url}/a")], {"harbour": source}, fetcher, originals={known.url_key: known.original}
    )
    assert result.tallies["harbour"].duplicate_count == 1


def test_a_repeated_stage_gives_the_same_and_asks_nothing(site, make_fetcher, source, respond) -> None:
    for name in "abc":
        site.routes[f"/{name}"] = respond(name.encode())
    candidates = [listed(f"{site.url}/{name}") for name in "abcd"]
    first = fetch_candidates(candidates, {"harbour": source}, make_fetcher())
    asked = len(site.requests)
    second = fetch_candidates(candidates, {"harbour": source}, make_fetcher())
    assert second.captures == first.captures
    assert [r.rejection_id for r in second.rejections] == [r.rejection_id for r in first.rejections]
    assert len(site.requests) == asked


def test_progress_reaches_its_total(site, other_site, fetcher, source) -> None:
    seen: list[tuple[int, int]] = []
    candidates = [listed(f"{one.url}/{n}") for one in (site, other_site) for n in range(3)]
    fetch_candidates(candidates, {"harbour": source}, fetcher, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(n, 6) for n in range(1, 7)]


def test_a_full_disk_ends_the_stage(site, fetcher, source, respond, monkeypatch) -> None:
    from newshouse.archive import warcfile

    def full(handle, data) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(warcfile, "write_all", full)
    with pytest.raises(StorageError, match="the disk is full"):
        fetch_candidates([listed(f"{site.url}/{n}") for n in range(5)], {"harbour": source}, fetcher)
    assert len(site.requests) == 1
