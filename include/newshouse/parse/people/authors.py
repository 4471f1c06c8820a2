"""Who wrote it: which of the statements of a page is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from newshouse.parse.dom.document import Document
from newshouse.parse.people.byline_chunks import is_signature
from newshouse.parse.people.byline_words import without_prefix
from newshouse.parse.people.bylines import MAX_PEOPLE, is_desk, named_in
from newshouse.parse.people.closing import bold_name, signature, signed_first
from newshouse.parse.people.credit_places import MAX_BYLINE_CHARS, MAX_LINKS, offers, printed_lines
from newshouse.parse.people.lone_names import is_topic, may_be_name
from newshouse.parse.people.names import is_full, is_organisation
from newshouse.parse.people.near_lines import byline_above_text
from newshouse.parse.words import letters, plain
from newshouse.records import Author, Wire
from newshouse.sources.model import Source

_MAX_WORDS_EACH = 12


@dataclass(frozen=True, slots=True)
class Credits:
    """Who wrote it: people, the agency if there is one, the line as printed, and where that came from.

    `credit`: everybody, people or not, as the statement that was believed names them.
    """

    authors: tuple[Author, ...] = ()
    credit: tuple[str, ...] = ()
    wire: Wire | None = None
    byline: str | None = None
    byline_origin: str | None = None
    origin: str | None = None
    credit_origin: str | None = None
    wire_origin: str | None = None


def credits(
    document: Document,
    source: Source | None = None,
    feed_authors: tuple[str, ...] = (),
    byline: tuple[str, str] | None = None,
    opening: str = "",
    closing: tuple[str, ...] = (),
) -> Credits:
    """The first statement that names people; any statement may name the agency.

    The byline is the line that readers see; without one, the names as the page states them to machines. `byline`: the
    line and its origin, where it is known better. `opening`, `closing`: the first paragraph of the text and the lines
    at its end, which may be signed.
    """
    own = own_names(document, source)
    if byline:
        named, (line, told) = named_in([byline[0]], own), byline
        found = Credits(named.people[:MAX_PEOPLE], named.credit, named.wire, line, told, told, told, told)
        return _whole(found)
    marked = document.found.credited[:MAX_LINKS]
    lines = printed_lines(document, marked)
    printed = next((line for line in lines if _speaks_of_authors(line, own)), None)
    found = Credits(byline=printed, byline_origin="html" if printed else None)
    for values, origin in offers(document, marked, printed, feed_authors):
        if found.authors and origin not in _STATED_TO_MACHINES:
            break
        named = named_in(values, own)
        told_wire = found.wire is not None
        if named.wire and not found.wire:
            found = replace(found, wire=named.wire, wire_origin=origin)
        # A line that only begins like a byline is believed where no line is marked as one.
        guessed = origin == "text" and (told_wire or found.byline_origin not in _GUESSED_BESIDE)
        if named.people and not found.authors and not guessed and not (told_wire and origin == "html"):
            found = replace(
                found,
                authors=named.people[:MAX_PEOPLE],
                origin=origin,
                credit=named.credit,
                credit_origin=origin,
            )
        elif named.credit and not found.credit and not guessed:
            found = replace(found, credit=named.credit, credit_origin=origin)
        told_late = origin == "text" and found.origin == "text" and named.people
        if (told_late or not found.byline) and (line := ", ".join(dict.fromkeys(filter(None, map(_stated, values))))):
            found = replace(found, byline=line[:MAX_BYLINE_CHARS], byline_origin=origin)
    if not found.byline and (desk := next(filter(is_desk, lines), None)):
        found = replace(found, byline=desk, byline_origin="html")
    found = _by_readers(_as_printed(found, own), document, own)
    return _whole(_signed(found, opening, closing, document, own))


def _by_readers(found: Credits, document: Document, own: frozenset[str]) -> Credits:
    """The people whom the line between headline and text says it is by, where machines are told others: who entered it.

    Not where the page shows those as well.
    """
    line = byline_above_text(document) if found.origin in _STATED_TO_MACHINES else None
    named = named_in([line], own) if line else None
    if not line or not named or not named.people or not all(is_full(author.name) for author in named.people):
        return found
    shown = letters("".join(block.text for block in document.near_headline if len(block.text) <= MAX_BYLINE_CHARS))
    surnames = {letters(author.name.split()[-1]) for author in found.authors}
    if any(surname in shown for surname in surnames) or not all(_may_be(one.name, document) for one in named.people):
        return found
    credit = named.credit
    return replace(
        found,
        authors=named.people,
        origin="html",
        credit=credit,
        credit_origin="html",
        byline=line,
        byline_origin="html",
    )


def _may_be(name: str, document: Document) -> bool:
    """Whether it may be somebody's name: not so in "By Royal Appointment", "By Any Measure", "Von Tür zu Tür"."""
    return may_be_name(name, "") and not is_organisation(name) and not is_topic(name, document)


