"""A sign of a time zone means the clock of the place that the page comes from."""

from __future__ import annotations

import pytest
from parse_pages import page

LINES = {
    "https://www.harbour-courier.com.au/ferry": ("Published 4 July 2026, 9:30 AM EST", "2026-07-03T23:30", 600),
    "https://www.harbour-courier.net.au/ferry": ("Published 4 January 2026, 9:30 AM EDT", "2026-01-03T22:30", 660),
    "https://www.harbour-courier.com.my/ferry": ("Published 4 July 2026, 9:30 AM MST", "2026-07-04T01:30", 480),
    "https://www.harbour-courier.ph/ferry": ("Published 4 July 2026, 9:30 AM PST", "2026-07-04T01:30", 480),
}
AMERICAN = {
    "https://www.harbour-courier.example/ferry": ("Published 4 July 2026, 9:30 AM EDT", "2026-07-04T13:30", -240),
    "https://www.harbour-courier.ca/ferry": ("Published 4 July 2026, 9:30 AM MST", "2026-07-04T16:30", -420),
    "https://www.harbour-courier.com.au/ferry": ("Published 4 July 2026, 9:30 AM PDT", "2026-07-04T16:30", -420),
    "https://www.harbour-courier.com.my/ferry": ("Published 4 July 2026, 9:30 AM EST", "2026-07-04T14:30", -300),
}


@pytest.mark.parametrize("found", [LINES, AMERICAN], ids=["elsewhere", "as in America"])
def test_the_sign_is_read_where_the_page_comes_from(read, found):
    for url, (line, at, offset) in found.items():
        moment = read(page(f"<p class=date>{line}</p>"), url).published
        assert (moment.at.isoformat()[:16], moment.utc_offset_min) == (at, offset), url


def test_a_sign_in_brackets_is_read_as_well(read):
    line = "<p class=date>Published July 4, 2026, 9:30 AM (IST)</p>"
    assert read(page(line, lang="en-IN")).published.utc_offset_min == 330


def test_the_region_of_the_language_tells_where_the_address_does_not(read):
    line = "<p class=date>Published 4 July 2026, 9:30 AM EST</p>"
    assert read(page(line, lang="en-AU")).published.utc_offset_min == 600
    assert read(page(line, lang="en-US")).published.utc_offset_min == -300
