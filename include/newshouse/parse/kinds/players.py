"""Pages that are a player or a row of pictures, with little text of their own."""

from __future__ import annotations

from newshouse.parse.dom.document import Document
from newshouse.parse.words import first, letters, word_count
from newshouse.records import NoArticle

_VIDEOS = frozenset(("videoobject",))
_SOUNDS = frozenset(("podcastepisode", "radioepisode", "audioobject", "radioclip"))
_SOUND_KINDS = ("music", "audio", "podcast")
_CAPTION_TAGS = frozenset(("figcaption", "figure"))
_FEWEST_PICTURES = 4
_LINES_A_PICTURE = 3
_WORDS_A_PICTURE = 24  # a caption that only names what is seen has fewer
_FEW_WORDS = 60  # beside the captions: a line or two that says what the pictures show
_PLAYERS = "main video, main audio, article video, article audio"
_PLAYER_WORDS = 30  # a bare player, with no word to machines, may stand in any article


def player(document: Document, words: int, is_told: bool) -> NoArticle | None:
    """A video or a sound, on a page with little text.

    Args:
        words: of the text around it.
        is_told: whether the page tells machines that it is an article.
    """
    kind = (document.meta_first("og:type") or "").lower()
    # An article may be read out, or shown as a video as well.
    types = frozenset() if is_told or document.article_node is not None else document.node_types
    if kind.startswith("video") or types & _VIDEOS:
        shown = f"og:type {kind}" if kind.startswith("video") else "JSON-LD VideoObject without an article"
        return NoArticle("video_page", shown)
    if kind.startswith(_SOUND_KINDS) or types & _SOUNDS:
        return NoArticle("audio_page", first((*sorted(types & _SOUNDS), f"og:type {kind}")) or "")
    if is_told or words >= _PLAYER_WORDS or (node := document.tree.css_first(_PLAYERS)) is None:
        return None
    return NoArticle("audio_page" if node.tag == "audio" else "video_page", f"a player and {words} words")


def gallery(document: Document, text: str) -> NoArticle | None:
    """Pictures whose captions are all the text, on a page that states no article."""
    figures = len(document.sought("figure"))
    if document.article_node is not None or figures < _FEWEST_PICTURES:
        return None
    lines = [line for line in text.split("\n") if line]
    if len(lines) > _LINES_A_PICTURE * figures:
        return None
    captions = {b.letters for b in document.blocks if any(e.tag in _CAPTION_TAGS for e in b.element.chain(3))}
    pictured = sum(letters(line) in captions for line in lines)
    if pictured < _FEWEST_PICTURES:
        return None
    if document.meta_first("og:type") == "article" and word_count(text) >= _WORDS_A_PICTURE * max(pictured, figures):
        return None  # a story told in pictures, whose captions are its text
    others = sum(word_count(line) for line in lines if letters(line) not in captions)
    if others < _FEW_WORDS:
        return NoArticle("gallery_page", f"{pictured} captions, and {others} words beside them")
    return None
