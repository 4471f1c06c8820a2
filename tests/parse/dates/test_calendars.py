"""The calendars of Persia, Thailand, Japan and Taiwan, and the digits that go with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.dates.calendars import common_date, year_of
from newshouse.parse.dates.moments import moments_in, read_moment

# The day on which the Persian year began, by the spring equinox.
NEW_YEARS = {
    1370: date(1991, 3, 21), 1375: date(1996, 3, 20), 1379: date(2000, 3, 20), 1387: date(2008, 3, 20),
    1399: date(2020, 3, 20), 1403: date(2024, 3, 20), 1404: date(2025, 3, 21), 1405: date(2026, 3, 21),
}  # fmt: skip


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_persian_year_begins_in_spring(year, day):
    assert common_date(year, 1, 1, "فروردین", "") == (day.year, day.month, day.day)


@given(st.integers(1343, 1472), st.integers(1, 12), st.integers(1, 31))
def test_persian_days_follow_each_other_without_a_gap(year, month, day):
    here = common_date(year, month, day, "مهر", "")
    if here is None:
        assert (day == 31 and month > 6) or (day == 30 and month == 12)
        return
    following = common_date(year, month, day + 1, "مهر", "") or common_date(
        year + (month == 12), month % 12 + 1, 1, "مهر", ""
    )
    assert following is not None
    assert date(*following) - date(*here) == timedelta(days=1)


def test_only_a_leap_year_has_a_thirtieth_of_its_last_month():
    assert common_date(1403, 12, 30, "اسفند", "") == (2025, 3, 20)
    assert common_date(1404, 12, 30, "اسفند", "") is None


def test_the_first_year_of_an_era_has_a_sign_of_its_own():
    assert (year_of("令和", "元"), year_of("平成", "31"), year_of("民國", "115")) == (2019, 2019, 2026)


@pytest.mark.parametrize(
    "printed",
    [
        "تاریخ انتشار: ۱۳ تیر ۱۴۰۵ - ۰۹:۳۰",
        "شنبه ۱۴۰۵/۰۴/۱۳ - ۰۹:۳۰",
        "۱۳ تیر ۱۴۰۵ ساعت ۹:۳۰",
        "4 กรกฎาคม พ.ศ. ๒๕๖๙ เวลา 09.30 น.",
        "令和8年7月4日(土) 午前9時30分",
        "2026年7月4日 星期六 09:30",
        "نشر في: السبت ٤ يوليو ٢٠٢٦ - ٩:٣٠ ص",
        "4 تموز/يوليو 2026 الساعة 9:30",
        "০৪ জুলাই ২০২৬, ০৯:৩০",
        "०४ जुलाई २०२६ ०९:३०",
        "04 ஜூலை 2026, 09:30",
        "04 జూలై 2026 09:30",
        "4 Temmuz 2026 Cumartesi 09:30",
        "4 juillet 2026 à 9 h 30",
        "4 julio 2026 9:30 a. m.",
        "4 Ιουλίου 2026 9:30 π.μ.",
        "Sat, 07/04/2026 - 09:30",
        "04.07.26 | 09:30",
    ],
)
def test_a_date_is_read_in_its_calendar_and_digits(printed):
    ((_, moment),) = moments_in(printed, "text")
    assert (moment.at.isoformat(), moment.precision) == ("2026-07-04T09:30:00+00:00", "minute")
    assert moment.raw in printed


def test_the_raw_date_keeps_its_own_digits():
    moment = read_moment("۱۴۰۵/۰۴/۱۳", "meta")
    assert moment is not None
    assert (moment.raw, moment.at.date()) == ("۱۴۰۵/۰۴/۱۳", date(2026, 7, 4))


def test_a_year_of_the_republic_is_read():
    ((_, moment),) = moments_in("中華民國115年7月4日", "text")
    assert (moment.at.date(), moment.precision) == (date(2026, 7, 4), "day")


@pytest.mark.parametrize(
    "text",
    [
        "115-07-04",  # a number as well
        "regulation 1408/7/1",
        "in the year 1405 the castle fell",
        "١٩ محرم ١٤٤٨",  # begins where the moon is seen
        "Sun, 07/04/2026 - 09:30",  # neither the fourth of July nor the seventh of April
        "Tue, 03/03/2026",  # the same both ways, and yet a date
        "version 4.7.26",
    ],
)
def test_what_only_looks_like_such_a_date_is_none(text):
    found = moments_in(text, "text")
    assert [m.at.date() for _, m in found] == ([date(2026, 3, 3)] if "03/03" in text else [])


def test_a_word_that_begins_with_a_is_no_half_of_the_day():
    ((_, moment),) = moments_in("4 July 2026 9:30 a man said", "text")
    assert moment.raw == "4 July 2026 9:30"


def test_the_zone_of_moscow_is_known_in_its_own_letters():
    ((_, moment),) = moments_in("09:30 (МСК) 04.07.2026", "text")
    assert moment.utc_offset_min == 180
