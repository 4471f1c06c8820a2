"""Where credits stand, and which of them is believed."""

from __future__ import annotations

import pytest
from parse_pages import EN, JA, KO, ld, meta, page

from newshouse.parse.columns import columns
from newshouse.records import Author, Wire


def label(label: str, data: str) -> str:
    return f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="{data}">'


def test_the_label_of_a_shared_link_names_the_author(read):
    article = read(page(head=label("Escrito por", "Ines Falk")))
    assert (article.authors, article.field_origin["authors"]) == ((Author("Ines Falk"),), "meta")
    assert read(page(head=label("Est. reading time", "3 minutes"))).authors == ()


def test_a_full_name_in_print_is_better_than_an_account(read):
    article = read(page("<p class='byline'>By Ines Falk</p>", jsonld=ld(author={"name": "ifalk"})))
    assert (article.authors, article.field_origin["authors"]) == ((Author("Ines Falk"),), "html")


def test_a_printed_line_with_more_names_is_the_whole_one(read):
    article = read(page("<p class='byline'>By Ines Falk and Tom O’Dare</p>", jsonld=ld(author={"name": "Ines Falk"})))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom O’Dare"]


def test_what_a_printed_line_says_beside_the_name_is_no_further_author(read):
    line = "<p class='byline'>By Ines Falk and harbour matters</p>"
    assert read(page(line, jsonld=ld(author={"name": "Ines Falk"}))).authors == (Author("Ines Falk"),)


def test_who_comments_is_no_author(read):
    body = page().replace(b"</article>", b"<div class='comment-list'><p class='author'>Rude Reader</p></div></article>")
    assert (read(body).authors, read(body).byline) == ((), None)


def test_by_may_stand_in_a_block_of_its_own(read):
    assert read(page("<div>By</div><div>Ines Falk</div>")).authors == (Author("Ines Falk"),)


def test_bylines_side_by_side_are_one_line(read):
    article = read(page("<div><p class='byline'>Ines Falk</p><p class='byline'>Tom O’Dare</p></div>"))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom O’Dare"]


def test_a_house_told_to_machines_gives_way_to_a_printed_person(read):
    article = read(page("<div>von Ines Falk</div>", head=meta(author="Harbour Courier")))
    assert (article.authors, article.byline) == ((Author("Ines Falk"),), "von Ines Falk")


def test_a_desk_is_a_byline_and_nobody(read):
    article = read(page("<h4 class='author-name'>By The Harbour Editors</h4>"))
    assert (article.authors, article.byline) == ((), "By The Harbour Editors")


def test_the_credit_counts_people_agencies_and_houses(read):
    both = read(page(jsonld=ld(author=[{"name": "Ines Falk"}, {"@type": "Organization", "name": "dpa"}])))
    assert (both.credit, both.field_origin["credit"]) == (("Ines Falk", "dpa"), "jsonld")
    assert read(page(jsonld=ld(author={"@type": "Organization", "name": "Reuters"}))).credit == ("Reuters",)
    assert read(page(jsonld=ld(author={"name": "Harbour Courier"}))).credit == ("Harbour Courier",)
    assert read(page()).credit == ()
    assert columns(both)["credit"] == ["Ines Falk", "dpa"]


def test_a_desk_beside_people_is_credited_in_its_place(read):
    authors = [{"@type": "Person", "name": name} for name in ("Gear Team", "Ines Falk")]
    article = read(page(jsonld=ld(author=authors)))
    assert (article.credit, article.authors) == (("Gear Team", "Ines Falk"), (Author("Ines Falk"),))


def test_an_organisation_of_any_name_is_credited_and_no_person(read):
    article = read(page(jsonld=ld(author={"@type": "Organization", "name": "Harbour Watch"})))
    assert (article.credit, article.authors) == (("Harbour Watch",), ())


@pytest.mark.parametrize("line", ["det/dpa", "Harbour Courier et AFP", "Staff and news service reports"])
def test_a_signature_without_people_stays_whole(read, line):
    assert read(page(jsonld=ld(author={"name": line}))).credit == (line,)


def test_the_credit_is_that_of_one_statement_and_the_agency_of_another_is_the_wire(read):
    article = read(page("<p class='byline'>dpa</p>", jsonld=ld(author={"name": "Harbour Courier"})))
    assert (article.credit, article.wire) == (("Harbour Courier",), Wire("dpa", "dpa"))


@pytest.mark.parametrize("name", ["admin", "wordpressadmin", "No Author", "Unknown", "guest"])
def test_a_placeholder_is_no_credit(read, name):
    article = read(page(jsonld=ld(author={"name": name})))
    assert (article.credit, [author.name for author in article.authors if author.name != name]) == ((), [])


