from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.validate import rules
from newshouse.validate.row import SOUND_ROW, TEXT_DUMP, joined
from newshouse.validate.rule import Rule
from newshouse.validate.rules import BY_NAME, RULES, judge

CAPTURED = SOUND_ROW.fetched_at


def test_the_sound_row_passes_every_rule() -> None:
    assert judge(SOUND_ROW) == judge(replace(SOUND_ROW))
    assert judge(SOUND_ROW).quarantined == judge(SOUND_ROW).tags == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_failing_example_of_a_rule_fails_it(rule: Rule) -> None:
    row = replace(SOUND_ROW, **rule.fails)
    assert rule.finding(row)
    verdict = judge(row)
    assert rule.name in (verdict.quarantined if rule.action == "quarantine" else verdict.tags)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_passing_example_of_a_rule_passes_it(rule: Rule) -> None:
    assert rule.finding(replace(SOUND_ROW, **rule.passes)) is None


def test_rules_have_distinct_names_and_sentences_as_descriptions() -> None:
    assert len(BY_NAME) == len(RULES)
    assert all(rule.name.isidentifier() and rule.description.endswith(".") for rule in RULES)


def test_a_text_dump_without_url_title_and_date_is_tagged_and_goes_on() -> None:
    verdict = judge(replace(SOUND_ROW, extractor=TEXT_DUMP, url=None, final_url=None, title=None, published_at=None))
    assert verdict.quarantined == ()
    assert verdict.tags == ("url_missing", "title_missing", "date_missing")


def test_a_page_without_url_or_title_is_quarantined_for_both() -> None:
    verdict = judge(replace(SOUND_ROW, url=None, title=None))
    assert verdict.quarantined == ("url_missing", "title_missing")
    assert verdict.detail == "url_missing: the row has no URL; title_missing: the title is None"


@pytest.mark.parametrize(("share", "kept_out"), [(None, False), (0.0, False), (0.39, False), (0.4, True), (1.0, True)])
def test_a_body_that_lies_in_links_is_boilerplate(share: float | None, kept_out: bool) -> None:
    verdict = judge(replace(SOUND_ROW, link_density=share))
    assert verdict.quarantined == (("boilerplate",) if kept_out else ())


def test_a_long_text_is_long_whether_or_not_its_words_are_counted() -> None:
    for words in (10, 19, 20, 21, 39, 40, 41, 500):
        row = replace(SOUND_ROW, body="word " * words)
        assert row.has_fewer_words_than(20) is (words < 20)


def test_an_empty_body_is_not_also_called_short() -> None:
    verdict = judge(replace(SOUND_ROW, body="", paragraphs=()))
    assert verdict.quarantined == ("body_empty",)


@pytest.mark.parametrize(
    "body",
    [
        "Der Stadtrat beschloss am Sonntag eine neue Fährlinie. Weiterlesen mit einem Abo: jetzt abonnieren.",
        "Le conseil a voté dimanche. La suite est réservée aux abonnés. Il reste 80 % de cet article à découvrir.",
        "시의회는 일요일 새 여객선 항로를 열기로 했다. 이 기사는 유료 회원만 볼 수 있습니다. " * 2,
        "市議会は日曜日、新しい航路を開くことを決めた。この記事は有料会員限定です。残り1200文字。" * 2,
        "قرر المجلس يوم الأحد فتح خط جديد للعبارات بين الميناء القديم والشاطئ الشمالي. هذا المقال للمشتركين فقط.",
    ],
)
def test_a_teaser_before_a_paywall_is_known_in_several_languages(body: str) -> None:
    assert "paywall_stub" in judge(replace(SOUND_ROW, body=body, language=None)).quarantined


def test_a_short_free_article_is_no_paywall_stub_but_a_paid_one_is() -> None:
    assert judge(SOUND_ROW).quarantined == ()
    assert judge(replace(SOUND_ROW, access="paid")).quarantined == ("paywall_stub",)


_MISREAD = [
    (
        "Ã‰lections : le conseil a votÃ© dimanche, l’Ã©tÃ© dernier.",
        "Élections : le conseil a voté dimanche, l’été dernier.",
    ),
    ("The mayor said itâ€™s done. â€œWe waited,â€\x9d she said.", "The mayor said it’s done. “We waited,” she said."),
    ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚ ðŸ™‚ Ð´Ð¾Ð¼", "привет 🙂 дом"),
]


@pytest.mark.parametrize(("text", "meant"), _MISREAD)
def test_utf8_that_was_read_as_latin_is_read_again(text: str, meant: str) -> None:
    row = replace(SOUND_ROW, title=text, byline=text, paragraphs=(text, text), body=f"{text}\n\n{text}", language=None)
    verdict = judge(row)
    ((rule, mended),) = (step for step in verdict.mended if step[0] == "mojibake")
    assert (mended.title, mended.paragraphs, mended.body) == (meant, (meant, meant), f"{meant}\n\n{meant}")
    assert rule in verdict.tags


