"""The offer to subscribe is no text: it is cut, told as access, and a page with little else is a stub."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_pages import DE, EN, FR, JA, KO, ld, meta, page

from newshouse.parse.text.gates import _OFFERS, _may_offer, without_gate
from newshouse.records import Article, NoArticle, Paragraph

OFFERS = {
    "en": (EN, "Subscribe now and read all articles. Already a subscriber?", "Read on with Courier Plus"),
    "en, to register": (EN, "Create a free account to read this article and three more.", "Register to keep reading"),
    "de": (DE, "Dieser Artikel ist für Abonnenten.", "Jetzt weiterlesen mit Anzeiger+"),
    "fr": (FR, "Cet article est réservé aux abonnés.", "Abonnez-vous pour lire la suite"),
    "es": (EN, "Contenido exclusivo para suscriptores", "Suscríbete para seguir leyendo"),
    "it": (EN, "Contenuto riservato agli abbonati", "Abbonati per continuare a leggere"),
    "pt": (EN, "Conteúdo exclusivo para assinantes", "Assine para continuar lendo"),
    "nl": (EN, "Dit artikel is alleen voor abonnees", "Log in om verder te lezen"),
    "sv": (EN, "Bara för prenumeranter", "Läs vidare med Kustbladet Plus"),
    "pl": (EN, "Artykuł tylko dla prenumeratorów", "Masz już prenumeratę?"),
    "ru": (EN, "Статья доступна для подписчиков", "Оформите подписку, чтобы читать дальше"),
    "ja": (JA, "この記事は会員限定です。", "続きを読むには会員登録が必要です。"),
    "ko": (KO, "구독자 전용 기사입니다.", "로그인하면 기사를 끝까지 읽을 수 있습니다."),
    "zh": (KO, "本文仅限会员阅读", "登录后继续阅读全文"),
    "ar": (EN, "هذا المحتوى متاح للمشتركين فقط", "اشترك الآن لمواصلة القراءة"),
}  # fmt: skip


def gated(texts, first: str, second: str, tag: str = "h2", **more) -> bytes:
    """A page whose text ends with an offer."""
    offer = f"<div class=o1><{tag}>{second}</{tag}><p>{first}</p><a href=/abo>OK</a></div>".encode()
    return page(paragraphs=texts, **more).replace(b"</div></article>", b"</div>" + offer + b"</article>")


@pytest.mark.parametrize(("texts", "first", "second"), OFFERS.values(), ids=OFFERS)
def test_a_teaser_above_an_offer_is_a_stub(read, texts, first, second):
    found = read(gated(texts[:1], first, second))
    assert isinstance(found, NoArticle)
    assert found.reason == "paywall_stub"
    assert first in found.detail or second in found.detail


@pytest.mark.parametrize(("texts", "first", "second"), OFFERS.values(), ids=OFFERS)
def test_an_offer_below_a_longer_text_is_cut_and_told(read, texts, first, second):
    article = read(gated(texts * 2, first, second))
    assert [paragraph.text for paragraph in article.paragraphs] == list(texts * 2)
    assert article.access in ("paid", "metered")
    assert article.access_evidence.startswith("the page: ")
    assert article.field_origin["access"] == "html"


def test_who_asks_for_an_account_only_is_metered(read):
    article = read(gated(EN, "Create a free account to read this article.", "Register to keep reading"))
    assert article.access == "metered"


def test_what_the_page_states_goes_before_its_words(read):
    article = read(gated(EN, *OFFERS["en"][1:], jsonld=ld(isAccessibleForFree=True)))
    assert (article.access, len(article.paragraphs)) == ("free", len(EN))


SHORT = (
    "Regístrate para continuar", "Registrati per continuare", "Accedi per continuare", "Cadastre-se para continuar",
    "Faça login para continuar", "Login to continue", "Tylko dla subskrybentów", "Masz już subskrypcję?",
    "Только для зарегистрированных", "注册后继续阅读", "Contenido exclusivo para socios",
    "Contenu exclusivement réservé", "Läs vidare med Plus", "Lees verder met Plus", "Join to read the full story",
    "Dieser Artikel ist für Premium-Leser", "Pour lire la suite",
)  # fmt: skip


@pytest.mark.parametrize("line", SHORT)
def test_a_short_offer_is_one(line):
    text = (Paragraph("text", EN[0]), Paragraph("text", line))
    assert without_gate(text) == text[:1]


@pytest.mark.parametrize("tongue", _OFFERS)
def test_the_quick_look_finds_whatever_the_patterns_would(tongue):
    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.from_regex(re.compile(_OFFERS[tongue]), fullmatch=True))
    def found(offer: str) -> None:
        assert _may_offer(offer)

    found()


NO_OFFER = (
    "The Courier will ask its readers to pay from May, and whoever wants to read this newspaper on the web must then "
    "subscribe, its publisher said on Monday: “There is no other way to keep reporters in the harbour at all, and we "
    "hope that our readers will be with us on this journey for many years.”",
    "Subscribe to our newsletter for more news of the coast.",
    "Subscribers of the ferry service get half of their money back.",
    "He asked members of the crew to continue.",
)


@pytest.mark.parametrize("line", NO_OFFER)
def test_other_lines_about_subscribers_stay(line):
    text = (Paragraph("text", EN[0]), Paragraph("text", line))
    assert without_gate(text) == text


def test_an_offer_in_the_middle_of_a_long_text_is_no_end():
    text = tuple(Paragraph("text", line) for line in ("Register to keep reading", *EN, *EN))
    assert without_gate(text) == text


def test_metered_is_more_exact_than_not_free(read):
    head = meta(article__content_tier="metered")
    assert read(page(jsonld=ld(isAccessibleForFree=False), head=head)).access == "metered"
    stub = read(page(jsonld=ld(isAccessibleForFree=False), head=head, paragraphs=EN[:1]))
    assert stub.reason == "paywall_stub"


NOTES = {
    "Sailor missing off Kelpmouth still not found": (
        "A sailor who fell from a ferry on Sunday has still not been found, the coast guard said on Tuesday.",
        "Two boats and a helicopter had looked for him all day, until fog came in from the north in the evening.",
    ),
    "404 homes without power after storm": (
        "A storm cut the power of 404 homes in the south of the town on Monday night, the supplier said.",
        "Crews had repaired most lines by noon, and the last homes were to be supplied by the evening.",
    ),
    "Reporters say access denied to harbour inquiry": (
        "Reporters were turned away on Monday from the inquiry into the lock, two newspapers said.",
        "A judge will decide on Friday whether the hearings are public, as the law on inquiries demands.",
    ),
}


@pytest.mark.parametrize(("headline", "texts"), NOTES.items(), ids=NOTES)
def test_a_short_note_with_the_words_of_a_refusal_in_its_headline_is_an_article(read, headline, texts):
    assert isinstance(read(page(title=f"{headline} | Harbour Courier", h1=headline, paragraphs=texts)), Article)


REFUSALS = {
    "soft_404": (
        "Sorry, but the story that you are looking for was not found",
        ("It may have been moved or deleted by us some time ago, so please look at our front page for other news.",
         "You can also use the search above to look for older articles of this newspaper from the past years."),
    ),
    "bot_wall": (
        "Harbour Courier readers only: access denied",
        ("Our systems have seen unusual traffic from the network that you use, so we ask you to wait for a while.",
         "If you think that this is a mistake of ours, send us the reference below and say what you have done."),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "shown"), REFUSALS.items(), ids=REFUSALS)
def test_a_wordy_refusal_is_one(read, reason, shown):
    assert read(page(title=shown[0], h1=shown[0], paragraphs=shown[1])).reason == reason


NEWS = {
    "en": (EN, "About 4,000 residents must register to keep their parking permits, the council said."),
    "en, health": (EN, "Patients had to sign up to continue treatment at the clinic by the harbour, she said."),
    "it": (EN, "La vendita dei posti riservata agli abbonati comincia lunedì alle dieci del mattino."),
    "ko": (KO, "회원 전용 시설이어서 일반 시민은 들어갈 수 없었다고 시는 밝혔다."),
    "zh": (KO, "该商店仅限会员进入，部分商品享有会员专享价，店主说。"),
    "ja": (JA, "会員限定です、と係員は入口で市民に説明した。"),
}


@pytest.mark.parametrize("stated", [{}, {"isAccessibleForFree": True}], ids=["silent", "free"])
@pytest.mark.parametrize(("texts", "line"), NEWS.values(), ids=NEWS)
def test_a_sentence_that_speaks_of_members_or_registers_ends_no_text(read, texts, line, stated):
    paragraphs = (*texts, line, *texts[:2])
    article = read(page(paragraphs=paragraphs, jsonld=ld(**stated)))
    assert [paragraph.text for paragraph in article.paragraphs] == list(paragraphs)
    assert article.access == ("free" if stated else "unknown")


@pytest.mark.parametrize("line", [line for name, (_, line) in NEWS.items() if name != "ja"])
def test_such_a_sentence_may_end_a_text(line):
    text = (Paragraph("text", EN[0]), Paragraph("text", line))
    assert without_gate(text) == text


def test_terms_below_an_offer_go_with_it():
    terms = "Get unlimited access to all news of the coast for $1 a week in the first year. Cancel any time."
    text = tuple(Paragraph("text", line) for line in (*EN, "Register to keep reading", terms))
    assert without_gate(text) == text[: len(EN)]


@pytest.mark.parametrize("line", ["Already a subscriber?", "Déjà abonné ?", "Bereits Abonnent?", "Al abonnee?"])
@pytest.mark.parametrize("inside", [True, False])
def test_the_question_to_subscribers_alone_tells_nothing(read, line, inside):
    body = page(paragraphs=EN[:2])
    end = b"</div></article>"
    asked = f"<p>{line}</p>".encode()
    article = read(body.replace(end, asked + end if inside else b"</div>" + asked + b"</article>"))
    assert [paragraph.text for paragraph in article.paragraphs] == list(EN[:2])
    assert article.access == "unknown"