def test_a_dateline_names_the_wire_and_credits_nobody(read):
    article = read(page(paragraphs=("SEOUL, July 4 (Yonhap) -- The port is open again, officials said on Monday.",)))
    assert article.wire is None or article.wire == Wire("Yonhap", "Yonhap")
    assert article.credit == ()


def test_a_byline_marked_for_tests_alone_is_found(read):
    line = "<div data-testid='page-byline' class='x7f'><span>By</span><span><a href='/x'>Ines Falk</a></span></div>"
    assert read(page(line)).authors == (Author("Ines Falk"),)


@pytest.mark.parametrize(
    "line",
    [
        "By Ines Falk",
        "04/07/2026 by Ines Falk, Chair of the Pilots",
        "by Ines Falk ● July 4, 2026 ● 6 min read",
        "Written By: Ines Falk Last Updated: July 4, 2026",
    ],
)
def test_a_line_that_begins_like_a_byline_is_one_near_the_headline(read, line):
    assert read(page(f"<div>{line}</div>")).authors == (Author("Ines Falk"),)


def test_a_page_named_after_its_sidebar_is_no_sidebar(read):
    body = page("<div>By Ines Falk</div>").replace(b"<main>", b"<main><div class='with-sidebar'>")
    assert read(body).authors == (Author("Ines Falk"),)


def test_links_to_some_authors_are_completed_by_the_line_they_stand_in(read):
    line = "<div class=byline><a rel=author>Ines Falk</a>, <a rel=author>Tom O’Dare</a> and <a>Ana Ruiz Vela</a></div>"
    assert [author.name for author in read(page(line)).authors] == ["Ines Falk", "Tom O’Dare", "Ana Ruiz Vela"]


def test_a_long_row_of_links_to_authors_is_a_list_of_columnists(read):
    links = "".join(f"<a href='/author/ines-falk-{n}'>Ines Falk {chr(65 + n)}.</a>" for n in range(12))
    assert read(page(f"<div>{links}</div>")).authors == ()


def test_a_house_near_the_headline_gives_way_to_a_credit_line_below(read):
    article = read(page("<div>By</div><div>Harbour Courier</div>", "<p>Written by: Ines Falk</p>"))
    assert article.authors == (Author("Ines Falk"),)


def test_the_author_is_one_field_in_a_line_of_several(read):
    line = "<p class='author'>Datum: 19.11.2026 Autor: Ines Falk Quelle: Hafenbote</p>"
    assert read(page(line, lang="de")).authors == (Author("Ines Falk"),)


@pytest.mark.parametrize("name", ["byline-correspondent", "correspondentByline", "unrelated byline"])
def test_a_byline_named_after_a_correspondent_is_not_a_response(read, name):
    assert read(page(f"<p class='byline {name}'>By Ines Falk</p>")).byline == "By Ines Falk"


@pytest.mark.parametrize("name", ["respond", "relatedStories", "storyRelated", "leserkommentare", "jcomments", "reply"])
def test_a_byline_of_what_stands_beside_the_article_is_none(read, name):
    assert read(page(f"<div class='{name}'><p class=byline>By Ines Falk</p></div>")).byline is None


def ending(*lines: str, **facts):
    """A page whose text ends with these lines."""
    return page(paragraphs=(*EN, *lines), **facts)


def test_a_reporter_named_at_the_end_is_found_beside_the_agency(read):
    line = "(Reporting by Ines Falk in Port Velden and Tom Berg in Ostra; Editing by Jon Aske)"
    article = read(ending(line, jsonld=ld(author={"@type": "Organization", "name": "Reuters"})))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom Berg"]
    assert (article.wire.agency, article.field_origin["authors"]) == ("Reuters", "text")


@pytest.mark.parametrize("line", ["Bericht von Ines Falk", "(Text: von Ines Falk)", "Reportage de Ines Falk."])
def test_a_reporter_is_named_at_the_end_in_other_languages(read, line):
    assert read(ending(line)).authors == (Author("Ines Falk"),)


def test_a_name_in_brackets_at_the_end_signs_a_japanese_text(read):
    assert read(page(paragraphs=(*JA, *JA, "【山田太郎】"), lang="ja")).authors == (Author("山田太郎"),)


def test_a_name_in_brackets_may_stand_behind_the_last_sentence(read):
    assert read(page(paragraphs=(*JA, JA[0] + "【山田太郎】"), lang="ja")).authors == (Author("山田太郎"),)


@pytest.mark.parametrize("label", ["関連記事", "写真", "速報", "動画", "続報", "図解"])
def test_a_label_in_brackets_names_nobody(read, label):
    article = read(page(paragraphs=(*JA, *JA, f"【{label}】"), lang="ja"))
    assert (article.authors, article.byline) == ((), None)