def _signed(found: Credits, opening: str, closing: tuple[str, ...], document: Document, own: frozenset[str]) -> Credits:
    """With the people by whom the text is signed in its first line or at its end, where nothing else names any."""
    line = None if found.authors else signed_first(opening) or signature(closing) or bold_name(document, closing)
    named = named_in([line], own) if line else None
    if not line or not named or not named.people:
        return found
    found = replace(found, authors=named.people, origin="text")
    if not found.byline:
        found = replace(found, byline=line, byline_origin="text")
    return found if found.credit else replace(found, credit=named.credit, credit_origin="text")


def _whole(found: Credits) -> Credits:
    """Without anybody that is told apart, the line as it is stated is the credit."""
    if found.credit or not found.byline or found.byline_origin == "text" or not is_signature(found.byline):
        return found
    return replace(found, credit=(without_prefix(found.byline),), credit_origin=found.byline_origin)


def _as_printed(found: Credits, own: frozenset[str]) -> Credits:
    """The people of the printed line where it tells more than what machines are told: a full name, or more names."""
    if not found.byline or found.byline_origin != "html" or found.origin is None:
        return found
    named = named_in([found.byline], own)
    stated, shown = [{letters(author.name): author.name for author in some} for some in (found.authors, named.people)]
    account = len(stated) == 1 and " " not in found.authors[0].name and found.authors[0].name.isascii()
    more = [name for spelled, name in shown.items() if spelled not in stated]
    fuller = account or (stated.keys() < shown.keys() and not any(s in letters(n) for s in stated for n in more))
    if not (more and fuller and all(map(is_full, more))):
        return found
    return replace(found, authors=named.people, origin="html", credit=named.credit, credit_origin="html")


_ABOUT = re.compile(r"about the author|about \w+ \w+$", re.IGNORECASE)  # a biography follows


def _speaks_of_authors(line: str, own: frozenset[str]) -> bool:
    named = named_in([line], own)
    is_long = len(line.split()) > _MAX_WORDS_EACH * max(1, len(named.people))
    if is_long and (without_prefix(line) == line or _ABOUT.match(line)):
        return False  # a sentence or a teaser
    return bool(named.people or named.wire) or _is_signed_by_house(without_prefix(line), own)


def _is_signed_by_house(line: str, own: frozenset[str]) -> bool:
    """Whether a line is the publisher's name, alone or beside the word for a desk: "Redacción Diario del Puerto"."""
    first, _, behind = line.partition(" ")
    before, _, last = line.rpartition(" ")
    return (
        letters(line) in own
        or (letters(behind) in own and is_desk(first.title()))
        or (letters(before) in own and is_desk(last.title()))
    )


_STATED_TO_MACHINES = frozenset(("jsonld", "meta"))
_GUESSED_BESIDE = (None, "text", *_STATED_TO_MACHINES)


def own_names(document: Document, source: Source | None) -> frozenset[str]:
    """What the publisher is called (letters only): by the page, by its address, by the source file."""
    host = document.host
    names = {*document.site_names, host, host.removeprefix("www."), *host.split(".")[-2:-1]}
    names |= {source.name, source.id} if source else set()
    return frozenset(letters(name) for name in names) - {""}


def _stated(value: Any) -> str | None:
    text = plain(value.get("name") if isinstance(value, dict) else value)
    if not text or text.startswith(("http://", "https://", "www.")) or not any(char.isalpha() for char in text):
        return None
    return text
