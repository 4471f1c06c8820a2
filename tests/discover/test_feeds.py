from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.discover.feeds import parse_feed
from newshouse.discover.listing import MAX_ENTRIES, Entry, Feed, Hints, NotAFeed

URL = "https://www.harbour-post.example/feeds/news"


def read(text: str | bytes, url: str = URL) -> Feed:
    feed = parse_feed(text if isinstance(text, bytes) else text.encode(), url)
    assert isinstance(feed, Feed), feed
    return feed


def refused(text: str | bytes) -> str:
    feed = parse_feed(text if isinstance(text, bytes) else text.encode(), URL)
    assert isinstance(feed, NotAFeed), feed
    assert feed.detail
    return feed.reason


def rss(*items: str, channel: str = "", attributes: str = "") -> str:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {spaces} {attributes}><channel>{channel}{body}</channel></rss>'


def item(text: str, **more: str) -> Entry:
    (entry,) = read(rss(text, **more)).entries
    return entry


def atom(*entries: str, feed: str = "", attributes: str = "") -> str:
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{feed}{body}</feed>'


def entry(text: str, **more: str) -> Entry:
    (found,) = read(atom(text, **more)).entries
    return found


def test_an_rss_item_gives_all_it_says() -> None:
    got = item(
        "<title>Bridge opens &amp; ferries stop</title><link>https://www.harbour-post.example/bridge</link>"
        "<dc:creator>Ada Quay</dc:creator><dc:creator>Ben Pier</dc:creator>"
        "<pubDate>Sun, 22 Nov 2026 19:30:00 +0900</pubDate>"
        "<atom:updated>2026-11-22T11:00:00Z</atom:updated>",
        channel="<language>en-GB</language>",
    )
    assert got == Entry(
        kind="rss",
        link="https://www.harbour-post.example/bridge",
        title="Bridge opens & ferries stop",
        published_raw="Sun, 22 Nov 2026 19:30:00 +0900",
        published_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        updated_raw="2026-11-22T11:00:00Z",
        updated_at=datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
        authors=("Ada Quay", "Ben Pier"),
        language="en-GB",
    )


def test_an_atom_entry_gives_all_it_says() -> None:
    got = entry(
        '<title type="html">Le &lt;em&gt;pont&lt;/em&gt; est ouvert</title>'
        '<link rel="self" href="/self"/><link href="/pont"/><link rel="enclosure" href="/pont.mp3"/>'
        "<published>2026-11-22T10:30:00+01:00</published><updated>2026-11-22T12:00:00+01:00</updated>"
        "<author><name>Zoé Quai</name><email>z@harbour-post.example</email></author>",
        attributes='xml:lang="fr"',
    )
    assert got.kind == "atom"
    assert (got.link, got.title) == ("https://www.harbour-post.example/pont", "Le pont est ouvert")
    assert got.published_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert got.updated_at == datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    assert (got.authors, got.language) == (("Zoé Quai",), "fr")


def test_rdf_is_read_as_rss() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><dc:language>ja</dc:language></channel>'
        '<item rdf:about="https://www.harbour-post.example/1"><title>橋</title><dc:date>2026-11-22T10:30+09:00</dc:date>'
        "</item></rdf:RDF>"
    )
    (got,) = feed.entries
    assert (feed.kind, got.title, got.language) == ("rss", "橋", "ja")
    assert got.link == "https://www.harbour-post.example/1"
    assert got.published_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_old_rss_with_a_doctype_is_read(version: str) -> None:
    (got,) = read(
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        f'<rss version="{version}"><channel><item><title>A</title><link>/a</link></item></channel></rss>'
    ).entries
    assert got.link == "https://www.harbour-post.example/a"


def test_atom_0_3_is_read() -> None:
    (got,) = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title>'
        '<link rel="alternate" type="text/html" href="https://www.harbour-post.example/a"/>'
        "<issued>2026-11-22T10:00:00Z</issued><modified>2026-11-22T11:00:00Z</modified></entry></feed>"
    ).entries
    assert got.link == "https://www.harbour-post.example/a"
    assert (got.published_raw, got.updated_raw) == ("2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z")


