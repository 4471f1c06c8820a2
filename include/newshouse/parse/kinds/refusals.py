"""Pages that hold no article, told by name: a rejection says why, an empty row says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newshouse.parse.dates.printed_dates import is_dated_headline
from newshouse.parse.dom.document import Document
from newshouse.parse.facts.access import is_closed
from newshouse.parse.kinds.cards import cards
from newshouse.parse.kinds.players import gallery, player
from newshouse.parse.kinds.site_pages import names_site_page
from newshouse.parse.words import first, has_fewer_words, tidy, word_count
from newshouse.records import Access, NoArticle

_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|meta|title|div|p|article|script|h1|span|a)\b", re.IGNORECASE)
_VISIBLE = re.compile(rb"[^\x00 \t\r\n]")
_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00",
)
_NOT_PAGES = (
    "application/pdf",
    "application/json",
    "image/",
    "video/",
    "audio/",
    "application/zip",
    "application/octet-stream",
    "font/",
)
_TEASERS = "article a[href], h2 a[href]:not([href^='#']), h3 a[href]:not([href^='#']), li h4 a[href]"
_STUB_WORDS = 120  # a teaser of two or three sentences and the offer to subscribe
_GATED_WORDS = 60  # below an offer to subscribe; so short is hardly a whole note
_NOTE_WORDS = 25
_SENTENCE_WORDS = 12  # menus and teasers are shorter; the paragraphs of an article are not
_FRONT_WORDS = 150
_CONSENT_NOTE_WORDS = 40  # no less is a note about data protection
# Prose below a headline, and not the blurbs below the name of a section.
_PARAGRAPH_WORDS, _PROSE_WORDS, _PROSE_SHARE, _HEADLINE_WORDS = 20, 60, 0.6, 4
_VISIBLE_CHARS = 6_000

_GONE = re.compile(
    r"\b(?:page|article|story|content|file) (?:you (?:requested|are looking for|were looking for) )?(?:was |is |"
    r"could |can )?"
    r"(?:not|n't|cannot|no longer) (?:be )?(?:found|available|exist)|\bpage not found|\bnot found\b.{0,20}$|"
    r"^\W*(?:error )?404\b|\b404 (?:error|not found|page)|"
    r"\b(?:(?:wh)?oops|oups|hoppla)\b\W*(?:$|[|–—]|(?:[\w'’]+\W+){0,6}?(?:page|went wrong|lost|error|link|seite|"
    r"schief\w*|fehler|erreur)\b)|page can(?:.t|not) be (?:found|displayed)|"
    r"can.t find (?:the|that|this) page|seite (?:wurde )?nicht (?:gefunden|verf[üu]gbar)|page (?:introuvable|"
    r"non trouv[ée]e)|"
    r"page n.existe (?:pas|plus)|p[áa]gina no (?:encontrada|existe)|pagina non trovata|pagina niet gevonden|"
    r"p[áa]gina n[ãa]o encontrada|"
    r"페이지를 찾을 수 없|존재하지 않는 (?:페이지|기사)|삭제된 기사|"
    r"ページが見つかりません|お探しのページ|页面不存在|找不到|"
    r"الصفحة غير موجودة|لم يتم العثور|страница не найдена|sayfa bulunamad",
    re.IGNORECASE,
)
_BOT = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|are you a (?:human|robot)|"
    r"verify(?:ing)? (?:that )?you(?: are|'re) (?:a )?(?:human|not a robot)|"
    r"pardon our interruption|security check|checking your browser|please enable (?:js|javascript) and (?:disable|"
    r"cookies)|unusual traffic|"
    r"robot check|human verification|ddos protection|bot verification|request blocked|you have been blocked|captcha|"
    r"sind sie ein mensch|roboter|êtes-vous un (?:humain|robot)|로봇이 아닙니다|ロボットではありません",
    re.IGNORECASE,
)
_BOT_MARKUP = re.compile(
    rb"cf-chl|challenge-form|challenge-platform/h|px-captcha|captcha-delivery\.com|_Incapsula_Resource|awswaf|"
    rb"g-recaptcha|h-captcha",
    re.IGNORECASE,
)
_OF_PAGES = re.compile(
    r"\b(?:page|link|url|search|browser|home ?page|cookies|reference|ray id|seite|suche|startseite|lien|recherche|"
    r"p[áa]gina|enlace|buscar?|pagina|zoek\w*|sidan?|sök)\b|페이지|ページ|页面|الصفحة|страниц|sayfa",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bcookies?\b|your privacy|privacy (?:center|settings|choices)|consent|datenschutz|zustimm|einwillig|"
    r"werbung und tracking|"
    r"vie priv[ée]e|consentement|accepter (?:et|les)|privacidad|consentimiento|informativa|consenso|toestemming|"
    r"쿠키|개인정보|クッキー|隐私|ملفات تعريف الارتباط|الخصوصية",
    re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"before you continue|consent|cookie|privacy|datenschutz|zustimmung|einwilligung|vie priv[ée]e|consentement|"
    r"privacidad|toestemming",
    re.IGNORECASE,
)
# Walls speak to the reader; news about data protection speaks of others.
_TO_THE_READER = re.compile(
    r"\bwe (?:and|use|value|store|process|need|would|care)\b|\bour (?:partners|vendors)\b|\byou(?:r|rs)?\b|"
    r"\bwir (?:und|verwenden|nutzen|setzen|benötigen|verarbeiten|brauchen|möchten)\b|\bunsere(?:n|r)? partner|"
    r"(?-i:\b(?:Ihre|[Dd]eine)[mnr]? (?:Zustimmung|Einwilligung|Privatsphäre|Daten|Auswahl|Einstellungen))|"
    r"\bnous (?:utilisons|et|avons)\b|\bnos partenaires\b|\bvo(?:s|tre)\b|"
    r"\b(?:utilizamos|usamos|nuestros socios|nossos parceiros|(?:su|tu) consentimiento|seu consentimento)\b|"
    r"\b(?:utilizziamo|usiamo|nostri partner|tuo consenso|suo consenso)\b|"
    r"\b(?:wij|onze partners|uw toestemming|je toestemming)\b|"
    r"동의해|동의하|바꿀 수|同意する|同意して|お客様|当サイト|我们|您|نستخدم|نحن",
    re.IGNORECASE,
)
_STATED_DAYS = ("article:published_time", "date", "dc.date", "dcterms.date", "pubdate", "publishdate")
_FRONT_TYPES = frozenset(("collectionpage", "itemlist", "searchresultspage", "profilepage"))


def not_a_page(body: bytes, content_type: str) -> NoArticle | None:
    """Told before any parsing: nothing there, or something else than HTML."""
    if not _VISIBLE.search(body):
        return NoArticle("empty_page", f"{len(body)} bytes, none of them visible")
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind.startswith(_NOT_PAGES):
        return NoArticle("not_html", f"content-type {kind}")
    head = body[:4096]
    if head.startswith(_MAGIC):
        return NoArticle("not_html", f"begins with {head[:4]!r}")
    if not _MARKUP.search(head) and not _MARKUP.search(body[:65_536].replace(b"\x00", b"")):
        return NoArticle("not_html", "no HTML element in the first 64 KiB")
    return None


def no_article(
    document: Document, text: str, access: Access, headline: str | None, offer: str | None = None
) -> NoArticle | None:
    """Why this page is no article, or None if it is one.

    Args:
        text: the body that was found.
        offer: the words below it that offer the rest to subscribers or members; see `gates.py`.
    """
    return next(filter(None, _refusals(document, text, access, headline, offer)), None)


def _refusals(
    document: Document, text: str, access: Access, headline: str | None, offer: str | None
) -> Iterator[NoArticle | None]:
    words = word_count(text) if has_fewer_words(text, _FRONT_WORDS) else _FRONT_WORDS  # or more
    shown = " ".join(filter(None, (document.title_tag, *document.h1[:2])))
    has_node = document.article_node is not None
    is_told = has_node or _is_told(document)
    if words < _FRONT_WORDS:
        visible = _visible(document)
        if not _is_note(text, headline):
            yield _bot_wall(document, shown, visible, has_node)
            yield _soft_404(shown, visible, has_node)
        yield None if has_node else _consent_wall(shown, visible, text, is_told)
        yield player(document, words, is_told)
    if words < _STUB_WORDS and (access == "paid" or (access == "metered" and is_closed(document))):
        yield NoArticle("paywall_stub", f"not free, and only {words} words are shown")
    yield gallery(document, text)
    if offer and access != "free" and words < _GATED_WORDS:
        yield NoArticle("paywall_stub", f"only {words} words are shown, then: {offer}")
    if not has_node and not document.meta_first(*_STATED_DAYS) and (blurbs := cards(document, text)):
        gone = _GONE.search(shown)
        yield NoArticle("soft_404", gone[0]) if gone else NoArticle("section_front", f"{blurbs} blurbs below links")
    if not has_node and not document.meta_first(*_STATED_DAYS) and (name := names_site_page(document.url, headline)):
        yield NoArticle("site_page", f"headline and address: {name}")
    if not is_told:
        yield _section_front(document, text, headline) or _only_teasers(document, text)
    if not words:
        yield NoArticle(
            "empty_page", f"no text of an article; title {headline!r}" if headline else "no text of an article"
        )


def _is_note(text: str, headline: str | None) -> bool:
    """Whether it is a short piece of news whose headline only happens to hold the words of a refusal.

    Those words are most of the headline of a refusal, and its text speaks of them again, or of pages and searching.
    """
    signs = _GONE.search(headline or "") or _BOT.search(headline or "")
    if signs is None or 2 * len(signs[0]) > len(headline or "") or word_count(headline or "") <= _HEADLINE_WORDS:
        return False
    prose = sum(count for line in text.split("\n") if (count := word_count(line)) >= _SENTENCE_WORDS)
    return prose >= _NOTE_WORDS and not (_GONE.search(text) or _BOT.search(text) or _OF_PAGES.search(text))


def _is_told(document: Document) -> bool:
    """Whether the page tells machines that it is an article, JSON-LD aside."""
    kind = (document.meta_first("og:type") or "").lower()
    return kind == "article" or document.meta_first("article:published_time") is not None


def _visible(document: Document) -> str:
    """The beginning of what readers see."""
    parts, length = [], 0
    body = document.tree.body
    for node in body.traverse(include_text=True, skip_empty=True) if body is not None else ():
        text = tidy((node.text_content or "")[:_VISIBLE_CHARS]) if node.is_text_node else ""
        if not text or (node.parent is not None and node.parent.tag == "noscript"):
            continue
        parts.append(text)
        length += len(text)
        if length > _VISIBLE_CHARS:
            break
    return " ".join(parts)[:_VISIBLE_CHARS]


def _bot_wall(document: Document, shown: str, visible: str, has_node: bool) -> NoArticle | None:
    if has_node and len(visible) > 300:
        return None
    sign = _BOT.search(shown) or (_BOT.search(visible) if len(visible) < 1_500 else None)
    if sign and (len(visible) < 1_500 or _BOT_MARKUP.search(document.markup[:200_000])):
        return NoArticle("bot_wall", sign[0])
    markup = _BOT_MARKUP.search(document.markup[:200_000]) if len(visible) < 300 else None
    return NoArticle("bot_wall", markup[0].decode()) if markup else None


def _soft_404(shown: str, visible: str, has_node: bool) -> NoArticle | None:
    sign = _GONE.search(shown) or (_GONE.search(visible) if len(visible) < 600 else None)
    return NoArticle("soft_404", sign[0]) if sign and not has_node else None


def _consent_wall(shown: str, visible: str, text: str, is_told: bool) -> NoArticle | None:
    """`is_told`: walls keep the meta elements of the article behind them; so the title and the body count too."""
    if not has_fewer_words(text, _CONSENT_NOTE_WORDS) and not _TO_THE_READER.search(text):
        return None
    titled = _CONSENT_TITLE.search(shown)
    short = len(visible) < 1_500  # a banner on an article is a small part of what is shown
    if (is_told and not titled and not _asks_for_consent(text)) or not visible or not (titled or short):
        return None
    hits = _CONSENT.findall(visible)
    if (titled and hits) or (short and len(hits) >= 3):
        return NoArticle("consent_wall", ", ".join(dict.fromkeys(h.lower() for h in hits[:5])))
    return None


def _asks_for_consent(text: str) -> bool:
    """Whether a body speaks of little else, and not in one paragraph alone: that is a banner below a short note."""
    hits = [len(_CONSENT.findall(line)) for line in text.split("\n") if line]
    return sum(hits) >= 3 and sum(hits) * _WORDS_A_HIT >= word_count(text) and 2 * sum(map(bool, hits)) > len(hits)


_WORDS_A_HIT = 20


def _section_front(document: Document, text: str, headline: str | None) -> NoArticle | None:
    _, _, path = document.url.partition("//")[2].partition("/")
    listed = document.node_types & _FRONT_TYPES
    has_text = not has_fewer_words(text, 2 * _FRONT_WORDS) or _is_prose(text, headline)
    if path.strip("/") and not listed and has_text:
        return None  # whatever the number of teasers; to count them is a search of the whole page
    teasers = len(document.tree.css(_TEASERS))
    if listed and teasers >= 5 and has_fewer_words(text, 4 * _FRONT_WORDS):
        return NoArticle("section_front", f"JSON-LD {first(sorted(listed))}, {teasers} teasers")
    if not path.strip("/") and teasers >= 5 and has_fewer_words(text, 20 * teasers):
        return NoArticle("section_front", f"the front page, {teasers} teasers")
    few = min(6 * teasers, 2 * _FRONT_WORDS)
    if teasers >= 12 and has_fewer_words(text, few) and not has_text:
        return NoArticle("section_front", f"{teasers} teasers, {word_count(text)} words of text")
    return None


def _is_prose(text: str, headline: str | None) -> bool:
    """Whether most of a text stands in whole paragraphs, below a headline of some words."""
    whole = sum(count for line in text.split("\n") if (count := word_count(line)) >= _PARAGRAPH_WORDS)
    return whole >= max(_PROSE_WORDS, _PROSE_SHARE * word_count(text)) and word_count(headline or "") >= _HEADLINE_WORDS


def _only_teasers(document: Document, text: str) -> NoArticle | None:
    """A page that states neither date nor article, whose text holds headlines and menu words but no sentence."""
    if document.meta_first("date", "dc.date") or is_dated_headline(document):
        return None
    if any(word_count(line) >= _SENTENCE_WORDS for line in text.split("\n")):
        return None
    longest = max(map(word_count, text.split("\n")))
    if longest and document.tree.css_first("h2 a[href], h3 a[href], li a[href]") is not None:
        return NoArticle("section_front", f"links, and no paragraph of more than {longest} words")
    return None
