from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.archive.http import http_date

MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
PIECES = st.sampled_from(["Fri,", "31", "Dec", "9999", "0001", "23:59:59", "99.99", "GMT", "-0100", "+9999", ":", "-"])


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",  # RFC 850, which recipients must still read
        "Sun Nov  6 08:49:37 1994",  # asctime
        "Sun, 06 Nov 1994 09:49:37 +0100",
    ],
)
def test_the_three_forms_of_a_date_are_read(text: str) -> None:
    assert http_date(text) == MOMENT


@pytest.mark.parametrize("text", [None, "", "0", "-1", "soon", "Fri, 31 Dec 9999 23:59:59 -0100", "9" * 5000])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert http_date(text) is None


@given(st.lists(PIECES | st.text(max_size=6), max_size=8).map(" ".join))
def test_no_text_breaks_it(text: str) -> None:
    moment = http_date(text)
    assert moment is None or moment.tzinfo is UTC
