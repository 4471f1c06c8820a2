"""Lines that stand below or between the paragraphs of a text and speak of something else."""

from __future__ import annotations

import pytest
from parse_pages import EN, URL

from newshouse.parse.dom.document import Document
from newshouse.parse.text.body import read_body

TITLE = "Ferry strike talks resume"
OTHERS = (
    "I live by the quay, and I can tell you that the noise at night has been unbearable for weeks.",
    "Why was this not settled in March? Somebody should answer for it, and soon, I think.",
)


def kinds_and_texts(inside: str, below: str = "") -> list[tuple[str, str]]:
    body = f"<html><body><main><article><h1>{TITLE}</h1><div>{inside}</div></article>{below}</main></body></html>"
    return [(p.kind, p.text) for p in read_body(Document.read(body.encode(), URL, {}), TITLE, None).paragraphs]


def texts(inside: str, below: str = "") -> list[str]:
    return [text for _, text in kinds_and_texts(inside, below)]


def paras(*some: str) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


@pytest.mark.parametrize("line", ["3 Comments", "Comments (3)", "댓글 3", "Leave a reply", "2 responses"])
def test_what_follows_the_line_above_comments_is_theirs(line):
    comments = "".join(f"<li><b>reader</b><p>{text}</p></li>" for text in OTHERS)
    assert texts(paras(*EN), f"<section><h3>{line}</h3><ol>{comments}</ol></section>") == list(EN)
    assert texts(f"{paras(*EN)}<h3>{line}</h3>{paras(*OTHERS)}") == list(EN)


@pytest.mark.parametrize("line", ["Comment", "Kommentar", "<a href='#c'>3 Comments</a>"])
def test_one_comment_is_a_column_and_a_link_leads_to_comments(line):
    assert OTHERS[0] in texts(f"{paras(*EN)}<h3>{line}</h3>{paras(*OTHERS)}")


def test_a_post_of_somebody_else_that_is_embedded_is_no_text():
    post = "<blockquote class='twitter-tweet'><p>We are back at sea.</p>— Ferry crews (@crews) <a href='#'>July 4</a>"
    assert texts(f"{paras(*EN[:2])}{post}</blockquote>{paras(*EN[2:])}") == list(EN)


@pytest.mark.parametrize(
    "line",
    [
        "This post contains affiliate links.",
        "If you buy something through our links, we may earn a commission.",
        "Also read: Who owns the quay?",
        "Page 1 of 3",
        "1 2 3 Next »",
        "This entry was posted in Harbour. Bookmark the permalink.",
    ],
)
def test_what_a_house_says_of_itself_is_no_text(line):
    assert texts(paras(*EN[:2], line, *EN[2:])) == list(EN)


def test_the_commission_of_somebody_else_is_news():
    line = "The commission received a letter from the crews, and a copy went to the owners of the ferries."
    assert line in texts(paras(*EN[:2], line, *EN[2:]))


@pytest.mark.parametrize(
    "line",
    [
        "We will make the commission's findings public, the minister said on Monday.",
        "The US will receive the commission's report in May, an official said on Monday.",
        "“We get a commission of three per cent for each house,” one of the agents said.",
    ],
)
def test_a_commission_without_a_purchase_is_news(line):
    assert line in texts(paras(*EN[:2], line, *EN[2:]))


@pytest.mark.parametrize(
    "line",
    [
        "The fund has spent five million dollars supporting local journalism in the state.",
        "Supporting independent journalism is the aim of the law, the minister said.",
        "To help the family, donate now at harbour-aid.example.",
        "The charity asks people to donate today, as winter is near.",
    ],
)
def test_what_others_do_for_journalism_or_ask_for_may_end_a_text(line):
    assert texts(paras(*EN, line))[-1] == line


@pytest.mark.parametrize("line", ["コメント", "评论", "5 thoughts on the strike", "3 responses to the crisis"])
def test_a_heading_that_may_be_of_the_text_cuts_nothing(line):
    assert OTHERS[0] in texts(f"{paras(*EN)}<h3>{line}</h3>{paras(*OTHERS)}")


@pytest.mark.parametrize("line", ["<div>12 comments</div>", "<div><h4>Join the conversation</h4></div>"])
def test_a_count_of_comments_between_the_paragraphs_of_one_element_cuts_nothing(line):
    assert texts(f"{paras(*EN[:3])}{line}{paras(*EN[3:])}")[-2:] == list(EN[3:])


def test_a_plea_for_money_ends_no_text_and_a_quotation_of_one_does():
    plea = "The Courier is a nonprofit newsroom. Support our journalism by making a donation today."
    assert texts(paras(*EN, plea)) == list(EN)
    quoted = "“Support our journalism while there is any,” she wrote to the readers of the paper."
    assert texts(paras(*EN, quoted)) == [*EN, quoted]