@pytest.mark.parametrize(
    "text",
    [
        "¾È³çÇÏ¼¼¿ä ´º½º ±â»ç ÀÔ´Ï´Ù",
        "Ïðèâåò, ýòî íîâîñòè äíÿ",
        "The mayor\ufffds vote\ufffd was on Sunday\ufffd.",
        "itâ€™s done, itâ€\ufffds over, itâ€\ufffds well",
    ],
)
def test_text_whose_bytes_are_lost_is_kept_out(text: str) -> None:
    assert "mojibake" in judge(replace(SOUND_ROW, body=text * 3, language=None)).quarantined
    assert "mojibake" in judge(replace(SOUND_ROW, title=text)).quarantined


def test_a_byline_that_is_none_goes_and_the_people_stay() -> None:
    verdict = judge(replace(SOUND_ROW, byline="Share this", authors=("Mara Lindqvist", "Updated 18:30")))
    ((_, mended),) = verdict.mended
    assert (mended.byline, mended.authors) == (None, ("Mara Lindqvist",))
    assert verdict.tags == ("byline_pollution",)


def test_what_is_no_author_is_not_credited_either() -> None:
    names = ("Mara Lindqvist", "Updated 18:30")
    verdict = judge(replace(SOUND_ROW, authors=names, credit=("Gear Team", *names)))
    ((_, mended),) = verdict.mended
    assert mended.credit == ("Gear Team", "Mara Lindqvist")


def test_mark_up_is_taken_out_also_when_it_was_escaped_twice() -> None:
    text = "Fares &amp;amp; timetables <br/>of the <b>ferry</b> [caption id=3]"
    ((_, mended),) = judge(replace(SOUND_ROW, title=text)).mended
    assert mended.title == "Fares & timetables of the ferry"


def test_a_row_that_repairs_leave_empty_is_kept_out() -> None:
    verdict = judge(replace(SOUND_ROW, repeated=frozenset(map(hash, SOUND_ROW.paragraphs))))
    assert verdict.quarantined == ("body_empty",)
    assert verdict.tags == ("repeated_paragraph",)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.repair], ids=lambda rule: rule.name)
@given(texts=st.lists(st.text(max_size=60) | st.sampled_from(["&amp;lt;p&gt;", "<b>x</b>", "Ã©", "By X", "[embed]"])))
def test_after_a_repair_the_rule_minds_nothing_more(rule: Rule, texts: list[str]) -> None:
    row = replace(SOUND_ROW, paragraphs=tuple(texts), body=joined(texts), authors=tuple(texts), byline="".join(texts))
    for name, mended in judge(row).mended:
        assert name != rule.name or rule.finding(mended) is None
        assert len(mended.paragraphs) == len(texts)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://harbour-post.example/2026/11/19/ferry", True),
        ("https://harbour-post.example/2026-11-19-ferry", True),
        ("https://harbour-post.example/20261119/ferry", True),
        ("https://harbour-post.example/2026/11/20/ferry", False),
        ("https://harbour-post.example/2026/02/30/ferry", False),
        ("https://harbour-post.example/story-120261119", False),
        ("https://harbour-post.example/ferry?day=2026-01-01", False),
    ],
)
def test_the_day_in_the_address_is_compared_with_the_date(url: str, found: bool) -> None:
    assert ("date_vs_url" in judge(replace(SOUND_ROW, final_url=url)).tags) is found


def test_a_long_paragraph_that_names_a_newsletter_is_no_furniture() -> None:
    text = "The ministry said on Sunday in its newsletter that the ferry line would open in spring. " * 5
    assert judge(replace(SOUND_ROW, paragraphs=(text,), body=text)).quarantined == ()


@pytest.mark.parametrize(
    "text",
    ["The harbour. (AP Photo/Ida Berg)", "File photo", "The mayor © Harbour Pictures", "Das Rathaus. Foto: dpa"],
)
def test_a_credit_in_the_body_is_told(text: str) -> None:
    assert judge(replace(SOUND_ROW, paragraphs=(*SOUND_ROW.paragraphs, text))).tags == ("caption_leak",)


def test_a_caption_in_the_body_is_told_and_a_subhead_like_it_is_not() -> None:
    caption = "Two electric boats lie in the harbour"
    row = replace(SOUND_ROW, captions=(caption,), paragraphs=(*SOUND_ROW.paragraphs, f"“{caption}.”"))
    assert judge(row).tags == ("caption_leak",)
    assert judge(replace(row, kinds=("lead", "text", "subhead"))).tags == ()


@pytest.mark.parametrize(
    "text",
    [
        "„Das macht Spaß“, sagte sie. «Voilà», où l’été commence à Nîmes… « Ça ira ! »",
        "Árið 2026 hófst ferjusigling yfir fjörðinn. ÆØÅ – «Ål», Ærø, Øresund.",
        "Hội đồng thành phố đã bỏ phiếu hôm Chủ nhật để mở tuyến phà nối cảng cũ với bờ bắc của vịnh.",
        "여객선 새 항로가 내년 봄에 열린다고 시가 밝혔다.",
        "Städtische Fähre übernimmt Überfahrt für Fußgänger: „großartig“",
    ],
)
def test_sound_text_with_accents_is_no_mojibake(text: str) -> None:
    assert BY_NAME["mojibake"].finding(replace(SOUND_ROW, title=text, body=text * 4)) is None


