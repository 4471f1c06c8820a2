"""Where the comments of readers begin, told by the line above them."""

from __future__ import annotations

import re
from collections.abc import Callable

from newshouse.parse.dom.elements import Block
from newshouse.parse.dom.furniture import Verdict

_COMMENTS = re.compile(
    # One alone is a column of opinion: "Comment", "Kommentar"; so is the bare word in Chinese, and in Japanese it heads
    # what the people of the story say.
    r"[\d.,]+ (?:comment|kommentar|commentaire|comentario|comentário|commento|reactie|komentarz)|"
    r"(?:[\d.,]+ )?(?:readers?['’]? )?(?:comments|kommentare|leserkommentare|commentaires|comentarios|comentários|"
    r"commenti|reacties|kommentarer|komentarze|komentáře|hozzászólások|comentarii|kommentit|yorumlar|комментари[ий]|"
    r"коментарі|댓글|コメント[\s（(]*(?=\d)|[评評][论論]\W*(?=\d)|[网網]友[评評][论論]|"
    r"التعليقات|تعليقات|σχόλια|תגובות|टिप्पणियां|bình luận)"
    r"\W{0,3}(?:[\d.,]+\W?)?|(?:leave|post|add|write) (?:a|your) (?:comment|reply)|"
    r"(?:join|start) the (?:conversation|discussion)|[\d.,]+ (?:responses|replies)(?: to [\"'“‘„«].+)?|"
    r"[\d.,]+ thoughts? on [\"'“‘„«].+|"
    r"(?:schreiben? (?:sie )?(?:einen|deinen) kommentar|laisse[rz]? un commentaire|"
    r"dej[ae] (?:un comentario|una respuesta)|"
    r"lascia un commento|deixe (?:um|seu) comentário|geef een reactie|dodaj komentarz|yorum yap\w*)\W*"
)
_FIRST_OF_COMMENTS = frozenset(".,crklhybawpljsdgкд댓コ評评网網تσתट")
_MAX_COMMENTS_CHARS = 60
_SIGNED = 12  # blocks below a heading, among which comments would be signed and dated
_MAX_SIGN_CHARS = 60
# "3 hours ago", "4 July at 10:12", "Reply": what stands with each comment and with no paragraph.
_SIGN = re.compile(
    r"reply|replies|antworten|répondre|responder|rispondi|odpowiedz|beantwoorden|reageren|svar|svara|ответить|"
    r"відповісти|yanıtla|답글|返信|回复|回覆|رد|.{2,40} (?:says|said|schrieb|schreibt|a dit|dice)\W*|"
    r".*(?:\d{1,2}:\d\d|\d{1,2}[./ -]\w{2,9}[./ -](?:19|20)\d\d|[^\W\d]{3,9}\.? \d{1,2}, (?:19|20)\d\d|"
    r"\d+ .{3,12}\b(?:ago|fa|temu|siden|sedan|geleden|назад|тому)\b|\b(?:vor|il y a|hace|há) \d+ ).*",
    re.IGNORECASE,
)
_FEWEST_BESIDE = 2
_BELOW = 60  # blocks below a heading that are looked at: a page may have thousands of both
_PARAGRAPHS = frozenset(("p", "blockquote", "ul", "ol"))
_LEAST_ABOVE = 250  # characters of the text that stands above comments


def comments_at(mine: list[Block], is_good: Callable[[Block], bool], known: Callable[[Block], bool]) -> int:
    """Which of the container's blocks is the line above the comments; their number if there is none.

    Args:
        is_good: whether a block is long text with sentences.
        known: whether the page's own articleBody holds it.
    """
    above = reach = counted = 0
    heads = [at for at, block in enumerate(mine) if _heads_comments(block)]
    last = {block.element.parent: at for at, block in enumerate(mine) if heads and is_good(block)}
    for at in heads:
        above += sum(len(block.text) for block in mine[counted:at] if is_good(block) or known(block))
        reach = max((reach, *(last.get(block.element.parent, 0) for block in mine[counted:at])))
        counted = at
        # Between the paragraphs of one element it only counts them, as on a bar of buttons, or heads what people of the
        # story say of it.
        goes_on = last.get(mine[at].element.parent, 0) > at
        is_head = mine[at].is_heading and goes_on and not _heads_a_part(mine[at], mine[at + 1 : at + _BELOW], is_good)
        if above >= _LEAST_ABOVE and (is_head or reach < at):
            return len(mine) if any(map(known, mine[at:])) else at
    return len(mine)


def _heads_comments(block: Block) -> bool:
    """Whether it is the line above the comments of readers; a link leads to them."""
    if len(block.text) > _MAX_COMMENTS_CHARS or block.link_chars:
        return False
    small = block.text.lower()
    return (small[0] in _FIRST_OF_COMMENTS or small[0].isdigit()) and _COMMENTS.fullmatch(small) is not None


def _heads_a_part(head: Block, below: list[Block], is_good: Callable[[Block], bool]) -> bool:
    """Whether the bare word heads a part of the text: paragraphs of the same element, none of them signed or dated.

    Right below it stands one of them, and not the empty element in which a script shows comments.
    """
    if not head.text.isalpha() or head.element.tag_behind not in _PARAGRAPHS:
        return False
    beside = sum(is_good(block) for block in below if block.element.parent is head.element.parent)
    signs = (b for b in below[:_SIGNED] if len(b.text) <= _MAX_SIGN_CHARS and not b.is_heading)
    is_signed = any(b.element.verdict is Verdict.BYLINE or _SIGN.fullmatch(b.text) for b in signs)
    return beside >= _FEWEST_BESIDE and not is_signed
