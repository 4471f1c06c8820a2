"""The make of a page: the containers through which one comes down to the text, in words that all pages of it share.

Pages of one template differ in their class names: numbers of articles, names of sections, names that a build of the
site's style sheets makes up. So only the common words of layout are read out of them ("article-body_x7Gq" is "article
body"); tags and their order say the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newshouse.parse.dom.elements import Element

# No word of fewer than four letters: those stand in made-up names by chance.
_LAYOUT = frozenset(
    re.findall(
        r"\S+",
        "article articlebody artikel artykul articolo beitrag block body bodytext column conteudo content contents "
        "contenu contenido contenedor container copy corps cuerpo corpo detail entry frame grid inhalt inner layout "
        "main maincontent materia module noticia outer page panel post postbody prose root section single site stage "
        "story storybody text tekst texte testo tresc view wrap wrapper",
    )
)
_WORD = re.compile("[A-Z]?[a-z]{3,}")
# What an article is about, as content systems write it on its frame: category-politics, tag-main-street.
_SUBJECTS = re.compile(
    r"(?<!\S)(?:author|category|channel|keyword|pillar|section|tag|term|tone|topic)[-_]+\S+", re.IGNORECASE
)
_BARE = frozenset(("div", "section", "span", "td"))  # a container that only its name would tell apart
_MOST_LEVELS = 20
_TOP = frozenset(("body", "html"))


def template(container: Element | None) -> str | None:
    """The levels from the body down to the text, each as its tag and the words of layout in its names.

    ``div.page>main>article.article>div.body.content``: pages of one template give the same, whatever they are about.
    Levels without a name below the last one that has some are left out, because they come and go with the text.

    Args:
        container: the element that holds the text; None where none was found.
    """
    if container is None:
        return None
    levels = [_level(element.tag, element.names) for element in container.chain() if element.tag not in _TOP]
    named = next((place for place, level in enumerate(levels) if level not in _BARE), 0)
    return ">".join(reversed(levels[named : named + _MOST_LEVELS])) or "body"


@lru_cache(maxsize=8_192)
def _level(tag: str, names: str) -> str:
    if len(names) > 1:  # class and id with a blank between
        words = {word.lower() for word in _WORD.findall(_SUBJECTS.sub(" ", names))}
        return ".".join((tag, *sorted(words & _LAYOUT)))
    return tag