def test_the_kind_is_told_by_the_content_and_not_by_the_content_type() -> None:
    feed = parse_feed(atom("<link href='/a'/>").encode(), "https://x.example/feed.json", "application/json")
    assert isinstance(feed, Feed)
    assert feed.kind == "atom"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("<link>a/b</link>", "https://www.harbour-post.example/feeds/a/b"),
        ("<link>/a</link>", "https://www.harbour-post.example/a"),
        ("<link>//cdn.harbour-post.example/a</link>", "https://cdn.harbour-post.example/a"),
        ("<link>\n  https://www.harbour-post.example/a\n</link>", "https://www.harbour-post.example/a"),
        ("<link xml:base='https://other.example/x/'>a</link>", "https://other.example/x/a"),
        ("<link><![CDATA[/a?x=1&y=2]]></link>", "https://www.harbour-post.example/a?x=1&y=2"),
        ("<link>/a?x=1&amp;amp;y=2</link>", "https://www.harbour-post.example/a?x=1&y=2"),
        ("<link>/a?x=1&y=2&copy=3</link>", "https://www.harbour-post.example/a?x=1&y=2&copy=3"),
        ("<link/><guid>https://www.harbour-post.example/g</guid>", "https://www.harbour-post.example/g"),
        ("<guid isPermaLink='false'>https://www.harbour-post.example/g</guid>", None),
        ("<guid>post-77</guid>", None),
        ("<title>No link</title>", None),
        ("<atom:link rel='self' href='/s'/><atom:link href='/a'/>", "https://www.harbour-post.example/a"),
        ("<link>mailto:desk@harbour-post.example</link>", "mailto:desk@harbour-post.example"),
    ],
)
def test_the_link_of_an_item(text: str, link: str | None) -> None:
    assert item(text).link == link


def test_the_publishers_own_address_goes_before_that_of_a_feed_proxy() -> None:
    got = item(
        "<link>https://feedproxy.example/~r/1</link>"
        "<f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>https://www.harbour-post.example/a</f:origLink>"
    )
    assert got.link == "https://www.harbour-post.example/a"


def test_nested_xml_bases_hang_on_each_other() -> None:
    got = entry("<link xml:base='c/' href='d'/>", attributes="xml:base='/a/b/'")
    assert got.link == "https://www.harbour-post.example/a/b/c/d"


@pytest.mark.parametrize("raw", ["yesterday at noon", "2026-11-22", "Sun, 22 Nov 2026 10:30:00", "1763806200", "10:30"])
def test_a_date_that_states_no_moment_is_kept_as_written_and_not_guessed(raw: str) -> None:
    got = item(f"<link>/a</link><pubDate>{raw}</pubDate>")
    assert (got.published_raw, got.published_at) == (raw, None)


def test_a_date_in_the_future_is_kept_as_the_feed_states_it() -> None:
    got = item("<link>/a</link><pubDate>Fri, 01 Jan 2038 00:00:00 GMT</pubDate>")
    assert got.published_at == datetime(2038, 1, 1, tzinfo=UTC)


def test_a_missing_date_is_none_and_not_the_date_of_change() -> None:
    got = entry("<link href='/a'/><updated>2026-11-22T10:00:00Z</updated>")
    assert (got.published_raw, got.published_at) == (None, None)
    assert got.updated_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("<author>desk@harbour-post.example (Ada Quay)</author>", ("Ada Quay",)),
        ("<author>Ada Quay &lt;ada@harbour-post.example&gt;</author>", ("Ada Quay",)),
        ("<author>desk@harbour-post.example</author>", ()),
        ("<author>Ada Quay</author><dc:creator>Ada Quay</dc:creator>", ("Ada Quay",)),
        ("<dc:creator><![CDATA[Ada\n Quay]]></dc:creator>", ("Ada Quay",)),
        ("<dc:creator/>", ()),
    ],
)
def test_authors_are_names_without_mail_addresses(text: str, authors: tuple[str, ...]) -> None:
    assert item(f"<link>/a</link>{text}").authors == authors


def test_an_atom_entry_without_an_author_has_the_feeds() -> None:
    assert entry("<link href='/a'/>", feed="<author><name>Ada Quay</name></author>").authors == ("Ada Quay",)


def test_the_editor_of_an_rss_feed_is_nobodys_author() -> None:
    got = item("<link>/a</link>", channel="<managingEditor>Ed</managingEditor><author>Ed</author>")
    assert got.authors == ()


def test_titles_of_pictures_are_not_titles_of_articles() -> None:
    got = item(
        "<m:content xmlns:m='http://search.yahoo.com/mrss/' url='/p.jpg'><m:title>Picture</m:title></m:content>"
        "<m:title xmlns:m='http://search.yahoo.com/mrss/'>Picture</m:title><title>Article</title><link>/a</link>"
    )
    assert got.title == "Article"


