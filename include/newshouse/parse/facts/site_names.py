"""The name of the site in titles, and titles without it, its slogan, the genre and loose signs at the edges."""

from __future__ import annotations

import re

from newshouse.parse.words import letters

_SEPARATOR = re.compile(r"\s+[|｜–—·•‹›«»~\-:]{1,2}\s+|\s*[|｜]\s*|\s+/{1,2}\s+")
WHOLE_TITLE_CHARS = 25
"""What is left of a title is the whole headline if it has as many."""
MIN_TITLE_CHARS = 15
"""No headline has fewer, where something else could be meant."""


def without_publisher(text: str, known: frozenset[str], heads: frozenset[str] = frozenset()) -> str | None:
    """`text` without the parts that name the publisher or the genre. None if nothing else is left.

    `known`: what the publisher is called; `heads`: headings that need no cutting. Both letters only.
    """
    if "|" in text:
        text = _without_genre(text)
    if letters(text) in heads:
        last = next(reversed(list(_SEPARATOR.finditer(text))), None)
        named = last is not None and last.start() >= MIN_TITLE_CHARS and _names(text[last.end() :], known)
        whole = _trimmed(text[: last.start()] if last and named else text)
        return None if letters(text) in known else whole
    text = _CHINESE_SITE.sub("", text)
    cuts = list(_SEPARATOR.finditer(text))
    edges = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    for start, end, cut in zip(edges[1:], ends[1:], cuts, strict=True):
        # All that follows the publisher's name is its slogan.
        piped = "|" in cut[0] and cut.start() >= WHOLE_TITLE_CHARS  # headlines hold dashes, hardly ever pipes
        if piped or _names(text[start:end], known) or letters(text[: cut.start()]) in heads:
            text = text[: cut.start()]
            break
    if cuts and len(text) > cuts[0].end() and _names(text[: cuts[0].start()], known):
        text = text[cuts[0].end() :]
    text = _trimmed(text)
    return None if letters(text) in known or not text else text


def _trimmed(text: str) -> str:
    """Without loose signs at its edges; quotation marks only where they enclose nothing."""
    text = text.strip(_LOOSE_SIGNS)
    return text if text.count("«") == text.count("»") else _LOOSE_QUOTES.sub("", text)


def _without_genre(text: str) -> str:
    """ "Opinion | Who owns the quay?" and "Who owns the quay? | Opinion"."""
    first, _, behind = text.partition("|")
    before, _, last = text.rpartition("|")
    if letters(first) in _GENRE_LABELS and letters(behind):
        return behind.strip()
    return before.strip() if letters(last) in _GENRE_LABELS and letters(before) else text


_GENRE_LABELS = frozenset(
    re.findall(
        r"\w+",
        "opinion analysis commentary column editorial review explainer meinung kommentar analyse opinión análisis "
        "opinione opinião análise",
    )
)
# 港口关闭至秋季_新闻_港口网, 港口关闭至秋季-港口网; a dash is punctuation: 风雨四十年——走近人民日报社
_CHINESE_SITE = re.compile(
    r"(?<=[\u3400-\u9fff！？。”」》）])(?:[-_]{1,2}[\u3400-\u9fff]{2,6})?[-_]{1,2}[\u3400-\u9fff]{1,8}[网報报社台]$"
)
_LOOSE_SIGNS = " \xa0⋆★•|·#"
_LOOSE_QUOTES = re.compile(r"^[«»]\s+|\s+[«»]$")


def _names(part: str, known: frozenset[str]) -> bool:
    spelled = letters(part)
    return (
        not spelled or spelled in known or any(len(k) >= 4 and spelled in (k + end for end in _ENDINGS) for k in known)
    )


_ENDINGS = ("com", "online", "news", "de", "net", "org")


def host_names(host: str) -> frozenset[str]:
    """What a site may be called by its address, letters only: "harbourcourierexample", "harbourcourier"."""
    host = host.removeprefix("www.")
    parts = host.split(".")
    names = {host, ".".join(parts[-2:]), *(part for part in parts[:-1] if len(part) > 3), *parts[-2:-1]}
    return frozenset(map(letters, names))
