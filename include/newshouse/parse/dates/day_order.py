"""Whether 04/07/2026 is a day in July or in April."""

from __future__ import annotations

import re

from newshouse.parse.dom.document import Document

_DAY_FIRST_ENGLISH = frozenset(("gb", "uk", "ie", "au", "nz", "in", "za", "sg", "ng", "ke"))
_DAY_FIRST_HOSTS = (".uk", ".ie", ".au", ".nz", ".in", ".za", ".ng", ".ke")
_DAY_FIRST_LANGUAGES = frozenset(
    ("fr", "es", "it", "pt", "de", "nl", "da", "nb", "no", "el", "tr", "ar", "vi", "id", "he")
)
# www.courier.example/en-gb/world/…
_EDITION = re.compile(r"https?://[^/]+/(?P<locale>[a-z]{2}-[a-z]{2})/", re.IGNORECASE)


def day_comes_first(document: Document) -> bool:
    """Whether 04/07/2026 is the fourth of July here. No page says reliably that it is the seventh of April."""
    code, region = stated_locale(document)
    if code == "en":
        return region in _DAY_FIRST_ENGLISH or document.host.endswith(_DAY_FIRST_HOSTS)
    return code in _DAY_FIRST_LANGUAGES


def stated_locale(document: Document) -> tuple[str, str]:
    """Language and region as the page states them, "en" and "gb", in small letters; empty where it does not."""
    html = document.tree.root
    stated = (html.attributes.get("lang") if html is not None else None) or document.meta_first("og:locale") or ""
    if not stated and (edition := _EDITION.match(document.url)):
        stated = edition["locale"]
    code, _, region = stated.lower().replace("_", "-").partition("-")
    return code, region
