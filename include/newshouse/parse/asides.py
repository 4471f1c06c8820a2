"""Lines that stand below or between the paragraphs of a text and speak of something else, told by their words."""

from __future__ import annotations

import re

from newshouse.parse.blocks import Block

_COMMENTS = re.compile(
    # One alone is a column of opinion: "Comment", "Kommentar".
    r"[\d.,]+ (?:comment|kommentar|commentaire|comentario|comentário|commento|reactie|komentarz)|"
    r"(?:[\d.,]+ )?(?:readers?['’]? )?(?:comments|kommentare|leserkommentare|commentaires|comentarios|comentários|"
    r"commenti|reacties|kommentarer|komentarze|komentáře|hozzászólások|comentarii|kommentit|yorumlar|комментари[ий]|"
    r"коментарі|댓글|コメント|评论|評論|网友评论|التعليقات|تعليقات|σχόλια|תגובות|टिप्पणियां|bình luận)"
    r"\W{0,3}(?:[\d.,]+\W?)?|(?:leave|post|add|write) (?:a|your) (?:comment|reply)|"
    r"(?:join|start) the (?:conversation|discussion)|[\d.,]+ (?:responses|replies)(?: to .+)?|[\d.,]+ thoughts on .+|"
    r"(?:schreiben? (?:sie )?(?:einen|deinen) kommentar|laisse[rz]? un commentaire|"
    r"dej[ae] (?:un comentario|una respuesta)|"
    r"lascia un commento|deixe (?:um|seu) comentário|geef een reactie|dodaj komentarz|yorum yap\w*)\W*"
)
_MAX_COMMENTS_CHARS = 60
# What a house says about what it earns by its links.
_AFFILIATE = re.compile(
    r"\b(?:contains?|includes?|buy|purchase|click|using)\b.{0,30}\baffiliate[- ]links?|"
    r"\b(?:we|i|us)\b.{0,20}\b(?:earn|receive|get|make)\b.{0,25}\bcommissions?\b"
)
_PLEA = re.compile(
    r"\bsupport(?:ing)? (?:our|independent|local|nonprofit) (?:\w+ )?(?:journalism|reporting|newsroom|work)\b|"
    r"\b(?:mak(?:e|ing) a (?:\S+ )?donation|donate|become a (?:member|supporter)) (?:today|now)\b|"
    r"\bunterstützen sie (?:uns|unsere)\b|\bfaites un don\b|\bhaz una donación\b|\bapoie o jornalismo\b|\bsteun ons\b",
    re.IGNORECASE,
)
_MAX_PLEA_CHARS = 300
_QUOTED = re.compile('["“„«「]')
_CREDITS = re.compile(
    r"(?:redaktion|recherche|faktencheck|grafik|edit(?:or|ed|ing)|produced|image|bild|foto|photo|crédit|source|quelle|"
    r"fuente|fonte|with|mit)\b"
)


def heads_comments(block: Block) -> bool:
    """Whether it is the line above the comments of readers; a link leads to them."""
    if len(block.text) > _MAX_COMMENTS_CHARS or block.link_chars:
        return False
    return _COMMENTS.fullmatch(block.text.lower()) is not None


def tells_of_commissions(small: str) -> bool:
    """Whether a line, given in lower case, says what the house earns by its links."""
    return ("affiliate" in small or "commission" in small) and _AFFILIATE.search(small) is not None


def is_plea(text: str) -> bool:
    """Whether a house asks its readers for money; what somebody says about journalism stands in quotation marks."""
    return len(text) <= _MAX_PLEA_CHARS and _PLEA.search(text) is not None and _QUOTED.search(text) is None


def may_close(text: str) -> bool:
    """Whether a line without a full stop may be the last of a text, and is no sign of its makers or an address."""
    is_sign = "@" in text or " / " in text or text[0] in "([（［【<" or text.isupper()
    return " " in text and not is_sign and not _CREDITS.match(text.lower())