def test_lines_beside_the_last_paragraph_may_end_a_text_without_a_full_stop():
    assert texts(paras(*EN, "Shares closed at 41.20"))[-1] == "Shares closed at 41.20"
    assert texts(paras(*EN, "Referee: A. Nilsen", "Attendance: 4,311")) == [
        *EN,
        "Referee: A. Nilsen",
        "Attendance: 4,311",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Redaktion: Ines Falk",
        "Courier / North Sea News",
        "(if)",
        "falk@courier.example x",
        "Kaynak: AA",
        "— The Crews",
        "Back to top",
        "Comments are closed",
        "Nächster Artikel",
        "Print this page",
    ],
)
def test_signs_and_addresses_end_no_text(line):
    assert texts(paras(*EN, line)) == list(EN)


def test_a_list_of_links_that_the_text_announces_and_goes_on_below_is_text():
    items = "".join(
        f"<li><a href='/{at}'>The pier of the {name} quay</a></li>" for at, name in enumerate(("east", "west"))
    )
    intro = "The ferries will call at these piers from Monday on:"
    found = texts(f"{paras(*EN[:2], intro)}<ul>{items}</ul>{paras(*EN[2:])}")
    assert found == [*EN[:2], intro, "The pier of the east quay", "The pier of the west quay", *EN[2:]]
    for other in ("You may be interested in these articles:", "More:"):
        assert "The pier of the east quay" not in texts(f"{paras(*EN[:2], other)}<ul>{items}</ul>{paras(*EN[2:])}")


def test_the_heading_of_a_box_goes_with_what_stands_in_it():
    box = "<div><h4>The Tide</h4><p>Sign up for our newsletter about the coast, in your inbox every Friday.</p></div>"
    assert texts(f"{paras(*EN[:2])}{box}{paras(*EN[2:])}") == list(EN)


def test_two_words_below_the_first_paragraph_are_a_subhead_and_no_byline():
    assert ("subhead", "By Sea") in kinds_and_texts(f"{paras(*EN[:2])}<h3>By Sea</h3>{paras(*EN[2:])}")


def test_an_earlier_version_is_spoken_of_in_a_correction():
    line = "An earlier version of this article misspelled the name of the harbour master."
    assert kinds_and_texts(paras(*EN, line))[-1] == ("correction", line)


def test_the_caption_of_a_table_is_text():
    table = "<table><caption>Boats a month</caption><tr><td>June</td><td>1,180</td></tr></table>"
    found = kinds_and_texts(f"{paras(*EN[:2])}{table}{paras(*EN[2:])}")
    assert ("table", "Boats a month") in found


def test_the_blurb_below_the_linked_headline_of_another_page_is_no_text():
    card = f"<div class=card><h3><a href=/b>Bakers win a prize</a></h3><p>{OTHERS[0]}</p></div>"
    assert texts(f"{paras(*EN[:2])}{card}{paras(*EN[2:])}") == list(EN)


def test_a_list_of_linked_headlines_with_blurbs_is_the_text_of_its_page():
    cards = "".join(f"<div><h3><a href=/{n}>Pier {n}</a></h3><p>{text}</p></div>" for n, text in enumerate(EN))
    assert set(EN) <= set(texts(f"{paras(OTHERS[0])}{cards}"))


@pytest.mark.parametrize(
    "line",
    [
        "Thanks for reading Strait Notes! This post is public so feel free to share it.",
        "Strait Notes is a reader-supported publication. To receive new posts, consider becoming a subscriber.",
        "김하늘 기자 sky@hangman.example",
        "Copyright ⓒ 항만일보. 무단 전재 및 재배포 금지.",
    ],
)
def test_what_a_publication_prints_below_each_text_is_none(line):
    assert texts(paras(*EN, line)) == list(EN)


def test_the_standfirst_in_a_box_of_its_own_is_the_lead():
    teaser = "The crews and the port will talk again on Monday."
    body = (
        f"<main><article><h1>{TITLE}</h1><div class='teaser-text'><p>{teaser}</p></div><div>{paras(*EN)}</div></main>"
    )
    found = read_body(Document.read(f"<html><body>{body}</body></html>".encode(), URL, {}), TITLE, None).paragraphs
    assert (found[0].kind, found[0].text) == ("lead", teaser)


def test_a_post_that_a_script_would_fetch_has_a_placeholder_and_no_text():
    post = "<amp-twitter data-tweetid=1><blockquote placeholder><p>We are back at sea.</p></blockquote></amp-twitter>"
    assert texts(f"{paras(*EN[:2])}{post}{paras(*EN[2:])}") == list(EN)


