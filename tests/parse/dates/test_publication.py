"""When an article was published, where no machine is told plainly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_pages import EN, ld, meta, page

from newshouse.parse.dates.moments import moment_in_url, moments_in, read_moment

NOWHERE = "https://www.harbour-courier.example/story"
FOURTH = datetime(2026, 7, 4, tzinfo=UTC)


def published(read, *blocks: str, **more):
    return read(page(*blocks, **more), url=NOWHERE).published


@pytest.mark.parametrize(
    "block",
    [
        "<div class='date'>4.7.26</div>",
        "<div>4. Juli 2026</div>",
        "<p>Pressemitteilung vom 4. Juli 2026 | Berlin</p>",
        "<p>04.07.2026 – Mehrfach und vehement hatte die Branche vor den Folgen gewarnt, und nun sind sie da.</p>",
        "<abbr class='published' title='2026-07-04'>Saturday</abbr>",
        "<span property='schema:dateCreated' content='2026-07-04'></span>",
        "<time datetime='2026-07-04'>Saturday</time>",
        "<p>2026 Jul 4</p>",
    ],
)
def test_a_printed_date_is_found(read, block):
    moment = published(read, block)
    assert (moment.at, moment.precision, moment.origin) == (FOURTH, "day", "text")


@pytest.mark.parametrize(
    "address", ["/2026/07/04/ferry", "/2026/july/04/ferry", "/2026-07-04-ferry", "/20260704-ferry"]
)
def test_an_address_may_carry_the_day(address):
    moment = moment_in_url(f"https://www.harbour-courier.example{address}")
    assert (moment.at, moment.origin) == (FOURTH, "url")


def test_an_address_with_the_day_first_is_read_where_no_country_reads_it_otherwise(read):
    assert moment_in_url("https://www.harbour-courier.example/news/24-07-2026").at.day == 24
    address = "https://www.harbour-courier.example/news/04-07-2026/ferry"
    assert moment_in_url(address) is None
    for lang, at in (("en-US", None), ("en", None), ("en-GB", FOURTH), ("de", FOURTH)):
        moment = read(page(lang=lang), url=address).published
        assert (moment and moment.at) == at, lang


def test_a_year_of_two_digits_is_read_only_in_an_element_that_is_named_after_a_date(read):
    assert published(read, "<p>Version 1.2.24</p>", "<p>4.7.26</p>") is None
    assert published(read, "<p>Version 1.2.24</p>", "<p class=date>4.7.26</p>").at == FOURTH


@pytest.mark.parametrize("offset", ["+24:00", "+25:00", "-99:00", "+99:99"])
def test_a_time_with_an_offset_that_no_clock_has_is_none(read, offset):
    assert read_moment(f"2026-07-04T08:15:00{offset}", "meta") is None
    stated = ld(datePublished=f"2026-07-04T08:15:00{offset}")
    assert read(page(f"<p class=date>4 July 2026 10:00 {offset}</p>", jsonld=stated), url=NOWHERE).published is None


def test_a_date_with_slashes_is_read_where_the_page_says_its_country(read):
    block = "<div class='date'>04/07/2026</div>"
    assert published(read, block, lang="fr").at == FOURTH
    assert published(read, block, lang="en-GB").at == FOURTH
    assert published(read, block, lang="en-US") is None


def test_the_date_of_a_change_alone_says_by_when_it_was_published(read):
    article = read(page("<p>Last updated: July 4, 2026</p>"), url=NOWHERE)
    assert (article.published.at, article.published.origin) == (FOURTH, "modified")
    assert (article.modified.at, article.modified.origin) == (FOURTH, "text")


def test_the_first_of_two_printed_dates_is_the_publication(read):
    moment = published(read, "<p>Updated July 6, 2026 | Published July 4, 2026</p>")
    assert (moment.at, moment.origin) == (FOURTH, "text")


def test_a_time_element_behind_the_word_updated_is_a_change(read):
    article = read(
        page(
            "<p>Updated <time datetime='2026-07-06T08:00:00Z'>Monday</time></p><time datetime='2026-07-04'>Sat</time>"
        ),
        url=NOWHERE,
    )
    assert (article.published.at, article.modified.at.day) == (FOURTH, 6)


def test_the_time_of_a_comment_comes_last(read):
    late = "<div class='comments'><time datetime='2026-07-01'>Wednesday</time></div>"
    assert published(read, late, "<time datetime='2026-07-04'>Saturday</time>").at == FOURTH


def test_the_time_of_a_comment_gives_way_to_a_printed_day(read):
    late = "<div class='comments'><time datetime='2026-07-06T10:00:00Z'>Monday</time></div>"
    assert published(read, "<div>by Ines Falk on July 4, 2026</div>", late).at == FOURTH
    assert published(read, late).at.day == 6


def test_a_time_in_the_teaser_of_another_story_comes_last(read):
    teaser = "<ul><li><time datetime='2026-07-08'></time> <a href=/a>The port of the strait opens again</a></li></ul>"
    own = page(teaser).replace(b"<main>", b"<div><time datetime='2026-07-04'></time></div><main>")
    assert read(own, url=NOWHERE).published.at == FOURTH


@pytest.mark.parametrize(
    "line",
    [
        "<p>July 4, 2026</p>",
        "<div>Saturday, 4 July 2026</div>",
        "<p>04.07.2026, 12:01 Uhr</p>",
        "<p>4 July 2026 • 3 min read</p>",
        "<p>Published on July 4, 2026</p>",
        f"<p>{EN[0]}</p><p class=byline>July 4, 2026</p>",
        f"<p>{EN[0]}</p><div>Published on:</div><h3>July 4, 2026</h3>",
        "<p>Ein Streit im Hafen</p><p>Samstag, 4. Juli 2026</p>",
    ],
)
def test_an_earlier_day_alone_below_the_headline_beats_what_machines_are_told(read, line):
    moment = published(read, line, head=meta(article__published_time="2026-07-06T11:52:00Z"))
    assert (moment.at.date(), moment.origin) == (FOURTH.date(), "text")


@pytest.mark.parametrize(
    "line",
    [
        "<p>July 8, 2026</p>",  # later: that of a change
        "<p>Updated July 4, 2026</p>",
        "<p>Ferries stopped on July 1, 2026</p>",
        "<p><a href=/archive>July 4, 2026</a></p>",
        "<dl><dt>Member since</dt><dd>July 4, 2016</dd></dl>",
        "<figcaption>July 1, 2026</figcaption>",
        "<h2>July 1, 2026</h2>",
        "<p>Born July 1, 2026</p>",
        "<p>May 8, 1945</p>",
        f"<p>{EN[0]}</p><p>July 1, 2026</p>",
    ],
)
def test_other_days_below_the_headline_do_not(read, line):
    moment = published(read, line, head=meta(article__published_time="2026-07-06T11:52:00Z"))
    assert (moment.at.day, moment.origin) == (6, "meta")


def test_a_day_of_another_year_is_believed_where_the_page_says_what_it_is(read):
    moment = published(read, "<p>First published on July 4, 2023</p>", jsonld=ld(datePublished="2026-07-06"))
    assert (moment.at.year, moment.origin) == (2023, "text")
    moment = published(read, "<p>7 min read</p><p>July 4, 2023</p>", jsonld=ld(datePublished="2026-07-06"))
    assert (moment.at.year, moment.origin) == (2023, "text")


def test_the_day_before_may_be_the_same_moment_in_another_time_zone(read):
    moment = published(read, "<p>July 4, 2026</p>", head=meta(article__published_time="2026-07-05T03:52:00Z"))
    assert moment.origin == "meta"


@pytest.mark.parametrize(
    ("stated", "shown", "offset"),
    [
        ("2026-07-05T01:25:54Z", "<p>July 4, 2026 | 9:25 pm</p>", -240),
        ("2026-07-05T01:25:54Z", "<p>July 4, 2026 9:25 pm EDT</p>", -240),
        ("2026-07-05T01:25:54Z", "<i data-at='2026-07-04T21:25:54-04:00'></i>", -240),
        ("2026-07-05T01:25:54Z", "<time datetime='2026-07-04 21:25:54'></time>", -240),
        ("2026-07-04T21:25:54Z", "<p>5 July 2026, 02:55</p>", 330),
        ("2026-07-04T22:00:00Z", "<p>5 July 2026</p>", 120),  # midnight
        ("2026-07-04T10:00:00Z", "<i data-created='2026-07-04 12:00:00'></i>", 120),
    ],
)
def test_a_local_clock_beside_a_time_in_utc_says_its_offset(read, stated, shown, offset):
    moment = published(read, shown, jsonld=ld(datePublished=stated))
    assert (moment.raw, moment.utc_offset_min) == (stated, offset)


@pytest.mark.parametrize(
    "shown",
    [
        "<p>July 4, 2026 | 9:26 pm</p>",
        "<p>Updated July 4, 2026, 9:25 pm</p>",
        "<p>July 4, 2026 | 3:25 am</p>",  # farther away than any clock
        "<p>July 5, 2026</p>",
        "<i data-at='2026-07-04T22:25:54-04:00'></i>",
    ],
)
def test_another_time_beside_it_says_nothing(read, shown):
    assert published(read, shown, jsonld=ld(datePublished="2026-07-05T01:25:54Z")).utc_offset_min == 0


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("2026-07-04T12:00:00Z", "<i data-next='2026-07-04T20:00:00'></i>"),
        ("2026-07-04T12:00:05Z", "<i data-created='2026-07-04T20:00:05.000Z'></i>"),
        ("2026-07-04T16:00:00Z", "<p>The strike starts on July 5, 2026, the crews said</p>"),
    ],
)
def test_a_full_hour_or_a_day_in_a_sentence_is_no_local_clock(read, stated, shown):
    assert published(read, shown, jsonld=ld(datePublished=stated)).utc_offset_min == 0


def test_a_date_with_slashes_may_be_followed_by_a_clock(read):
    body = page("<p>24/06/2026 08:15</p>", lang="es")
    assert read(body, url=NOWHERE).published.at == datetime(2026, 6, 24, 8, 15, tzinfo=UTC)
    ((_, moment),) = moments_in("6/24/2026 8:15 p.m.", "text")
    assert (moment.at, moment.precision) == (datetime(2026, 6, 24, 20, 15, tzinfo=UTC), "minute")
    assert moments_in("24/06/2026 12 comments", "text")[0][1].precision == "day"


def test_an_edition_in_the_address_says_its_country(read):
    body = page("<div>04/07/2026</div>").replace(b' lang="en"', b"")
    assert read(body, url="https://www.harbour-courier.example/en-gb/story").published.at == FOURTH
    assert read(body, url="https://www.harbour-courier.example/en-us/story").published is None


def test_a_year_that_runs_into_a_clock_is_no_year():
    assert [moment.at.year for _, moment in moments_in("Ines28.09.1912:44", "text")] == []


@pytest.mark.parametrize("quote", ['"', '\\"', "&quot;"])
def test_what_a_script_calls_the_publication_is_the_last_resort(read, quote):
    state = f"<i data-state='{{{quote}datePublished{quote}:{quote}2026-07-04T08:15:00Z{quote}}}'></i>"
    moment = published(read, state)
    assert (moment.at, moment.origin) == (datetime(2026, 7, 4, 8, 15, tzinfo=UTC), "script")


def test_scripts_that_name_two_days_name_none(read):
    state = '<i data-a=\'{"publishedAt":"2026-07-04"}\'></i><i data-b=\'{"publishedAt":"2026-07-01"}\'></i>'
    assert published(read, state) is None


def test_a_day_stamped_by_a_template_gives_way_to_the_printed_one(read):
    stamped = ld(datePublished="Jul 8, 2026", dateModified="Jul 8, 2026")
    moment = published(read, "<div>July 4, 2026</div>", jsonld=stamped)
    assert (moment.at, moment.origin) == (FOURTH, "text")
    assert published(read, jsonld=stamped).at.day == 8


def test_a_date_in_a_sentence_near_the_headline_is_not_the_publication(read):
    assert published(read, "<p>On July 1, 2026 the ferries stopped.</p>", "<div>July 4, 2026</div>").at == FOURTH


def test_a_day_without_a_clock_is_sharpened_by_a_later_statement(read):
    head = meta(article__published_time="2026-07-04T08:15:00Z")
    assert published(read, jsonld=ld(datePublished="2026-07-04"), head=head).precision == "second"


_LIKE_A_TIME = st.from_regex(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9][+-][0-9]{2}:?[0-9]{2}", fullmatch=True
)


def test_the_time_by_the_headline_is_that_of_the_article(read):
    teaser = "<ul><li><a href=/a>Port opens</a> <time datetime='2026-07-08'></time></li></ul>"
    body = page("<div><time datetime='2026-07-04'></time></div>").replace(b"<nav>", f"{teaser}<nav>".encode())
    assert read(body, url=NOWHERE).published.at == FOURTH


def test_what_stands_farther_from_the_headline_than_its_last_change_is_of_others(read):
    change = "<div>Updated <time datetime='2026-07-04T10:00:00Z'></time></div>"
    teaser = "<ul><li><a href=/a>Port opens</a> <time datetime='2026-07-08'></time></li></ul>"
    body = page(change).replace(b"</main>", f"</main>{teaser}".encode())
    moment = read(body, url=NOWHERE).published
    assert (moment.at.date(), moment.origin) == (FOURTH.date(), "modified")


def test_the_day_in_a_caption_is_that_of_the_picture(read):
    block = "<div class='caption'>The harbour, July 2, 2026</div><div>July 4, 2026</div>"
    assert published(read, block).at == FOURTH


def test_a_bare_year_gives_way_to_a_day(read):
    head = meta(citation_publication_date="1988") + "<meta itemprop=datePublished content='2026-07-04'>"
    assert published(read, head=head).at == FOURTH


def told_below(read, line):
    """When a page was published that says so in a line below its text, and the origin of that."""
    moment = read(page(lang="de").replace(b"</main>", f"<div>{line}</div></main>".encode()), url=NOWHERE).published
    return moment.at, moment.origin


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("Erschienen am: 04.07.2026", "text"),
        ("This article was originally published on July 4, 2026 but has been checked since", "text"),
        ("Diese Seite wurde zuletzt am 4. Juli 2026 geändert", "modified"),
    ],
)
def test_a_line_below_the_text_may_say_when_it_was_published(read, line, origin):
    assert told_below(read, line) == (FOURTH, origin)


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("Author: Ines Falk | Posted on July 4, 2026", "text"),
        ("Published by Ines Falk on July 4, 2026.", "text"),
        ("Letzte Änderung: 6. Juli 2026 Erschienen am: 4. Juli 2026 Lesungen: 61", "text"),
        ("Dieser Beitrag wurde am 4. Juli 2026 veröffentlicht und am 6. Juli 2026 geändert.", "text"),
        ("This page was first published on July 4, 2026 and updated on July 6, 2026.", "text"),
        ("Veröffentlicht und zuletzt geändert am 4. Juli 2026", "modified"),
    ],
)
def test_a_line_below_the_text_says_which_of_its_days_is_the_publication(read, line, origin):
    assert told_below(read, line) == (FOURTH, origin)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie wurde am 4. Juli 1976 in Hamburg geboren.",
        "Das Museum wurde am 3. Oktober 1990 eröffnet.",
        "„Das Museum wurde am 3. Oktober 1990 eröffnet.“",
        "The first report was published on 4 July 2019 by the ministry.",
        "Published on 4 July 2019, the first report named no harbour.",
        "Ein Foto, veröffentlicht am 4. Juli 2019, zeigt den Hafen.",
        "This article of the treaty, signed on 4 July 1976, is still in force.",
        "Le rapport publié le 4 juillet 2019 ne nomme aucun port.",
    ],
)
def test_a_day_that_a_sentence_of_the_text_tells_of_is_not_the_publication(read, sentence):
    assert published(read, lang="de", paragraphs=(*EN, sentence, EN[0])) is None
    assert published(read, lang="de", paragraphs=(EN[0], sentence, *EN)) is None


@pytest.mark.parametrize(("stated", "precision"), [("2024-05", "month"), ("2024", "year")])
@pytest.mark.parametrize("place", ["div class=comments", "aside class=related", "div"])
def test_a_month_or_year_that_the_publisher_states_does_not_give_way_to_another_day(read, stated, precision, place):
    other = f"<{place}><time datetime='2026-03-03T08:00:00Z'>3 March</time></{place.split()[0]}>"
    moment = published(read, other, jsonld=ld(datePublished=stated))
    assert (moment.at.year, moment.precision, moment.origin) == (2024, precision, "jsonld")


def test_the_year_of_a_cited_work_gives_way_to_a_day(read):
    cited = "<ol><li><meta itemprop=datePublished content='1988'>Tides of the strait, 1988</li></ol>"
    assert published(read, cited, head=meta(dc__date="2026-07-04").replace("dc:", "dc.")).at == FOURTH


@pytest.mark.parametrize("stated", ["2026-07", "2026"])
def test_a_day_within_the_stated_month_or_year_says_more(read, stated):
    moment = published(read, "<time datetime='2026-07-04'>Saturday</time>", jsonld=ld(datePublished=stated))
    assert (moment.at, moment.precision) == (FOURTH, "day")


def test_a_printed_month_gives_way_to_a_day(read):
    times = (
        "<p><time>July 2026</time></p>",
        "<p><time datetime='2026-07'>x</time><time datetime='2026-07-04'></time></p>",
    )
    assert published(read, *times).at == FOURTH


def test_a_heading_may_end_with_the_day(read):
    assert published(read, title="x", h1="Ferry strike talks resume <small>04.07.2026 •</small>").at == FOURTH


def test_a_day_and_a_clock_without_a_gap_are_told_apart():
    ((_, moment),) = moments_in("4. Juli 2026 um 23:03", "text")
    assert (moment.at.hour, moment.at.minute, moment.precision) == (23, 3, "minute")


def test_milliseconds_may_follow_a_colon():
    assert read_moment("2026-07-04T10:06:08:684Z", "jsonld").at == datetime(2026, 7, 4, 10, 6, 8, tzinfo=UTC)


def test_an_address_may_write_the_day_short():
    assert moment_in_url("https://www.harbour-courier.example/home/2026/7/4/ferries").at == FOURTH


@given(st.text(max_size=300) | _LIKE_A_TIME)
def test_any_text_is_read_without_an_exception(text):
    found = moments_in(text, "text", day_first=True, short_years=True)
    assert [start for start, _ in found] == sorted(start for start, _ in found)
    read_moment(text, "text")
    moment_in_url("https://x.example/" + text)


@pytest.mark.parametrize(
    "line",
    [
        "פורסם: 04.07.2026",
        "Опубликовано 4 июля 2026",
        "Δημοσίευση: 4 Ιουλίου 2026",
        "Giriş: 04.07.2026",
        "发布：2026-07-04",
    ],
)
def test_the_word_for_the_publication_is_known_in_more_languages(read, line):
    assert published(read, *(f"<p>{text}</p>" for text in EN), f"<p>{line}</p>").at == FOURTH


def test_the_day_on_which_a_book_was_first_published_is_none_of_the_article(read):
    assert (
        published(read, "<div>4 July 2026</div>", f"<p>{EN[0]}</p>", "<p>First published: 12 May 1954</p>").at == FOURTH
    )


def test_a_line_that_says_when_it_was_first_published_beats_the_date_by_the_headline(read):
    line = "<p>This article was originally published on 4 July 2026 but has been updated since.</p>"
    assert published(read, "<div>9 July 2026</div>", f"<p>{EN[0]}</p>", line).at == FOURTH


@pytest.mark.parametrize("label", ["YAYINLANMA", "Yayın tarihi", "GİRİŞ", "Giriş", "VERÖFFENTLICHT", "ОПУБЛИКОВАНО"])
def test_a_statement_in_capitals_is_one_in_every_language(read, label):
    line = f"<p>{label}: 04.07.2026 10:12 Harbour Courier, newsroom of the port</p>"
    body = page(paragraphs=(*EN, *EN, *EN, *EN)).replace(b"</body>", line.encode() + b"</body>")
    assert read(body, url=NOWHERE).published.at.isoformat()[:16] == "2026-07-04T10:12"


UNDATED = "https://www.harbour-courier.example/2026/07/04/ferry"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("By Ines Falk | July 4, 2026, 9:30 PM", "2026-07-04T21:30"),
        ("4 July 2026, 9:30 PM EDT", "2026-07-05T01:30"),
        ("5 July 2026, 9:30", "2026-07-04T00:00"),
        ("Kick-off: 4 July 2026, 20:00", "2026-07-04T00:00"),
        ("When: Saturday, 4 July 2026, 8:00 pm", "2026-07-04T00:00"),
        ("The vote begins on 4 July 2026 at 20:00", "2026-07-04T00:00"),
        ("Updated 4 July 2026, 9:30", "2026-07-04T00:00"),
        ("Talks began at 9:30", "2026-07-04T00:00"),
    ],
)
def test_the_day_of_the_address_gets_the_clock_that_is_printed_for_it(read, line, at):
    assert read(page(f"<p>{line}</p>"), UNDATED).published.at.isoformat()[:16] == at


@pytest.mark.parametrize(
    "behind",
    [
        "<ul><li><a href=/x>Another story</a> <span>4 July 2026 07:01</span></li></ul>",
        "<div><b>Anna</b><div>4 July 2026 10:12</div><p>Good for them, at last.</p></div>",
        "<h3>Addendum 4 July 2026 18:30:</h3><p>More boats left.</p>",
    ],
)
def test_a_clock_of_that_day_behind_the_text_is_not_that_of_the_article(read, behind):
    body = page(paragraphs=EN).replace(b"</body>", behind.encode() + b"</body>")
    assert body.count(behind.encode()) == 1
    assert read(body, UNDATED).published.precision == "day"


@pytest.mark.parametrize(
    ("line", "year"), [("4 July 1985", 1985), ("Born 4 July 1956", None), ("She came here on 4 July 1956", None)]
)
def test_a_day_before_there_was_a_web_is_believed_below_the_headline(read, line, year):
    moment = read(page(f"<p>{line}</p>"), "https://www.harbour-courier.example/tides").published
    assert (moment and moment.at.year) == year


@pytest.mark.parametrize(
    ("text", "year"), [("(4 July 2026) " + EN[0], 2026), ("[4 July 2016] it says, and " + EN[0], None)]
)
def test_a_day_in_brackets_begins_a_release_and_no_sentence(read, text, year):
    moment = read(page(paragraphs=(text, *EN[1:])), "https://www.harbour-courier.example/tides").published
    assert (moment and moment.at.year) == year


@pytest.mark.parametrize("line", ["First published 1997", "Published: 1997", "Erschienen 2011"])
def test_a_year_alone_is_that_of_a_book(read, line):
    assert read(page(f"<p>{line}</p>"), "https://www.harbour-courier.example/tides").published is None
    assert read(page("<p>4 July 2026</p>", paragraphs=(*EN, line)), UNDATED).published.at.year == 2026


@pytest.mark.parametrize(
    ("host", "raw", "day", "offset"),
    [
        ("www.harbour-courier.de", "2026-07-03T22:00:00Z", "2026-07-04", 120),
        ("www.harbour-courier.de", "2026-01-03T23:00:00.000Z", "2026-01-04", 60),
        ("www.harbour-courier.co.jp", "2026-07-03T15:00:00Z", "2026-07-04", 540),
        ("www.harbour-courier.de", "2026-07-03T23:00:00Z", "2026-07-03", 0),
        ("www.harbour-courier.de", "2026-07-03T22:04:00Z", "2026-07-03", 0),
        ("www.harbour-courier.example", "2026-07-03T22:00:00Z", "2026-07-03", 0),
        ("www.harbour-courier.de", "2026-07-04T00:00:00Z", "2026-07-04", 0),
    ],
)
def test_midnight_in_the_country_of_the_address_is_the_beginning_of_a_day(read, host, raw, day, offset):
    found = read(page(jsonld=ld(datePublished=raw)), f"https://{host}/ferry").published
    assert ((found.at + timedelta(minutes=found.utc_offset_min)).date().isoformat(), found.utc_offset_min) == (
        day,
        offset,
    )


@pytest.mark.parametrize(
    "paragraphs",
    [
        (f"(4 July 2026) {EN[0]}", *EN[1:]),
        (f"[4 July 2026] {EN[0]}", *EN[1:]),
    ],
)
def test_a_day_in_brackets_before_the_first_words_is_the_publication(read, paragraphs):
    assert read(page(paragraphs=paragraphs), "https://www.harbour-courier.example/x").published.at.day == 4


@pytest.mark.parametrize(
    "paragraphs",
    [
        (f"The treaty (4 July 2026) is signed. {EN[0]}", *EN[1:]),
        (EN[0], "28 January 1975", *EN[1:]),
        (EN[0], "12 October 1851", *EN[1:]),
    ],
)
def test_a_day_in_a_sentence_or_before_there_was_a_web_is_none(read, paragraphs):
    assert read(page(paragraphs=paragraphs), "https://www.harbour-courier.example/x").published is None


def test_a_day_beside_the_headline_in_its_element_is_the_publication(read):
    body = page(h1="Ferry strike talks resume<br><small>4 July 2026 • Harbour</small>")
    assert read(body, "https://www.harbour-courier.example/x").published.at.day == 4


def test_a_comment_lends_neither_its_day_nor_its_clock(read):
    comment = b"<div><p>Posted by Bob on 4 July 2026 at 08:15</p><p>I told you so.</p></div></article>"
    dated = read(page().replace(b"</article>", comment))
    assert (dated.published.precision, dated.published.raw) == ("day", "2026/07/04")
    undated = read(page().replace(b"</article>", comment), url="https://www.valecourier.example/a")
    assert undated.published is None


def test_what_is_said_before_a_time_element_counts_if_it_is_earlier(read):
    line = "<div>Published <time datetime='2026-06-13'>June 13</time></div>"
    told = ld(datePublished="2026-07-04T07:30:00Z")
    assert read(page(line, jsonld=told)).published.raw == "2026-06-13"
    assert read(page(line.replace("Published", "For tickets until"), jsonld=told)).published.origin == "jsonld"
    assert (
        read(page(line.replace("06", "07"), jsonld=ld(datePublished="2026-07-04T07:30:00Z"))).published.raw
        != "2026-06-13"
    )


def test_a_meta_element_and_the_printed_day_outweigh_jsonld(read):
    head = "<meta property='article:published_time' content='2026-07-03T09:30:00+02:00'>"
    shown, told = "<p>3 July 2026</p>", ld(datePublished="2026-06-01T07:30:00Z")
    assert read(page(shown, head=head, jsonld=told)).published.raw == "2026-07-03T09:30:00+02:00"
    assert read(page(head=head, jsonld=told)).published.origin == "jsonld"
    restated = told | {"dateModified": "2026-07-03T07:30:00Z"}  # an old article that was touched up
    assert read(page(shown, head=head, jsonld=restated)).published.origin == "jsonld"


@pytest.mark.parametrize(("lang", "offset"), [("en-IN", 330), ("hi", 330), ("he", 180), ("en", None)])
def test_ist_is_the_time_of_the_country_of_the_page(read, lang, offset):
    article = read(page("<p>Published: 4 July 2026 09:30 IST</p>", lang=lang), url="https://www.vale.example/a")
    assert article.published.utc_offset_min == offset


def test_the_clock_of_a_time_element_is_the_local_one(read):
    line = "<time class='date' datetime='2026-07-04T13:30:11.022Z'>July 04, 2026 at 9:30 am EDT</time>"
    head = "<meta property='article:published_time' content='2026-07-04T13:30:11.022Z'>"
    assert read(page(line, head=head)).published.utc_offset_min == -240


def test_rdfa_tells_the_last_change(read):
    line = "<i property='dateModified' content='2026-07-05T09:30:00+02:00'></i>"
    article = read(page(line, jsonld=ld(datePublished="2026-07-04T07:30:00Z")))
    assert (article.modified.raw, article.published.origin) == ("2026-07-05T09:30:00+02:00", "jsonld")
