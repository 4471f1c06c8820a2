"""Defects planted into sound parsed rows: what a row rule has to find, in several shapes each.

The phrases are written here and not taken from the package, so that a rule is not measured by its own list.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newshouse.validate.row import ParsedRow, joined

Planter = Callable[[ParsedRow, random.Random], ParsedRow | None]

WALLS = (
    "Subscribe to continue reading this article.",
    "Already a subscriber? Log in to read the full story.",
    "This content is for subscribers only.",
    "To continue reading, start your free trial.",
    "Register to read the rest of this report.",
    "Unlock this article for one euro.",
    "Jetzt weiterlesen mit einem Abo.",
    "Dieser Text ist nur für Abonnenten. Bereits abonniert? Anmelden",
    "Cet article est réservé aux abonnés.",
    "Abonnez-vous pour lire la suite.",
    "Déjà abonné ? Connectez-vous",
    "Contenido exclusivo para suscriptores. Suscríbete para seguir leyendo",
    "Contenuto riservato agli abbonati",
    "Conteúdo exclusivo para assinantes",
    "Dit artikel is alleen voor abonnees",
    "이 기사는 구독자 전용입니다.",
    "유료 회원만 볼 수 있는 기사입니다.",
    "この記事は会員限定です。",
    "続きを読むには会員登録が必要です。",
    "本文为会员专享内容",
    "هذا المقال للمشتركين فقط",
)
FURNITURE = (
    "We use cookies and similar technologies.",
    "Accept all",
    "By continuing you agree to our privacy policy.",
    "Sign up for our newsletter",
    "Follow us on Facebook and Instagram",
    "All rights reserved.",
    "Share this story",
    "Read our terms of service",
    "Please enable JavaScript to view this page.",
    "Most popular",
    "Skip to content",
    "Wir verwenden Cookies",
    "Alle Rechte vorbehalten.",
    "Datenschutzerklärung lesen",
    "Nous utilisons des cookies",
    "Tous droits réservés",
    "Suivez-nous",
    "Utilizamos cookies propias y de terceros",
    "무단 전재 및 재배포 금지",
    "版权所有",
    "Read more: The ferry line explained",
    "Lesen Sie auch: Streik am Hafen",
    "https://harbour.example/more-stories",
)
CUTS = ("…", "...", " [+2381 chars]", " Read more", " [...]", " Continue reading", " … Weiterlesen", " 続きを読む", ",")
NO_NAMES = (
    "Updated 18:30",
    "desk@harbour.example",
    "By Mara Lindqvist",
    "Posted 3 hours ago",
    "https://harbour.example/a",
    "Mara Lindqvist | Political editor",
    "Published: 2026-11-22",
    "Follow @mara",
    "5 min read",
    "Photo: Ida Berg",
    "Share on Facebook",
    "Written by Mara Lindqvist and other members of our newsroom in three cities",
)
CREDITS = (
    "The harbour on Sunday. Photo: Ida Berg",
    "(Photo by Ida Berg/Getty Images)",
    "The mayor speaks. (AP Photo/Ida Berg)",
    "Das Rathaus am Abend. Foto: dpa",
    "A ferry in the bay, file photo",
    "Image credit: Harbour Pictures",
    "The old pier © Ida Berg",
)
RESIDUE = ("<br/>", "<p>", "</strong>", "&amp;", "&nbsp;", "&#8217;", "[caption id=7]", '<a href="/x">', "&rsquo;")
BAD_URLS = (
    "javascript:void(0)",
    "/news/1",
    "http://",
    "mailto:a@b.example",
    "www.harbour.example/a",
    "htp://a.example",
)
ENCODINGS = ("cp1252", "latin-1")
OLD_ENCODINGS = ("euc-kr", "cp1251", "gb2312", "iso-8859-7", "windows-1256")
FAR = {"en": "de", "de": "fr", "fr": "pl", "es": "de", "ko": "ja", "ja": "en", "ar": "en", "zh": "ko"}


def _words(row: ParsedRow, count: int) -> str:
    return " ".join(row.body.split()[:count])


def _with_body(row: ParsedRow, *paragraphs: str) -> ParsedRow:
    return replace(row, paragraphs=paragraphs, kinds=("text",) * len(paragraphs), body=joined(paragraphs))


def _body_short(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    return _with_body(row, _words(row, chance.randint(2, 12))) if " " in row.body[:60] else None


def _paywall(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    if " " not in row.body[:60]:
        return None
    return _with_body(row, _words(row, chance.randint(25, 100)), chance.choice(WALLS))


def _truncated(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    if len(row.paragraphs) < 2:
        return None
    last = row.paragraphs[-1]
    cut = last[: max(20, int(len(last) * chance.uniform(0.3, 0.9)))].rstrip(" .!?") + chance.choice(CUTS)
    return _with_body(row, *row.paragraphs[:-1], cut)


def _misread(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    """UTF-8 shown as Windows-1252 or Latin-1, as servers with a wrong charset header give it."""
    if sum(not sign.isascii() for sign in row.body) < 6:
        return None
    wrong = chance.choice(ENCODINGS)
    return _with_body(row, *(text.encode().decode(wrong, "replace") for text in row.paragraphs))


def _old_misread(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    for encoding in chance.sample(OLD_ENCODINGS, len(OLD_ENCODINGS)):
        raw = row.body.encode(encoding, "ignore")
        if sum(byte > 127 for byte in raw) > len(raw) * 0.4:
            return _with_body(row, raw.decode("latin-1"))
    return None


def _lost_bytes(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    signs = [place for place, sign in enumerate(row.body) if sign == " "]
    lost = set(chance.sample(signs, min(len(signs), max(4, len(row.body) // 200))))
    return _with_body(row, "".join("\ufffd" if place in lost else sign for place, sign in enumerate(row.body)))


def _day_in_url(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    if row.published_at is None or row.published_at_precision in ("month", "year"):
        return None
    day = row.published_at + chance.choice((-1, 1)) * timedelta(days=chance.randint(4, 900))
    shape = chance.choice(("/%Y/%m/%d/x", "/%Y-%m-%d-x", "/a/%Y%m%d/x", "/x-%Y-%m-%d.html"))
    return replace(row, final_url=f"https://harbour.example{day.strftime(shape)}")


def _other_language(row: ParsedRow, _: random.Random) -> ParsedRow | None:
    if row.language not in FAR or len(row.body) < 400:
        return None
    return replace(row, language=FAR[row.language], language_confidence=None)


def _residue(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    words = row.body.split(" ")
    words.insert(chance.randrange(len(words)), chance.choice(RESIDUE))
    return _with_body(row, *" ".join(words).split("\n\n"))


def _future(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    return replace(row, published_at=row.fetched_at + timedelta(hours=chance.uniform(37, 9000)), modified_at=None)


def _ahead(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    at = row.fetched_at + timedelta(hours=chance.uniform(1.5, 35))
    return replace(row, published_at=at, published_at_precision="second", modified_at=None)


def _ancient(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    return replace(row, published_at=datetime(chance.choice((1, 1900, 1970, 1980)), 1, 1, tzinfo=UTC))


def _naive(row: ParsedRow, _: random.Random) -> ParsedRow | None:
    return replace(row, published_at_utc_offset_min=None) if row.published_at_precision == "second" else None


def _modified(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    if row.published_at is None or row.published_at_precision != "second" or row.published_at.year < 1990:
        return None
    at = row.published_at - timedelta(hours=chance.uniform(26, 900))
    return replace(row, modified_at=at, modified_at_precision="second")


def _author(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    name = chance.choice(("The Harbour Post", "Harbour Post", "HARBOUR POST", "harbour-post.example", "harbour-post"))
    return replace(row, authors=(name,))


def _caption(row: ParsedRow, chance: random.Random) -> ParsedRow | None:
    if chance.random() < 0.5:
        return _with_body(row, *row.paragraphs, chance.choice(CREDITS))
    caption = "Two electric boats lie in the old harbour on Sunday morning"
    return replace(_with_body(row, *row.paragraphs, f"{caption}."), captions=(caption,))


PLANTERS: tuple[tuple[str, Planter], ...] = (
    ("url_invalid", lambda row, chance: replace(row, url=chance.choice(BAD_URLS))),
    ("title_missing", lambda row, chance: replace(row, title=chance.choice((None, "", " ", "…", "-", "***")))),
    ("body_empty", lambda row, chance: _with_body(row, chance.choice(("", "* * *", "—", "\u200b")))),
    ("body_short", _body_short),
    ("paywall_stub", _paywall),
    ("truncated", _truncated),
    ("boilerplate", lambda row, chance: _with_body(row, *chance.sample(FURNITURE, 6), row.body[:60])),
    ("mojibake", _misread),
    ("mojibake", _old_misread),
    ("mojibake", _lost_bytes),
    ("html_residue", _residue),
    ("lang_mismatch", _other_language),
    ("caption_leak", _caption),
    ("date_missing", lambda row, _: replace(row, published_at=None)),
    ("date_future", _future),
    ("date_ahead", _ahead),
    ("date_ancient", _ancient),
    ("tz_naive", _naive),
    ("date_vs_url", _day_in_url),
    ("modified_before_published", _modified),
    ("byline_pollution", lambda row, chance: replace(row, authors=(chance.choice(NO_NAMES),))),
    ("author_is_source", _author),
)
"""Rule and planter; a planter gives None for a row that it cannot make bad in its way."""