def test_one_odd_sign_in_a_long_text_is_forgiven() -> None:
    assert BY_NAME["mojibake"].finding(replace(SOUND_ROW, body=SOUND_ROW.body + " itâ€™s")) is None


@pytest.mark.parametrize(
    ("precision", "ahead", "names"),
    [
        ("second", timedelta(minutes=59), ()),
        ("second", timedelta(minutes=61), ("date_ahead",)),
        ("hour", timedelta(hours=14), ("date_ahead",)),
        ("day", timedelta(hours=14), ()),
        ("day", timedelta(hours=18), ("date_ahead",)),
        ("second", timedelta(hours=36), ("date_ahead",)),
        ("day", timedelta(hours=36, seconds=1), ("date_future",)),
        ("second", timedelta(days=400), ("date_future",)),
    ],
)
def test_a_date_ahead_of_the_capture_is_judged_by_its_precision(
    precision: str, ahead: timedelta, names: tuple[str, ...]
) -> None:
    row = replace(
        SOUND_ROW,
        final_url=SOUND_ROW.source_homepage,
        published_at=CAPTURED + ahead,
        published_at_precision=precision,
        modified_at=None,
    )
    verdict = judge(row)
    assert verdict.quarantined + verdict.tags == names


def test_dates_at_the_ends_of_time_do_not_overflow() -> None:
    far, near = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    assert "date_future" in judge(replace(SOUND_ROW, published_at=far, modified_at=near)).quarantined
    assert "date_ancient" in judge(replace(SOUND_ROW, published_at=near, fetched_at=far)).tags


@pytest.mark.parametrize("name", ["HARBOUR POST", "The Harbour Post", "harbour-post.example", "harbour_post"])
def test_the_publisher_is_no_author_however_it_is_written(name: str) -> None:
    assert judge(replace(SOUND_ROW, authors=(name,))).tags == ("author_is_source",)


@pytest.mark.parametrize("name", ["By Mara Lindqvist", "mara@harbour-post.example", "Mara | Harbour", "22 Nov 2026"])
def test_an_author_with_more_than_a_name_is_pollution(name: str) -> None:
    assert judge(replace(SOUND_ROW, authors=(name,))).tags == ("byline_pollution",)


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("de", "Der Stadtrat beschloss am Sonntag, im Frühjahr eine Fährlinie über die Bucht zu eröffnen. " * 4),
        ("ko", "시의회는 일요일 내년 봄부터 옛 항구와 북쪽 해안을 잇는 새 여객선 항로를 열기로 결정했다. " * 4),
        ("ja", "市議会は日曜日、来春から旧港と北岸を結ぶ新しい渡し船の航路を開くことを決めた。" * 6),
        ("fr", "Le conseil municipal a voté dimanche l’ouverture d’une ligne de ferry entre les deux rives. " * 4),
        ("ar", "قرر مجلس المدينة يوم الأحد فتح خط جديد للعبارات بين الميناء القديم والشاطئ الشمالي للخليج. " * 4),
    ],
)
def test_the_language_is_compared_with_the_text(language: str, body: str) -> None:
    row = replace(SOUND_ROW, body=body, paragraphs=())
    assert "lang_mismatch" not in judge(replace(row, language=language)).tags
    assert "lang_mismatch" in judge(replace(row, language="en")).tags
    assert "lang_mismatch" not in judge(replace(row, language=None)).tags
    assert "lang_mismatch" not in judge(replace(row, language="en", language_confidence=0.6)).tags


@pytest.mark.parametrize(
    "end",
    ["and then the…", "and then [+2381 chars]", "Continue reading", "it will [...]", "open, she said,", "続きを読む"],
)
def test_a_body_that_breaks_off_is_truncated(end: str) -> None:
    assert judge(replace(SOUND_ROW, body=f"{SOUND_ROW.body} {end}")).tags == ("truncated",)


def test_a_brief_that_speaks_of_subscribers_is_no_paywall_stub() -> None:
    body = "The tram company lowers its fares for subscribers, it said on Sunday. " + SOUND_ROW.body * 2
    assert judge(replace(SOUND_ROW, body=body)).quarantined == ()


def test_a_rule_warns_of_a_row_that_its_repair_did_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    useless = replace(BY_NAME["byline_pollution"], repair=lambda row: row)
    monkeypatch.setattr(rules, "RULES", (useless,))
    monkeypatch.setattr(rules, "_REPAIRS", ((useless, useless.repair),))
    verdict = judge(replace(SOUND_ROW, **useless.fails))
    assert (verdict.tags, verdict.warned, verdict.mended) == (("byline_pollution",), ("byline_pollution",), ())
    monkeypatch.undo()
    verdict = judge(replace(SOUND_ROW, **useless.fails))
    assert (verdict.tags, verdict.warned) == (("byline_pollution",), ())