@pytest.mark.parametrize(
    "block", ["<h3>【港町日記】</h3>", "<div class=x><p>【港町日記】</p></div>", "<p><a href=/x>【港町日記】</a></p>"]
)
def test_brackets_beside_the_text_name_nobody(read, block):
    body = page(paragraphs=(*JA, *JA), lang="ja").replace(b"</div></article>", f"{block}</div></article>".encode())
    assert read(body).authors == ()


def test_a_korean_reporter_signs_at_the_end_with_an_address(read):
    article = read(page(paragraphs=(*KO, "김하늘 기자 haneul@hanbit.example"), lang="ko"))
    assert article.authors == (Author("김하늘", role="기자"),)


def test_nobody_is_taken_from_the_end_where_a_byline_names_somebody(read):
    body = ending("(Reporting by Tom Berg)", jsonld=ld(author={"name": "Ines Falk"}))
    assert read(body).authors == (Author("Ines Falk"),)


@pytest.mark.parametrize(
    ("line", "agency"),
    [("— Reuters", "Reuters"), ("(AFP)", "AFP"), ("Kaynak: AA", "Anadolu"), ("Πηγή: ΑΠΕ-ΜΠΕ", "ANA-MPA")],
)
def test_a_last_line_that_is_a_sign_names_the_agency(read, line, agency):
    article = read(ending(line))
    assert (article.wire.agency, article.field_origin["wire"]) == (agency, "text")


@pytest.mark.parametrize(
    "line", ["Reuters", "Source: Harbour Museum", "The port said so to Reuters.", "(정보통신)", "【情報通信】"]
)
def test_a_last_line_that_only_speaks_of_an_agency_is_no_sign(read, line):
    assert read(ending(line)).wire is None


def test_people_and_agency_of_one_printed_line_are_both_taken(read):
    article = read(page("<div class='news-author'>Von Ines Falk und Tom Berg (dpa)</div>"))
    assert [author.name for author in article.authors] == ["Ines Falk", "Tom Berg"]
    assert article.wire.agency == "dpa"


def test_roles_stand_beside_the_links_to_profiles(read):
    links = "".join(
        f"<li><a href='/people/{name.lower().replace(' ', '-')}'>{name}</a><span>{role}</span></li>"
        for name, role in (("Ines Falk", "Political editor"), ("Tom Berg", "Port correspondent"))
    )
    assert read(page(f"<ul>{links}</ul>")).authors == (
        Author("Ines Falk", role="Political editor"),
        Author("Tom Berg", role="Port correspondent"),
    )


def test_what_a_guest_does_below_the_name_is_no_part_of_it(read):
    article = read(page("<p>By Karin Vos<br>Ms. Vos teaches hydraulics at Velden University.</p>"))
    assert article.authors == (Author("Karin Vos"),)


def test_who_wrote_it_goes_before_the_editor_in_charge(read):
    lines = "<div><span>来源：港口日报</span> <span>作者：王小明</span></div><p>（责任编辑：李华）</p>"
    assert read(page(lines, lang="zh")).authors == (Author("王小明"),)
    assert read(page("<p>（责任编辑：李华）</p>", lang="zh")).authors == (Author("李华"),)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Της Μαρίας Παπαδάκη | 04.08.2026 • 09:30", "Μαρία Παπαδάκη"),
        ("Γράφει ο Νίκος Παππάς", "Νίκος Παππάς"),
        ("מאת: רות לוי | 04.08.2026", "רות לוי"),
        ("김하늘 기자 입력 2026.08.04. 09:30", "김하늘"),
    ],
)
def test_lines_below_the_headline_of_other_scripts_name_the_author(read, line, name):
    assert [author.name for author in read(page(f"<div>{line}</div>")).authors] == [name]


def test_a_greek_sentence_below_the_headline_names_nobody(read):
    assert read(page("<p>Της Μαρίας Παπαδάκη το σπίτι είναι κλειστό.</p>")).authors == ()


@pytest.mark.parametrize(
    "lines",
    [
        "<div>Ines Falk</div><div>4 July 2026</div>",
        "<div>July 4, 2026</div><div>Ines Falk</div>",
        "<div>Ines Falk · 4 min read · July 4, 2026</div>",
        "<div>Ines Falk | Senior Writer | July 4, 2026</div>",
    ],
)
def test_a_name_alone_beside_the_date_below_the_headline_is_the_author(read, lines):
    assert [author.name for author in read(page(lines)).authors] == ["Ines Falk"]


