"""Buttons to share an article that stand in its text as a bare list: "Facebook", "WhatsApp", "Copy link"."""

from __future__ import annotations

from newshouse.parse.dom.elements import Block

NETWORKS = frozenset(
    (
        "facebook", "x", "twitter", "x (twitter)", "whatsapp", "telegram", "linkedin", "reddit", "pinterest", "threads",
        "bluesky", "mastodon", "messenger", "tumblr", "flipboard", "pocket", "xing", "vk", "viber", "line", "kakaotalk",
        "카카오톡", "페이스북", "트위터", "weibo", "wechat", "微信", "微博", "e-mail", "email", "mail", "sms", "print",
        "drucken", "imprimer", "imprimir", "stampa", "copy link", "copy url", "copy", "link", "link kopieren",
        "copier le lien", "copiar enlace", "copiar link", "copia link", "url 복사", "share", "tweet", "save", "teilen",
        "partager", "compartir", "condividi",
    )
)  # fmt: skip
"""What the items of such lists say, in lower case."""
_FEWEST, _MOST = 2, 15


def is_share_list(blocks: list[Block], item: Block) -> bool:
    """Whether all items of its list are such buttons, and no line of the text announces or heads them."""
    around = blocks[max(0, item.position - _MOST) : item.position + _MOST]
    items = [block for block in around if block.element.parent is item.element.parent]
    if len(items) < _FEWEST or not all(block.text.lower() in NETWORKS for block in items):
        return False
    above = blocks[items[0].position - 1] if items[0].position else None
    return above is None or above.tag == "h1" or not (above.is_heading or above.text[-1] in ":：")