@pytest.mark.parametrize(
    "line",
    [
        "Читайте также: <a href=/x>Паром отменят</a>",
        "اقرأ أيضا: <a href=/x>إلغاء خط العبارة</a>",
        "İLGİLİ HABER: <a href=/x>Feribot hattı</a>",
        "Xem thêm: <a href=/x>Tuyến phà</a>",
        "Zobacz też: <a href=/x>Prom zniknie</a>",
        "यह भी पढ़ें: <a href=/x>नौका सेवा</a>",
        "【関連記事】<a href=/x>フェリー廃止</a>",
        "▶관련기사: <a href=/x>여객선 중단</a>",
        "Te puede interesar: <a href=/x>El ferry se va</a>",
        "Lue myös: <a href=/x>Lautta</a>",
        "(Also see: <a href=/x>Ferry cut</a>)",
        "Download our app to get the latest news from the coast.",
        "Join our WhatsApp channel for breaking news.",
        "Do you have a story for us? Email newsdesk@courier.example",
        "First Published: July 4, 2026, 09:30 IST",
        "Topics: harbour, ferries, pay",
        "- Advertisement -",
        "Article continues after this advertisement",
        "Watch the video above.",
        "Don’t miss | Ferry cut",
        "Zobacz też – <a href=/x>Prom zniknie</a>",
        "Filed under Harbour, Ferries",
        "Google News'te takip edin",
        "Purchases made through them earn us a small commission.",
        "File photo",
        "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
    ],
)
def test_what_leads_readers_elsewhere_is_no_text(line):
    assert texts(paras(*EN[:2], line, *EN[2:])) == list(EN)


@pytest.mark.parametrize(
    "line",
    [
        "See also the letters that the crews wrote in March, which nobody had answered.",
        "Watch the harbour at night and you see no boat leave it.",
        "Topics of the talks are rest periods, pay and the night shifts.",
        "Join us or leave, the crews told the port on Monday.",
        "Have a look at the pier, she said, and you will understand.",
        "More from the crews is to come, their speaker said.",
        "More from the 25-year-old striker is expected, the coach said on Monday evening.",
        "Don't miss the 4-1 win of the harbour team, which nobody had expected this year.",
        "По теме Украины — самой трудной — стороны не договорились и встретятся снова.",
        "Passend dazu hat der Senat – anders als geplant – die Mittel für den Hafen erhöht.",
        "Lihat juga kapal-kapal yang tenggelam di pelabuhan itu, kata seorang saksi.",
        "Google, Facebook and Amazon were fined by the regulator on Monday, a court heard.",
        "Filed in federal court in Texas on Monday, the lawsuit accuses the port of fraud.",
        "This post was published on Facebook on Monday and has been shared 4,000 times since.",
        "Do you have a story from the set that you can share with us?",
        "Download the Signal app from the store and open it on your phone.",
        "Join a WhatsApp group of neighbours, the police advised people in the village.",
        "اشترك الفريق في الحملة عبر واتساب يوم الاثنين وقال المدرب إنه سعيد بذلك.",
        "Click to expand the list was what the users were told to do, he said.",
    ],
)
def test_a_sentence_that_begins_so_is_text(line):
    assert line in texts(paras(*EN[:2], line, *EN[2:]))


@pytest.mark.parametrize(
    "line",
    [
        "Haben Sie Ihren Ausweis verloren? Dann melden Sie den Verlust sofort bei der Gemeinde.",
        "Sind Sie krank? Dann melden Sie sich spätestens am ersten Tag beim Arbeitgeber.",
        "Kennen Sie den Täter? Bitte melden Sie sich bei der Polizei in Arlen unter 030 123456.",
        "Have you lost your card? Contact your bank, and e-mail the police at help@police.example",
        "네이버가 밝힌 새로운 상품은 구독형이다.",
        "네이버는 올해 유료 구독했다.",
        "The court found that the site earned money from qualifying purchases.",
    ],
)
def test_advice_and_appeals_of_others_are_text(line):
    assert line in texts(f"<p>{EN[0]}</p><p>{EN[1]}</p><p>{line}</p><p>{EN[2]}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "Haben Sie Ähnliches erlebt? Dann schreiben Sie uns, wir lesen alle Briefe.",
        "Kennen Sie sich am Hafen aus? Melden Sie sich bei unserer Redaktion.",
        "네이버에서 항구신문 구독하기",
    ],
)
def test_who_asks_for_letters_to_the_house_is_left_out(line):
    assert line not in texts(f"<p>{EN[0]}</p><p>{EN[1]}</p><p>{line}</p><p>{EN[2]}</p>")
