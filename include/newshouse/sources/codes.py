"""Codes of countries, languages and time zones.

Countries and zones come from the IANA time zone database (`tzdata`), which carries the table of ISO 3166-1.
"""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Collection
from functools import cache
from importlib.resources import files

# Found on some machines only, and not the time of any place.
_NOT_ZONES = {"localtime", "Factory"}

# ISO 639-1. Closed to new codes for years, so it can stand here.
_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)


@cache
def languages() -> frozenset[str]:
    """ISO 639-1 codes."""
    return frozenset(_LANGUAGES.split())


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes."""
    return frozenset(row[0] for row in _rows("iso3166.tab"))


@cache
def zones() -> frozenset[str]:
    """IANA time zone names."""
    return frozenset(zoneinfo.available_timezones() - _NOT_ZONES)


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of a country, most populous first (the order of `zone.tab`)."""
    return tuple(row[2] for row in _rows("zone.tab") if row[0] == country)


def nearest(word: str, choices: Collection[str], likeness: float = 0.6) -> str | None:
    """The choice that looks most like `word`, if any looks alike (0 to 1); upper and lower case do not count."""
    folded = {choice.casefold(): choice for choice in sorted(choices)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=likeness)
    return folded[close[0]] if close else None


def _rows(table: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
