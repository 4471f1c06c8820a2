"""Each field of an article, where it comes from, and what does not become one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from parse_pages import AR, DE, EN, FR, JA, KO, ld, meta, page

from newshouse.records import Author, Candidate, Wire
from newshouse.schemas import ARTICLES
from newshouse.sources.model import Source

SEOUL = Source("hanbit", "한빛신문", "KR", "ko", "Asia/Seoul", "https://hanbit.example/")


def candidate(raw: str | None, at: datetime | None, authors: tuple[str, ...] = ()) -> Candidate:
    return Candidate(
        "x", "https://x.example/a", "k", datetime(2026, 7, 5, tzinfo=UTC),
        feed_published_raw=raw, feed_published_at=at, feed_authors=authors,
    )  # fmt: skip


def test_the_title_comes_from_jsonld_with_entities_resolved(read):
    article = read(page(jsonld=ld(headline="Crews &amp; port &quot;closer&quot;")))
    assert article.title == 'Crews & port "closer"'
    assert article.field_origin["title"] == "jsonld"


@pytest.mark.parametrize(
    "suffix", [" | Harbour Courier", " - Harbour Courier", " – harbour-courier.example", " — World | Harbour Courier"]
)
def test_the_publisher_is_cut_from_the_title(read, suffix):
    assert read(page(title=f"Ferry strike talks resume{suffix}")).title == "Ferry strike talks resume"


def test_a_dash_inside_a_headline_stays(read):
    body = page(jsonld=ld(headline="Strait – a history of neglect"), h1="Something else", title="x")
    assert read(body).title == "Strait – a history of neglect"


def test_an_article_is_found_in_a_graph_with_references(read):
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "Harbour Courier"},
            {"@type": "Person", "@id": "#/p/1", "name": "Ines Falk"},
            ld(author={"@id": "#/p/1"}, datePublished="2026-07-04T08:15:00+02:00"),
        ]
    }
    article = read(page(jsonld=graph))
    assert article.authors == (Author("Ines Falk"),)
    assert article.published.at == datetime(2026, 7, 4, 6, 15, tzinfo=UTC)


def test_facts_are_picked_out_of_broken_jsonld(read):
    broken = (
        '{"@type":"NewsArticle","headline":"Crews "closer" now","datePublished":"2026-07-04T08:15:00Z",'
        '"author":[{"@type":"Person","name":"Ines Falk"}],}'
    )
    article = read(page(jsonld=broken))
    assert article.published.raw == "2026-07-04T08:15:00Z"
    assert article.authors == (Author("Ines Falk"),)


def test_trailing_commas_and_comments_around_jsonld_do_no_harm(read):
    article = read(page(jsonld='<!-- {"@type": "NewsArticle", "headline": "A calm sea",} -->'))
    assert (article.title, article.field_origin["title"]) == ("A calm sea", "jsonld")


def test_a_teaser_in_a_list_is_not_the_article(read):
    teaser = {"@type": "ItemList", "itemListElement": [ld(headline="Another story", datePublished="2020-01-01")]}
    article = read(page(jsonld=[teaser]))
    assert article.title == "Ferry strike talks resume"
    assert article.published is None or article.published.raw != "2020-01-01"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Lee Min-hyung, Kim Yoo-chul", ["Lee Min-hyung", "Kim Yoo-chul"]),
        ("By Ines Falk and Tom O’Dare", ["Ines Falk", "Tom O’Dare"]),
        ("Von Jörg Weiß und Anna-Lena Groß", ["Jörg Weiß", "Anna-Lena Groß"]),
        ("Par Zoé Lefèvre et Luc d'Aubigny", ["Zoé Lefèvre", "Luc d'Aubigny"]),
        ("Por María Núñez y José Gil", ["María Núñez", "José Gil"]),
        ("김하늘 기자", ["김하늘"]),
        ("김하늘·박바다 기자", ["김하늘", "박바다"]),
        ("記者 山田太郎", ["山田太郎"]),
        ("بقلم ليلى حداد", ["ليلى حداد"]),
        ("INES FALK", ["Ines Falk"]),
        ("By Ines Falk in Lisbon", ["Ines Falk"]),
        ("Dr. Ines Falk", ["Dr. Ines Falk"]),
    ],
)
def test_a_byline_gives_people(line, names):
    from newshouse.parse.people.bylines import split_byline

    found = split_byline(line)
    assert [person.name for person in found.people] == names
    assert found.wire is None


def test_role_and_organisation_are_no_people():
    from newshouse.parse.people.bylines import split_byline

    found = split_byline("By Ines Falk, Political Editor, and Tom O’Dare, Harbour University")
    assert found.people == (
        Author("Ines Falk", role="Political Editor"),
        Author("Tom O’Dare", organisation="Harbour University"),
    )
    assert found.wire is None


@pytest.mark.parametrize(
    ("line", "agency"),
    [("dpa", "dpa"), ("The Associated Press", "AP"), ("Von dpa/AFP", "dpa/AFP"), ("연합뉴스", "Yonhap")],
)
def test_an_agency_is_wire_and_not_an_author(read, line, agency):
    article = read(page(jsonld=ld(author={"@type": "Organization", "name": line})))
    assert article.authors == ()
    assert article.wire == Wire(agency, line)
    assert article.field_origin["wire"] == "jsonld"


def test_the_publisher_is_nobody(read):
    article = read(page(jsonld=ld(author={"@type": "Person", "name": "Harbour Courier"})))
    assert article.authors == ()
    assert article.byline == "Harbour Courier"


def test_job_title_and_employer_come_from_jsonld(read):
    author = {"@type": "Person", "name": "Ines Falk", "jobTitle": "Reporter", "worksFor": {"name": "Strait Radio"}}
    assert read(page(jsonld=ld(author=[author]))).authors == (Author("Ines Falk", "Reporter", "Strait Radio"),)


def test_a_profile_address_is_no_author(read):
    article = read(page("<p class='byline'>By Ines Falk</p>", head=meta(article__author="https://social.example/falk")))
    assert article.authors == (Author("Ines Falk"),)
    assert article.field_origin["authors"] == "html"
    assert all("By Ines Falk" not in p.text for p in article.paragraphs)


def test_a_time_keeps_its_text_zone_and_precision(read):
    moment = read(page(jsonld=ld(datePublished="2026-07-04T08:15+09:00"))).published
    assert (moment.raw, moment.precision, moment.utc_offset_min, moment.origin) == (
        "2026-07-04T08:15+09:00",
        "minute",
        540,
        "jsonld",
    )
    assert moment.at == datetime(2026, 7, 3, 23, 15, tzinfo=UTC)


def test_a_time_without_zone_is_read_in_the_publishers_zone(read):
    body = page(head=meta(article__published_time="2026-07-04 08:15:00"))
    at_home, abroad = read(body, source=SEOUL).published, read(body).published
    assert (at_home.at, at_home.utc_offset_min) == (datetime(2026, 7, 3, 23, 15, tzinfo=UTC), None)
    assert (abroad.at, abroad.utc_offset_min) == (datetime(2026, 7, 4, 8, 15, tzinfo=UTC), None)


def test_a_day_stays_that_day_in_every_zone(read):
    moment = read(page(jsonld=ld(datePublished="2026-07-04")), source=SEOUL).published
    assert (moment.at, moment.precision) == (datetime(2026, 7, 4, tzinfo=UTC), "day")


def test_microdata_time_elements_and_the_address_are_asked_in_turn(read):
    micro = page("<time itemprop='datePublished' datetime='2026-07-04T08:15:00Z'>today</time>")
    element = page("<time datetime='2026-07-04T09:00:00Z'>today</time>")
    assert read(micro).published.origin == "microdata"
    assert read(element).published.origin == "text"
    by_address = read(page()).published
    assert (by_address.origin, by_address.precision, by_address.at.day) == ("url", "day", 4)


def test_the_feed_is_the_fallback_and_loses_against_the_page(read):
    fed = candidate("Sat, 04 Jul 2026 08:15:00 +0200", datetime(2026, 7, 4, 6, 15, tzinfo=UTC), ("Ines Falk",))
    alone = read(page(), candidate=fed)
    assert (alone.published.origin, alone.published.raw) == ("feed", "Sat, 04 Jul 2026 08:15:00 +0200")
    assert (alone.published.utc_offset_min, alone.published.precision) == (120, "second")
    assert (alone.authors, alone.field_origin["authors"]) == ((Author("Ines Falk"),), "feed")
    stated = read(page(jsonld=ld(datePublished="2026-07-01T10:00:00Z")), candidate=fed)
    assert (stated.published.origin, stated.published.at.day) == ("jsonld", 1)


def test_a_time_after_the_capture_is_not_believed(read):
    future = datetime(2027, 1, 1, tzinfo=UTC)
    body = page(
        jsonld=ld(datePublished="2027-01-01T00:00:00Z"), head=meta(article__published_time="2026-07-04T08:00:00Z")
    )
    assert read(body).published.origin == "meta"
    assert (
        read(page(), url="https://x.example/a", candidate=candidate("Fri, 01 Jan 2027 00:00:00 GMT", future)).published
        is None
    )


def test_a_change_before_the_publication_is_not_one(read):
    both = ld(datePublished="2026-07-04T08:00:00Z", dateModified="2026-07-03T08:00:00Z")
    assert read(page(jsonld=both)).modified is None
    later = read(page(jsonld=both | {"dateModified": "2026-07-04T09:30:00Z"})).modified
    assert later.at == datetime(2026, 7, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "at", "precision"),
    [
        ("2026. 7. 4. 오후 3:05", (2026, 7, 4, 15, 5), "minute"),
        ("입력 : 2026-07-04 15:05", (2026, 7, 4, 15, 5), "minute"),
        ("2026年7月4日 15時05分", (2026, 7, 4, 15, 5), "minute"),
        ("4. Juli 2026, 15:05 Uhr", (2026, 7, 4, 15, 5), "minute"),
        ("4 juillet 2026 à 15h05", (2026, 7, 4, 15, 5), "minute"),
        ("Saturday, July 4, 2026 3:05 PM", (2026, 7, 4, 15, 5), "minute"),
        ("Published: 4 July 2026", (2026, 7, 4), "day"),
        ("4 يوليو 2026", (2026, 7, 4), "day"),
        ("20260704T150500Z", (2026, 7, 4, 15, 5), "second"),
        ("1783177500", (2026, 7, 4, 15, 5), "second"),
        ("2026-07", (2026, 7, 1), "month"),
        ("2026", (2026, 1, 1), "year"),
    ],
)
def test_printed_dates_are_read_in_many_languages(raw, at, precision):
    from newshouse.parse.dates.moments import read_moment

    moment = read_moment(raw, "text")
    assert (moment.at, moment.precision, moment.raw) == (datetime(*at, tzinfo=UTC), precision, raw)


@pytest.mark.parametrize(
    "raw", ["04/07/2026", "yesterday", "2026-13-40", "3 hours ago", "", "Juli", "99999999999999999999"]
)
def test_a_date_that_is_unclear_is_none(raw):
    from newshouse.parse.dates.moments import read_moment

    assert read_moment(raw, "text") is None


@pytest.mark.parametrize(
    ("text", "place", "agency", "date"),
    [
        ("SEOUL, July 4 (Yonhap) -- The port", "SEOUL", "Yonhap", "July 4"),
        ("BERLIN (dpa) - Die Fähren", "BERLIN", "dpa", None),
        ("Hamburg (dpa/lno) – Die Fähren", "Hamburg", "dpa/lno", None),
        ("LISBON, Portugal (AP) — Ferries", "LISBON, Portugal", "AP", None),
        ("(서울=연합뉴스) 해운 노조", "서울", "연합뉴스", None),
        ("【東京共同】フェリー", "東京", "共同", None),
        ("LONDON — Ferries", "LONDON", None, None),
        ("ΑΘΗΝΑ, 4 Αυγούστου (ΑΠΕ-ΜΠΕ) – Το λιμάνι", "ΑΘΗΝΑ", "ΑΠΕ-ΜΠΕ", "4 Αυγούστου"),
        ("नई दिल्ली, 4 अगस्त (भाषा) - बंदरगाह", "नई दिल्ली", "भाषा", "4 अगस्त"),
        ("МОСКВА, 4 августа. /ТАСС/. Порт", "МОСКВА", "ТАСС", "4 августа"),
        ("МОСКВА, 4 авг - РИА Новости. Порт", "МОСКВА", "РИА Новости", "4 авг"),
        ("Madrid, 4 ago (EFE).- El puerto", "Madrid", "EFE", "4 ago"),
        ("Madrid (EFE).- El puerto", "Madrid", "EFE", None),
        ("(ANSA) - ROMA, 4 AGO - Il porto", "ROMA", "ANSA", "4 AGO"),
        ("(ANSA) - Il porto resta chiuso", None, "ANSA", None),
        ("New Delhi, Aug 4 (PTI) The port", "New Delhi", "PTI", "Aug 4"),
    ],
)
def test_a_dateline_is_split(text, place, agency, date):
    from newshouse.parse.facts.dateline import read_dateline

    found = read_dateline(text)
    assert (found.place, found.agency, found.date_text) == (place, agency, date)


@pytest.mark.parametrize(
    "text",
    [
        "The port (and the town) - both tired - wait",
        "Ferries are back.",
        "He said (Reuters reported) that",
        "(Left) - The port stays closed",
        "Velden, Aug 4 (Tuesday) The port",
    ],
)
def test_an_ordinary_sentence_has_no_dateline(text):
    from newshouse.parse.facts.dateline import read_dateline

    assert read_dateline(text) is None


@pytest.mark.parametrize("label", ["URGENT", "NHL", "EXKLUSIV", "ÚLTIMA HORA", "EDITOR'S NOTE", "NEW DELHI"])
def test_words_in_capitals_before_a_colon_are_no_dateline(read, label):
    assert read(page(paragraphs=(f"{label}: {EN[0]}", *EN[1:]))).dateline is None


def test_a_dateline_names_the_wire(read):
    article = read(page(paragraphs=("SEOUL, July 4 (Yonhap) -- " + EN[0], *EN[1:])))
    assert (article.wire.agency, article.field_origin["wire"]) == ("Yonhap", "text")


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Ferries in the harbour, Thursday. Yonhap |", "Ferries in the harbour, Thursday.", "Yonhap"),
        ("Ferries in the harbour. Photo: Ines Falk", "Ferries in the harbour.", "Ines Falk"),
        ("Fähren im Hafen. Foto: Jörg Weiß/dpa", "Fähren im Hafen.", "Jörg Weiß/dpa"),
        ("Ferries in the harbour © Ines Falk", "Ferries in the harbour", "Ines Falk"),
        ("Ferries in the harbour (Photo by Ines Falk)", "Ferries in the harbour", "Ines Falk"),
        ("Ferries in the harbour. (AP)", "Ferries in the harbour.", "AP"),
        ("항구의 여객선 | 사진=한빛DB", "항구의 여객선", "한빛DB"),
        ("L'écluse fermée. JON ASKE / AFP", "L'écluse fermée.", "JON ASKE / AFP"),
        ("L'écluse fermée JON ASKE / AFP", "L'écluse fermée", "JON ASKE / AFP"),
        ("J. Aske / AFP", None, "J. Aske / AFP"),
        ("The eastern lock on Monday. | Jon Aske", "The eastern lock on Monday.", "Jon Aske"),
        ("The eastern lock on Monday. (Jon Aske/Courier)", "The eastern lock on Monday.", "Jon Aske/Courier"),
        ("La esclusa cerrada. JON ASKE (EFE)", "La esclusa cerrada.", "JON ASKE (EFE)"),
        ("JON ASKE (EFE)", None, "JON ASKE (EFE)"),
        ("The lock is shut. Courtesy of the Velden Museum", "The lock is shut.", "the Velden Museum"),
        ("De sluis is dicht. Beeld Jon Aske", "De sluis is dicht.", "Jon Aske"),
        ("Foto Jon Aske / dpa", None, "Jon Aske / dpa"),
        ("Foto Marathon in Berlin am Sonntag", "Foto Marathon in Berlin am Sonntag", None),
        ("Bild Die Fähre im Hafen", "Bild Die Fähre im Hafen", None),
        ("Photo Finish at the regatta", "Photo Finish at the regatta", None),
        ("ΦΩΤΟ: Νίκος Παππάς", None, "Νίκος Παππάς"),
        ("Kapalı kapak. Fotoğraf: AA", "Kapalı kapak.", "AA"),
        ("閉鎖された東水門＝4日午前、山田太郎撮影", "閉鎖された東水門＝4日午前", "山田太郎"),
        ("閉鎖された東水門（共同）", "閉鎖された東水門", "共同"),
        ("关闭的闸门。王小明 摄", "关闭的闸门。", "王小明"),
        ("閉鎖された東水門。ヘリから撮影", "閉鎖された東水門。ヘリから撮影", None),
        ("The mayor (Jon Aske)", "The mayor (Jon Aske)", None),
        ("A play staged by courtesy and luck.", "A play staged by courtesy and luck.", None),
        ("Ferries (left) in the harbour.", "Ferries (left) in the harbour.", None),
        ("", None, None),
    ],
)
def test_caption_and_credit_are_split(text, caption, credit):
    from newshouse.parse.media.captions import split_caption

    assert split_caption(text) == (caption, credit)


def test_a_figure_gives_media_and_its_caption_leaves_the_body(read):
    caption = "A boat at the pier. Photo: Ines Falk"
    figure = f"<figure><img src='/i/1.jpg' alt='A boat'><figcaption>{caption}</figcaption></figure>"
    article = read(page(figure))
    (item,) = article.media
    assert (item.url, item.alt, item.caption, item.credit) == (
        "https://www.harbour-courier.example/i/1.jpg", "A boat", "A boat at the pier.", "Ines Falk",
    )  # fmt: skip
    assert "A boat at the pier" not in article.body


def test_the_credit_element_of_a_figure_is_the_credit(read):
    caption = "A boat <span class='credit'>Strait Pictures</span>"
    figure = f"<figure><img src='/i/1.jpg'><figcaption>{caption}</figcaption></figure>"
    (item,) = read(page(figure)).media
    assert (item.caption, item.credit) == ("A boat", "Strait Pictures")


def test_section_tags_genre_subtitle_and_canonical_address(read):
    head = '<link rel="canonical" href="/world/ferry">'
    node = ld(
        **{"@type": "OpinionNewsArticle"},
        articleSection="World",
        keywords="ferry, strike,ferry",
        description="A standfirst.",
    )
    article = read(page(jsonld=node, head=head))
    assert (article.section, article.tags, article.genre, article.subtitle) == (
        "World",
        ("ferry", "strike"),
        "opinion",
        "A standfirst.",
    )
    assert article.canonical_url == "https://www.harbour-courier.example/world/ferry"


@pytest.mark.parametrize(("lang", "paragraphs"), [("ko", KO), ("de", DE), ("fr", FR), ("ar", AR), ("ja", JA)])
def test_the_declared_language_is_believed_and_an_undeclared_one_told(read, lang, paragraphs):
    declared = read(page(lang=lang, paragraphs=paragraphs))
    assert (declared.language, declared.language_confidence, declared.field_origin["language"]) == (lang, None, "html")
    told = read(page(lang="", paragraphs=paragraphs))
    assert (told.language, told.field_origin["language"]) == (lang, "text")
    assert 0 < told.language_confidence <= 1
    assert [p.text for p in declared.paragraphs] == list(paragraphs)


def test_a_template_language_is_overruled_by_a_long_text(read):
    assert read(page(lang="en", paragraphs=DE)).language == "de"


@pytest.mark.parametrize(
    ("node", "head", "access"),
    [
        (ld(isAccessibleForFree=True), "", "free"),
        (ld(isAccessibleForFree="False"), "", "paid"),
        (ld(isAccessibleForFree=True, hasPart={"@type": "WebPageElement", "isAccessibleForFree": "false"}), "", "paid"),
        (None, meta(article__content_tier="metered"), "metered"),
        (None, "", "unknown"),
    ],
)
def test_access_is_stated_with_evidence(read, node, head, access):
    article = read(page(jsonld=node, head=head))
    assert article.access == access
    assert (article.access_evidence is None) == (access == "unknown")


def test_rights_come_from_meta_headers_and_licence(read):
    head = '<meta name="robots" content="index, NOARCHIVE"><link rel="license" href="https://cc.example/by/4.0">'
    rights = read(
        page(head=head), headers={"Content-Type": "text/html", "X-Robots-Tag": "noimageindex", "TDM-Reservation": "1"}
    ).rights
    assert (rights.robots, rights.noarchive, rights.tdm_reservation) == ("index, noarchive, noimageindex", True, 1)
    assert rights.licence == "https://cc.example/by/4.0"


@pytest.mark.parametrize(
    ("header", "robots", "noarchive"),
    [
        ("bingbot: noarchive", None, None),
        ("noindex, otherbot: noarchive, nofollow", "noindex", False),
        ("otherbot: nofollow, googlebot: noarchive", "noarchive", True),
        ("max-snippet: 50, noarchive", "max-snippet: 50, noarchive", True),
    ],
)
def test_what_a_header_tells_another_crawler_is_not_told_to_all(read, header, robots, noarchive):
    rights = read(page(), headers={"X-Robots-Tag": header}).rights
    assert (rights.robots, rights.noarchive) == (robots, noarchive)


FIGURE = "<figure><img src='/a.jpg'><figcaption>{}</figcaption></figure>"


@pytest.mark.parametrize("around", [FIGURE, "<p class='photo-credit'>{}</p>"])
def test_the_licence_of_a_picture_is_not_that_of_the_article(read, around):
    link = "<a rel='license' href='https://cc.example/by/4.0'>CC BY</a>"
    assert read(page(around.format(link))).rights.licence is None
    both = page(around.format(link), "<p class='terms'><a rel='license' href='https://cc.example/nd'>CC ND</a></p>")
    assert read(both).rights.licence == "https://cc.example/nd"


def test_a_canonical_address_that_is_the_front_page_is_not_believed(read):
    own = "https://www.harbour-courier.example/world/ferry"
    front = '<link rel="canonical" href="/">'
    article = read(page(head=front + meta(og__url=own)))
    assert (article.canonical_url, article.field_origin["canonical_url"]) == (own, "meta")
    assert read(page(head=front)).canonical_url is None


def crumbs(*names):
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "item": {"name": name}}
            for at, name in reversed([*enumerate(names, 1)])
        ],
    }


@pytest.mark.parametrize(
    ("names", "section"),
    [
        (("Home", "World", "Strait", "Ferry strike talks resume"), "Strait"),
        (("Harbour Courier", "World"), "World"),
        (("Home", "Ferry strike talks resume"), None),
        (("Home", "How the crews and the port came to talk again"), None),
        (("World",), None),
    ],
)
def test_without_another_the_section_is_the_last_crumb_before_the_headline(read, names, section):
    assert read(page(jsonld=crumbs(*names))).section == section


def test_the_section_is_read_from_the_trail_that_is_printed(read):
    trail = "<ol class='breadcrumb'><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li></ol>"
    article = read(page().replace(b"<main>", f"{trail}<main>".encode()))
    assert (article.section, article.field_origin["section"]) == ("World", "html")
    assert (
        read(page(jsonld=ld(articleSection="Strait")).replace(b"<main>", f"{trail}<main>".encode())).section == "Strait"
    )


def test_tags_are_read_from_the_links_that_say_so(read):
    links = "<p>Tags: <a rel='tag' href='/t/lock'>lock</a> <a rel='tag' href='/t/ships'>ships</a></p>"
    other = "<div class='related'><a rel='tag' href='/t/bread'>bread</a></div>"
    body = page().replace(b"</article>", f"{links}{other}</article>".encode())
    article = read(body)
    assert (article.tags, article.field_origin["tags"]) == (("lock", "ships"), "html")
    assert read(page("<p><a rel='category tag' href='/c/news'>News</a></p>")).tags == ()


def test_silence_about_rights_is_none(read):
    rights = read(page()).rights
    assert (rights.robots, rights.noarchive, rights.tdm_reservation, rights.licence) == (None, None, None, None)


def test_every_filled_field_names_its_origin(read):
    node = ld(
        author="Ines Falk",
        datePublished="2026-07-04T08:15:00Z",
        description="A standfirst.",
        image="/i/1.jpg",
        isAccessibleForFree=True,
    )
    article = read(page(jsonld=node))
    filled = {"title", "subtitle", "published_at", "authors", "byline", "media", "language", "access", "body", "genre"}
    assert filled <= set(article.field_origin) <= {column.name for column in ARTICLES.columns}


def test_a_newspaper_that_signs_its_own_dateline_is_no_agency(read):
    article = read(page(lang="ko", paragraphs=("(부산=한빛신문) " + KO[0], *KO[1:])), source=SEOUL)
    assert (article.wire, article.dateline.place) == (None, "부산")


SLOGAN = "News from the harbour and the strait since 1871, every day except Sunday."


def test_the_slogan_of_a_site_is_no_subtitle(read):
    body = page(head=meta(og__description=SLOGAN))
    assert read(body.replace(b"<nav>", f"<header><p>{SLOGAN}</p></header><nav>".encode())).subtitle is None


def test_a_description_that_the_article_prints_is_its_subtitle(read):
    standfirst = "Crews and port authority meet on Monday after a night without result"
    article = read(page(f"<p class='sub'>{standfirst}</p>", head=meta(og__description=standfirst)))
    assert article.subtitle == standfirst


def test_a_kicker_before_the_headline_is_no_part_of_it(read):
    head = meta(og__title="Pilots return to work on Monday")
    assert read(page(h1="Strike in the strait: Pilots return to work on Monday", head=head)).title == (
        "Pilots return to work on Monday"
    )


def test_a_line_with_nothing_but_a_date_below_the_headline_is_the_date(read):
    article = read(page("<div><p>July 4, 2026</p></div>"), url="https://www.harbour-courier.example/story")
    assert (article.published.at, article.published.precision) == (datetime(2026, 7, 4, tzinfo=UTC), "day")


def test_a_kicker_inside_the_heading_is_no_part_of_the_headline(read):
    h1 = "<span class='story__overline'>Strike in the strait</span><span> - </span>Pilots return to work on Monday"
    assert read(page(h1=h1, title="Pilots return to work on Monday")).title == "Pilots return to work on Monday"
