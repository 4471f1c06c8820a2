"""The seed dump, field by field."""

from __future__ import annotations

from parse_pages import CAPTURED

from newshouse.parse.dumps.dump import parse_dump
from newshouse.records import Author, Media


def test_the_seed_dump_field_by_field(shared):
    path = shared / "seed" / "000_bee989108874f5e3.txt"
    text = path.read_text(encoding="utf-8")
    article = parse_dump(path.read_bytes(), path.name, CAPTURED)
    caption = text.splitlines()[1]
    assert caption.endswith(" Yonhap |")
    assert article.title is None
    assert article.canonical_url is None
    assert (article.published, article.modified) == (None, None)
    assert article.media == (Media("image", caption=caption.removesuffix(" Yonhap |"), credit="Yonhap"),)
    assert article.byline == "By Lee Min-hyung, Kim Yoo-chul"
    assert article.authors == (Author("Lee Min-hyung"), Author("Kim Yoo-chul"))
    assert [p.text for p in article.paragraphs] == [line.strip() for line in text.splitlines()[3:] if line.strip()]
    assert {p.kind for p in article.paragraphs} == {"text"}
    assert (article.dateline, article.wire, article.subtitle, article.section) == (None, None, None, None)
    assert article.language == "en"
    assert article.language_confidence > 0.9
    assert (article.access, article.access_evidence) == ("unknown", None)
    assert article.extractor == "text_dump"
    assert article.field_origin == dict.fromkeys(("byline", "authors", "credit", "media", "language", "body"), "text")
