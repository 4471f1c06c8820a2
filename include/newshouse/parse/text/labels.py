"""What tells a label ("Read more: …", "By Ines Falk", "Photo: …") from a sentence that begins like one."""

from __future__ import annotations

import re

from newshouse.parse.dom.elements import Block
from newshouse.parse.text.asides import is_plea, speaks_to_readers, tells_of_commissions
from newshouse.parse.text.notices import by_start, is_notice, is_reported
from newshouse.parse.words import CLOSING, SENTENCE_ENDS, holds_any

_MAX_LABEL_CHARS = 400
_START = 2
# As the table of `notices.py`: what a label begins with, and after ~ how it goes on. In lower case.
_SHORT_JUNK = by_start(
    r"""
advertisement; anzeige; werbung; publicidad; publicité; pubblicità; reklam; reklame; annons; 광고; 広告; إعلان; реклама;
 share; newsletter
read; see; watch; listen; related; more; also ~ (?: (?:more|also|on|here|next|stories|articles|now))*\s*[:：].*
also read; now read; please read; further read ~ (?:ing)?\s*[:：].*
read more; read next; read also; les også; les mer; siehe auch ~ \b.*
story continues below; article continues below; lesen sie auch; lesen sie mehr; lire aussi; à lire aussi;
 à lire également; lee también; lea también; leggi anche; leia também; leia mais; läs också; läs mer; läs även;
 læs også; czytaj też; czytaj także; czytaj więcej; mehr zum thema; mehr dazu; mehr lesen; weiterlesen; zur startseite;
 empfohlener redaktioneller inhalt; empfohlener externer inhalt; ich bin damit einverstanden; recommended content;
 external content; contenu externe; we need your consent; we need your permission; share this; follow us; sign up;
 subscribe; copyright; all rights reserved; 저작권자; loading; skip to; skip advertisement ~ .*
click here; an dieser stelle finden; an dieser stelle befindet; this entry was published ~ \s.*
this entry was; this post was ~ \s(?:posted|filed) (?:in|on|under) .*
filed under; filed in ~ \b(?!.*[^\W\d]{3}[.!?]$).*
thanks for reading ~ \s.{0,60}[!.] ?(?:this post is public|subscribe|share).*
follow ~ \s.{0,60} on .{0,200}
listen here; listen to ~ \s.{0,80}
watch; video; listen; quiz; podcast ~ \s*[|:].{0,140}
vídeos; videos ~ \s*[:：].{0,140}
źródło; zdroj; fuente; fonte; forrás; πηγή; kaynak; источник; джерело; sursa; bron; kilde; källa; nguồn; sumber; 出典;
 来源; 來源; 출처; المصدر; منبع ~ \s*[:：].{0,60}
photo; photograph; image; foto; bild; abbildung; picture; credit; photo credit; quelle; source; 사진; 写真 ~
 \s*[:：/=].{0,120}
crédit photo; crédits photo; credit photo; credits photo ~ s?\b.*
【写真; 【動画; 【画像; 【図; 【グラフ; 【地図 ~ [^】]*】[^。]*
published; updated; posted; last updated; stand; veröffentlicht; aktualisiert; publié le; mis à jour; publicado;
 actualizado; 입력; 수정 ~ \s*[:：]?\s.{0,60}\d{4}.{0,40}
page ~ s?\s*:?\s*\d+(?: of |\s?/\s?)\d+
pages ~ \s*:[\d\s]+
""",
    _START,
)
_COUNTS = re.compile(
    r"(?:\d{1,2}\s){2,}(?:next|weiter|suivante?|siguiente)\W{0,3}|"
    r"\d+ (?:comments?|kommentare?|commentaires?|min(?:ute)?s? read)"
)
# "No unauthorised copies", and a reporter's name and e-mail address.
_KOREAN_STEMS = ("무단", "기자")
_KOREAN = re.compile(r".{0,30}무단\s*전재.*|[\uac00-\ud7af]{2,4} ?\S{0,4}기자 ?[(<\[]?[\w.+-]+@[\w.-]+[)>\]]?")
# Words of labels that begin sentences as well, and what a sentence says that is a label all the same.
_BEGINS_BOTH = re.compile(
    r"(?:also|click|copyright|follow|loading|share|sign|skip|subscribe|(?:les|listen|mehr|posted|read|stand|updated)\b"
    r"(?!.{0,15}[:：]))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:newsletters?|inbox|e-?mails?|your|our|us|me|now|today|all rights)\b|[©ⓒ]|\(c\)", re.IGNORECASE
)
_OF_NEWSROOM = re.compile(r"\bjournalis|\bnews(?!letter)|\breporting\b|\bour (?:work|coverage|stories|readers)\b")
_FEWEST_BLANKS = 6
_ENDS = frozenset((*SENTENCE_ENDS, *CLOSING)) - {")"}
_MAX_LABEL, _MOST_LABEL_BLANKS, _FEWEST_LINKED_BLANKS = 25, 3, 3
_PARTS = re.compile("[:：|»▶►→]")
# What a caption that has come into the text ends with. Such words are those of other things, too ("Tax credit: how to
# claim it"), so that a sign must stand before them, and names behind them.
_CREDITED = re.compile(
    r"(?:(?:^|[.!?…,|(\[)»”\"–—])\s?(?i:(?:(?:featured|cover|header|hero|lead|main|top|title) )?"
    r"(?:(?:photo|image|picture) (?:by|credit)|photo(?:graph|s| illustration)?|fotos?|bild(?:er)?|image|"
    r"crédit(?: photo)?|credit|фото|写真|사진|صورة)\s?[:：]|(?:[a-z]+ )?(?:photo|image)s? by\b)|"
    r"(?:^|[\s|(\[])(?i:[©ⓒ]|(?:photo|image) credit\s?[:：]|(?:zdjęcie|zdj\.|fot\.)\s?[:：])|"
    r"\s[a-zà-ÿ\d]\S* (?:Photos?|Image|Credit)\s?[:：])"
    r"\s?(?P<names>[^.!?:：/]{2,50})\)?$"
)
_BEFORE_NAMES = (":", "：", "©", "ⓒ", " by ")
# One of these is in each, in lower case.
_CREDIT_STEMS = (
    "©", "ⓒ", "photo", "foto", "fot.", "image", "picture", "bild", "crédit", "credit", "zdj", "фото", "写真", "사진",
    "صورة",
)  # fmt: skip
_MAX_CAPTION_CHARS, _MAX_CREDIT_CHARS, _MAX_NAMES_CHARS = 250, 95, 55
# "See also: the council found that …." A headline behind such a label begins with a capital and ends without a stop.
_POINTS_OUT = re.compile(r"[A-ZÀ-ÞА-Я][^:]{2,30}: [a-zà-ÿа-я](?:\S* ){8,}\S*\.$")
_MAX_STAMP_CHARS = 40
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)")
_WORD_OF_TEXT = re.compile(r"[^\W\d]{11,}|(?:[^\W\d]+[\s,]+){4}")
_OF_FIELDS = frozenset(("tr", "td", "th", "dt", "dd"))
_BYLINE = re.compile(
    # Names are never given back: "AAAA!" would be cut into names in each of many million ways.
    r"^(?i:by|von|par|por|door|af|av|text(?=\s?:)|words by)[\s:]+(?:[A-ZÀ-Þ][\w'’.\-]++[\s,]*+|and |und |et |y |& |"
    r"for |in ){1,14}$"
)
_FIRST_OF_BYLINE = frozenset("bvpdatwBVPDATW")


