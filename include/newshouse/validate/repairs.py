"""What a repair changes in a record, and the originals that are kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newshouse.parse.words import word_count
from newshouse.validate.row import ParsedRow

Record = dict[str, Any]

CHANGED = ("title", "byline", "authors", "credit", "paragraphs", "body", "word_count", "repairs")
"""The columns that a repair may change."""


def mend(record: Record, row: ParsedRow, mended: tuple[tuple[str, ParsedRow], ...]) -> None:
    """Take the repairs over into the record, in place.

    Args:
        row: as it was read from the record.
        mended: rule and row after each repair, in order.
    """
    originals = list(record["repairs"] or ())
    authors = [a for a in record["authors"] or () if a and a["name"]]
    before = row
    for rule, after in mended:
        originals += _originals(rule, before, after)
        authors = _authors(authors, before, after)
        before = after
    record["repairs"] = originals
    record |= {"title": before.title, "byline": before.byline, "authors": authors}
    if record["credit"] is not None:  # a row of an earlier parser has none
        record["credit"] = list(before.credit)
    if before.body != row.body:
        record |= {"body": before.body, "word_count": word_count(before.body)}
        paragraphs = [p for p in record["paragraphs"] or () if p and p["text"]]
        texts = zip(paragraphs, before.paragraphs, strict=True)
        record["paragraphs"] = [{**paragraph, "text": text} for paragraph, text in texts if text]


def _originals(rule: str, before: ParsedRow, after: ParsedRow) -> Iterator[Record]:
    for column in ("title", "byline"):
        value = getattr(before, column)
        if value != getattr(after, column):
            yield _original(rule, column, None, value)
    for position, text in enumerate(before.paragraphs):
        if text != after.paragraphs[position]:
            yield _original(rule, "paragraphs", position, text)
    if not before.paragraphs and before.body != after.body:
        yield _original(rule, "body", None, before.body)
    for column in ("authors", "credit"):
        names, left = getattr(before, column), getattr(after, column)
        for position, name in enumerate(names):
            if name != left[position] if len(names) == len(left) else name not in left:
                yield _original(rule, column, position, name)


def _original(rule: str, column: str, position: int | None, value: str) -> Record:
    return {"rule": rule, "column": column, "position": position, "original": value}


def _authors(authors: list[Record], before: ParsedRow, after: ParsedRow) -> list[Record]:
    """After one repair, which either rewrites names or takes some out."""
    if len(before.authors) == len(after.authors):
        return [{**author, "name": name} for author, name in zip(authors, after.authors, strict=True)]
    return [author for author in authors if author["name"] in after.authors]