def test_names_of_characters_that_only_html_knows_are_understood() -> None:
    assert item("<title>Caf&eacute;&nbsp;&ndash; AT&T &unheard; &#8364;</title>").title == "Café – AT&T &unheard; €"


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_an_empty_feed_is_a_feed_without_entries(kind: str) -> None:
    assert read({"rss": rss(), "atom": atom()}[kind]) == Feed(kind, ())  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"", b" \n ", b"\xef\xbb\xbf", b"\x00\x00"])
def test_a_body_with_nothing_in_it_is_no_feed(body: bytes) -> None:
    assert refused(body) == "empty_body"


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Please enable JavaScript</body></html>",
        "\n<!-- cache --><!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><title>x</title>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head/></html>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'a' 'b'><html/>",
        "<div>Access denied</div>",
        "<script>location='/consent'</script>",
    ],
)
def test_a_page_instead_of_a_feed_is_named_so(page: str) -> None:
    assert refused(page) == "feed_is_html"


@pytest.mark.parametrize("text", ["Not found", "<opml><body/></opml>", "<urlset/>", "%PDF-1.7 <<", "\x89PNG\r\n"])
def test_anything_else_is_no_feed(text: str) -> None:
    assert refused(text) == "not_a_feed"


BOMB = "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(9))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{BOMB}]>",
        f"<!-- x --><!DOCTYPE a><!DOCTYPE rss [<!ENTITY l0 'lol'>{BOMB}]>",
        "<!DOCTYPE rss [<!ENTITY % a 'b'><!ENTITY c '%a;'>]>",
        "<!DOCTYPE rss [<!ENTITY never 'closed'",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused_before_any_parser_sees_it(doctype: str, encoding: str) -> None:
    feed = f"<?xml version='1.0'?>{doctype}<rss><channel><item><title>&l9;</title></item></channel></rss>"
    started = time.perf_counter()
    assert refused(feed.encode(encoding)) == "entity_bomb"
    assert time.perf_counter() - started < 5