def is_label(text: str) -> bool:
    """Whether it is a label or a byline. Much longer lines are none."""
    return is_junk(text) or (len(text) <= _MAX_LABEL_CHARS and is_byline(text))


def leads_elsewhere(block: Block) -> bool:
    """Whether it is a word or two, a colon or bar, and the linked headline of another page, in whatever language."""
    sign = _PARTS.search(block.text, 0, _MAX_LABEL + 1)
    label, rest = (block.text[: sign.start()], block.text[sign.end() :]) if sign else (block.text, "")
    if not rest or label.count(" ") > _MOST_LABEL_BLANKS or block.tag in _OF_FIELDS:
        return False
    rest = rest.strip()
    return rest.count(" ") >= _FEWEST_LINKED_BLANKS and block.link_chars >= len(rest) - 1


def is_stamp(text: str) -> bool:
    """Whether it is the time of an entry: a clock, and no more than a day and a label beside it."""
    return len(text) <= _MAX_STAMP_CHARS and _CLOCK.search(text) is not None and _WORD_OF_TEXT.search(text) is None


def is_byline(text: str) -> bool:
    """Whether it is "By" or the like and a few names, and nothing else."""
    return text[0] in _FIRST_OF_BYLINE and _BYLINE.match(text) is not None


def _is_credited(text: str) -> bool:
    """Whether it is a caption that ends with the name of who took the picture."""
    if len(text) > _MAX_CAPTION_CHARS or not holds_any(text[-_MAX_NAMES_CHARS:], _BEFORE_NAMES):
        return False
    if not holds_any(text[-_MAX_CREDIT_CHARS:].lower(), _CREDIT_STEMS):
        return False
    found = _CREDITED.search(text, max(0, len(text) - _MAX_CREDIT_CHARS))
    words = found["names"].split() if found else []
    small = sum(word[0].islower() for word in words)
    return bool(words) and (2 * small <= len(words) or small == 1)


def _is_short_junk(small: str) -> bool:
    if small[0].isdigit() and _COUNTS.fullmatch(small):
        return True
    pattern = _SHORT_JUNK.get(small[:_START])
    if small[0] == "©" or (pattern is not None and pattern.fullmatch(small)):
        return True
    return not small.isascii() and holds_any(small, _KOREAN_STEMS) and _KOREAN.fullmatch(small) is not None


def is_junk(text: str) -> bool:
    """Whether it is a label, and not a whole sentence that begins like one. Much longer lines are none."""
    if len(text) > _MAX_LABEL_CHARS or (text[-1] == "." and ":" in text and _POINTS_OUT.match(text)):
        return False
    small = text.lower()
    if is_notice(small) or tells_of_commissions(small) or speaks_to_readers(small):
        return True
    if "donat" in small and _OF_NEWSROOM.search(small) and is_plea(text) and not is_reported(small):
        return True
    if not _is_short_junk(small):
        return text[-1] not in _ENDS and _is_credited(text)
    is_sentence = (  # labels break off with "…", and those of other scripts begin no sentences
        text[-1] in ".!?" and text.count(" ") >= _FEWEST_BLANKS + (text[-1] == "!") and _BEGINS_BOTH.match(text)
    )
    return not is_sentence or _ASKS.search(text) is not None