@pytest.mark.parametrize("lines", ["<div>Ines Falk</div>", "<div>OPEN GUIDE</div><div>4 July 2026</div>"])
def test_a_name_without_a_date_and_a_label_beside_one_are_nobody(read, lines):
    assert read(page(lines)).authors == ()


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("South Africa", EN[0]),
        ("Real Estate", EN[0]),
        ("Bad Velden", "The talks in Bad Velden went on until shortly before midnight, " + EN[0]),
        ("Harbour Life", "It is a life on the water, the crews say of their work on the ferries, " + EN[0]),
    ],
)
def test_a_place_or_a_topic_beside_the_date_is_nobody(read, label, text):
    assert read(page(f"<div>{label}</div><div>4 July 2026</div>", paragraphs=(text, *EN[1:]))).authors == ()


def test_the_name_below_a_quotation_is_of_who_said_it(read):
    assert read(page(paragraphs=(*EN, "“The sea gives, and the sea takes away.”", "— Ines Falk"))).authors == ()


@pytest.mark.parametrize("line", ["— Ines Falk", "-- Ines Falk"])
def test_a_name_behind_a_dash_signs_the_text_and_is_no_part_of_it(read, line):
    article = read(page(paragraphs=(*EN, line)))
    assert [author.name for author in article.authors] == ["Ines Falk"]
    assert article.paragraphs[-1].text == EN[-1]
    assert read(page(paragraphs=(*EN, "— Reuters"))).authors == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Aug. 4, 2026, 9:30 AM EDT / Updated Aug. 5, 2026 By Ines Falk and Tom O’Dare", ["Ines Falk", "Tom O’Dare"]),
        ("Interview: Ines Falk", ["Ines Falk"]),
        ("By Marit Oosterhuis, as told to Ines Falk", ["Marit Oosterhuis", "Ines Falk"]),
        ("INES FALK HARBOUR COURIER STAFF", ["Ines Falk"]),
        ("Par Ines Falk (avec AFP)", ["Ines Falk"]),
    ],
)
def test_names_are_found_among_other_words_of_a_byline(read, line, names):
    assert [author.name for author in read(page(f"<p class='byline'>{line}</p>")).authors] == names


def test_a_byline_of_no_name_may_credit_people_and_agency(read):
    article = read(page("<p>Par Ines Falk (avec AFP)</p>"))
    assert ([author.name for author in article.authors], article.wire.agency) == (["Ines Falk"], "AFP")


def test_the_sign_of_the_editor_beside_that_of_the_agency_is_no_name(read):
    article = read(page("<p class='byline'>Velden (fal/dpa)</p>"))
    assert (article.authors, article.wire.agency) == ((), "dpa")


def test_a_role_beside_the_link_to_an_author_is_hers(read):
    line = "<div class='byline'><a rel='author' href='/ines'>Ines Falk</a> Harbour correspondent</div>"
    assert read(page(line)).authors == (Author("Ines Falk", role="Harbour correspondent"),)


HANDLES = ["/@ines", "https://substack.com/@ines-falk", "https://medium.com/@ines?source=post"]


@pytest.mark.parametrize("address", HANDLES)
def test_a_name_that_links_to_an_account_where_one_writes_is_the_author(read, address):
    assert read(page(f"<div><a href='{address}'>Ines Falk</a></div>")).authors == (Author("Ines Falk"),)


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/@harbour'>Harbour</a>",
        "<a href='https://medium.com/@harbour'>Medium</a>",
        "<a href='https://video.example/@ines'>Ines Falk</a>",
        "<div class='comment-list'><a href='/@reader'>Rude Reader</a></div>",
        "<a href='/@ines/notes'>Ines Falk</a>",
        "<p>On Friday the singer <a href='/@rosa'>Rosa Vos</a> came aboard and sang for the crews.</p>",
    ],
)
def test_other_accounts_name_no_author(read, link):
    assert read(page(f"<div>{link}</div>")).authors == ()


def test_the_account_of_a_reader_below_the_text_names_no_author(read):
    inside = b"<div><a href='/@rosa'>Rosa Vos</a></div><p>At last, and good for them.</p></body>"
    assert read(page(paragraphs=EN * 4).replace(b"</body>", inside)).authors == ()


PLACES = [
    "Abu Dhabi", "Addis Ababa", "Sri Lanka", "Costa Rica", "Phnom Penh", "Santa Cruz", "Mount Vernon", "Long Beach",
    "Uttar Pradesh", "Nova Scotia", "La Paz", "Bad Homburg", "Nizhny Novgorod", "Salt Lake",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_place_beside_the_date_is_no_author_though_nothing_else_speaks_of_it(read, place):
    for line in (f"<p>{place}</p><p>4 July 2026</p>", f"<p>{place} | 4 July 2026</p>"):
        assert read(page(line)).authors == ()


@pytest.mark.parametrize("name", ["Jack London", "Paris Hilton", "Chelsea Clinton", "Victoria Coren", "Austin Reed"])
def test_a_name_with_the_word_of_a_place_in_it_is_the_author(read, name):
    assert read(page(f"<p>{name}</p><p>4 July 2026</p>")).authors == (Author(name),)