def test_an_external_entity_reads_no_file(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a plain name is what the attack holds
        file.write("the secret")
    got = read(
        f"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{secret}'>]><rss><channel><item><title>a &x; b</title>"
        "<link>/a</link></item></channel></rss>"
    )
    assert "secret" not in (got.entries[0].title or "").replace("&x;", "")


def test_a_body_that_is_a_path_opens_no_file(tmp_path: object) -> None:
    path = f"{tmp_path}/feed.xml"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a plain name is what the attack holds
        file.write(rss("<link>/a</link>"))
    assert refused(path) == "not_a_feed"


@pytest.mark.parametrize(
    "broken",
    [
        rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>").replace("</channel></rss>", ""),
        rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link></oops>"),
        rss("<title>A <b>bold</title><link>/a</link>", "<title>B</title><link>/b</link>"),
        rss("<title>A \x0c</title><link>/a</link>", "<undeclared:x>1</undeclared:x><title>B</title><link>/b</link>"),
        "Warning: something in line 3\n" + rss("<title>A</title><link>/a</link>", "<link>/b</link><title>B</title>"),
        rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>") + "<!-- 0.3 s --><junk>",
        "\n\n" + rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>"),
    ],
)
def test_a_broken_feed_gives_what_can_be_read(broken: str) -> None:
    assert [(e.link or "")[-2:] for e in read(broken).entries] == ["/a", "/b"]


def test_a_feed_that_stops_in_the_middle_keeps_the_items_before() -> None:
    whole = rss(*(f"<title>T{n}</title><link>/{n}</link>" for n in range(50)))
    got = read(whole[: len(whole) // 2]).entries
    assert 23 <= len(got) <= 26
    assert got[0].link == "https://www.harbour-post.example/0"


def test_what_our_reader_does_not_know_is_read_by_the_forgiving_one() -> None:
    (got,) = read("<CHANNEL><ITEM HREF='https://www.harbour-post.example/a'><TITLE>A</TITLE></ITEM></CHANNEL>").entries
    assert (got.link, got.title) == ("https://www.harbour-post.example/a", "A")


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-8", "다리가 열렸다"),
        ("utf-16", "다리가 열렸다"),
        ("utf-32", "다리가 열렸다"),
        ("euc-kr", "다리가 열렸다"),
        ("shift_jis", "橋が開通した"),
        ("euc-jp", "橋が開通した"),
        ("iso-2022-jp", "橋が開通した"),
        ("gb2312", "大桥通车"),
        ("big5", "大橋通車"),
        ("koi8-r", "Мост открыт"),
        ("windows-1251", "Мост открыт"),
        ("iso-8859-1", "Brücke eröffnet"),
        ("iso-8859-7", "Η γέφυρα άνοιξε"),
        ("windows-1256", "افتتح الجسر"),
    ],
)
def test_a_feed_in_any_encoding_keeps_its_words(encoding: str, title: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><item><title>{title}</title></item></channel></rss>'
    )
    assert read(text.encode(encoding)).entries[0].title == title


def test_a_feed_without_end_is_cut_and_says_so() -> None:
    feed = read(f"<rss><channel>{'<item/>' * (MAX_ENTRIES + 5)}</channel></rss>")
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.damage


@pytest.mark.parametrize(
    "hostile",
    [
        "<" * 200_000,
        "<!--" * 100_000,
        "<!DOCTYPE rss [" + "<!--" * 100_000,
        "<?" * 100_000,
        "<rss>" + "&" * 500_000,
        "<rss><![CDATA[" * 30_000,
        "<a>" * 100_000,
        "<rss><channel><item><author>" + "a@" * 200_000 + "</author></item></channel></rss>",
        "<rss><channel><item><title>" + "<a " * 100_000 + "</title></item></channel></rss>",
        "[" * 200_000,
        '{"items":' * 50_000,
    ],
)
def test_a_feed_made_to_be_slow_is_not(hostile: str) -> None:
    started = time.process_time()
    parse_feed(hostile.encode(), URL)
    assert time.process_time() - started < 10  # quadratic work would take minutes


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(body: bytes) -> None:
    assert isinstance(parse_feed(body, URL, None), Feed | NotAFeed)


PIECES = [
    "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<title>", "</title>", "<link>", "<link href='http://[bad'/>", "</link>", "http://[", "<pubDate>", "</pubDate>",
    "<![CDATA[", "]]>", "&amp;", "&x;", "&#0;", "<!DOCTYPE rss [", "]>", "<!ENTITY a 'b'>", "<!--", "-->", "<?xml?>",
    "2026-11-22T10:00:00Z", "é", "\ud800", " ", "xml:base='//['", "<x xml:base='::'>", "<guid>", "{", '"items":[', "}",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_mixture_of_feed_pieces_is_answered(text: str) -> None:
    feed = parse_feed(text.encode("utf-8", "replace"), URL, "text/xml; charset=utf-8")
    assert isinstance(feed, Feed | NotAFeed)
    if isinstance(feed, Feed):
        for found in feed.entries:
            for value in (found.link, found.title, found.published_raw, *found.authors):
                (value or "").encode()


@pytest.mark.parametrize(
    ("head", "hints"),
    [
        ("<ttl>30</ttl>", Hints(1800.0)),
        ("<ttl>soon</ttl><ttl></ttl>", Hints()),
        ("<skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>", Hints(None, frozenset({0, 7}))),
        ("<skipDays><day>Sunday</day><day>Someday</day></skipDays>", Hints(None, frozenset(), frozenset({6}))),
        (
            '<s:updatePeriod xmlns:s="http://purl.org/rss/1.0/modules/syndication/">hourly</s:updatePeriod>'
            '<s:updateFrequency xmlns:s="http://purl.org/rss/1.0/modules/syndication/">4</s:updateFrequency>',
            Hints(900.0),
        ),
        ("", Hints()),
    ],
)
def test_a_feed_says_when_it_wants_to_be_read(head: str, hints: Hints) -> None:
    feed = parse_feed(
        f"<rss><channel>{head}<item><link>/a</link></item></channel></rss>".encode(), "https://a.example/"
    )
    assert isinstance(feed, Feed)
    assert feed.hints == hints


NEXT = '<atom:link rel="self" href="/f"/><atom:link rel="next" href="/f?page=2"/>'


@pytest.mark.parametrize(
    ("text", "older"),
    [
        (rss(channel=NEXT), "https://www.harbour-post.example/f?page=2"),
        (atom(feed='<link rel="prev-archive" href="2026-10"/>'), "https://www.harbour-post.example/feeds/2026-10"),
        (
            atom(feed='<link rel="prev-archive" href="/1"/><link rel="NEXT" href="/2"/>'),
            "https://www.harbour-post.example/2",
        ),
        (atom(feed='<link rel="next" href="b"/>', attributes='xml:base="/a/"'), "https://www.harbour-post.example/a/b"),
        (rss(channel='<atom:link rel="next"/>'), None),
        (rss("<link>/a</link><atom:link rel='next' href='/b'/>"), None),  # of an article, not of the feed
        (rss(), None),
    ],
)
def test_the_page_of_older_entries_is_known(text: str, older: str | None) -> None:
    assert read(text).older == older
