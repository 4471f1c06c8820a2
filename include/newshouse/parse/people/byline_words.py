"""The words of a byline that stand around the names: "By", "Reported by", "last updated on 4 July", "Photos by …"."""

from __future__ import annotations

import re

from newshouse.parse.people.names import UPPER
from newshouse.parse.words import lower

# Of a text in lower case: without a flag, a branch that cannot begin with its first letter costs next to nothing.
_PREFIX = re.compile(
    r"^(?:(?:(?:this|ein|eine|an?|un|une|uma?) )?(?:(?:view |see |zeige )?(?:all|more|alle?|mehr|read more|"
    r"plus|tous les|ver (?:todas?|más))\s?)?"
    r"(?:(?:written|reported|posted|published|created|authored|compiled|contributed|submitted|story|words|text|"
    r"article|post|posts|articles|analysis|opinion|exclusive|review|report|recipe|interview|column|guest post)\s+"
    r"(?:was written )?by|"
    r"(?:verfasst|geschrieben|erstellt|eingestellt|ver[öo]ffentlicht|gepostet|publiziert|beitr[aä]ge?|artikel|"
    r"gastbeitrag|kommentar|analyse|bericht|reportage|interview|protokoll)\s+von|"
    r"eine? \w{4,20} von|mehr\s+von|more\s+(?:by|from)|"
    r"(?:écrit|publié|rédigé|posté|propos recueillis|article|articles|texte|tribune)\s+(?:le .{4,20} )?par|"
    r"(?:escrito|publicado|redactado|texto|enviado|postado|entradas)\s+por|(?:scritto|pubblicato)\s+da|a cura di|"
    r"(?:geschreven|geplaatst|gepubliceerd|tekst)\s+door|(?:skrevet|skriven|publicerad|publisert|tekst|text)\s+a[vf])|"
    r"dal nostr[oa] (?:inviat[oa]|corrispondente)|door onze (?:verslaggever|correspondent|redacteur)|"
    r"von unsere[mr] (?:korrespondent|reporter|redakteur|mitarbeiter)(?:in|en)?|"
    r"about the author|by|von|par|por|di|da|door|av|af|przez|autor(?:en|in|es|a|e)?|auteurs?|autrice|authors?"
    r"(?:\(s\))?|contributors?|(?:texte?|tekst|quelle|fotos? und text|redacci[óo]n|haber|interview|reportage|protokoll|"
    r"analyse|analysis|bericht|words|story|report)(?=\s*[:：])|reporting by|"
    r"penulis|reporter(?=\s?:)|oleh|laporan|gespeichert von|eingereicht von|(?:ein )?blog[ -]?beitrag von|"
    r"escribe|escreve|autore|kirjoittaja|skribent|journalist|journaliste|skrevet av|yazar|muhabir|napsal[ai]?|szerző|"
    r"نویسنده|خبرنگار|تحریر|लेखक|संवाददाता|"
    r"โดย|ผู้สื่อข่าว|ผู้เขียน|مقال|كتب|كتبت|بقلم|إعداد|الكاتب|المراسل|تحرير|מאת|(?:取材[・と])?文(?:[・と]写真)?|撰文|글|執筆|記者|编辑|作者|"
    r"(?:γράφ(?:ει|ουν)|ρεπορτάζ|επιμέλεια|κείμενο|συντάκτ(?:ης|ρια))(?:\s?:)?(?:\s(?:ο|η|οι|του|της|των))?|του|της|των|"
    r"автор|автори|текст)(?:(?=[\s:：/／])\s*[:：/／]?|(?<=[\u3040-\u9fff])・)\s*"
)
# The field of the author in a line of several: "Date: 19.11.2026 Author: Ines Falk Source: Harbour Courier".
_LABELLED = re.compile(
    r"\s(?:author|autor(?:in)?|auteure?|autore|text|by|von|par|por)\s?:\s*(?P<names>[^:]{3,80}?)(?=\s+[^\W\d_]+\s?:|$)",
    re.IGNORECASE,
)
# 本报记者 王小明 李华: Chinese names hold no spaces, so these part them.
_CHINESE = re.compile(
    r"^(?:本[报報刊网網台社]|[\u3400-\u9fff]{2,6}[社网報报])?(?:特约|见习|实习)?[记記]者[\s:：]+(?P<names>[\u3400-\u9fff]{2,4}(?:\s+[\u3400-\u9fff]{2,4})+)$"
)
_ENCLOSED = re.compile(r"^[【［]\s*([^【】［］]{2,80})\s*[】］]$")
# A woman's first name in the genitive, "Της Μαρίας", loses the ending; her surname has none.
_HER = re.compile(r"^[Ττ]ης\s(\w{2,}[αη])ς\s")
# "Karin Vos Ms. Vos teaches hydraulic engineering": the line below the name.
_TOLD_OF = re.compile(
    rf"^((?:[{UPPER}][\w'’.-]+\s){{1,3}}?([{UPPER}][\w'’-]+))\s(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|M)\.?\s\2\b.*$"
)
# "ByInes Falk", of two elements side by side.
_GLUED = re.compile(rf"^(?:By|Von|Par|Por)(?=[{UPPER}][a-zß-ÿ]+\s[{UPPER}])")
_DIGIT = re.compile(r"\d")
# Not within "Symon" and "Radeck"; but in "FalkAugust 4".
_WORD_BEGINS = r"(?:(?<![^\W\d_])|(?<=[a-zß-ÿ])(?=(?-i:[A-Z])))"
_WHEN = re.compile(
    r"(?<![\s,|·•–—-])[\s,|·•–—-]*(?:\b(?:on|am|le|el|il|published|updated|posted)\b[\s:]*)?"
    rf"(?:{_WORD_BEGINS}(?:mon|tues?|wed(?:nes)?|"
    r"thu(?:rs)?|fri|sat(?:ur)?|"
    r"sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?:day)?\.?,?\s+)?"
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|"
    rf"{_WORD_BEGINS}"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,9}\.?\s+\d{1,2}|\d{1,2}\.\s\d{1,2}\.\s\d{4}|\d{1,4}\s*min(?:ute)?s?\b|@?\s?\d{1,2}:\d\d\b).*$",
    re.IGNORECASE,
)
# What follows the names in the same line: who looked at it later, when it was changed, what else can be read.
_AFTER = re.compile(
    r"(?<=[^\s,.;|·•–—-])[\s,.;|·•–—-]+(?:last (?:updated|modified|reviewed)|first published|(?:re)?published|updated|"
    r"(?:medically )?reviewed by|edited by|fact[- ]checked|photos? by|photographs by|illustrat(?:ed|ions?) by|"
    r"editor\s*:|illustration(?:en)? (?:von|de|by)|"
    r"fotos?\s*:|stand\s*:|"
    r"aktualisiert|veröffentlicht|mis à jour|publié|publicado|actualizado|bearbeitet|zuletzt|alle (?:artikel|beiträge)|"
    r"all posts|view (?:all|profile|bio)|read more|\d+ comments?)(?!\w).*$",
    re.IGNORECASE,
)
# "Aug. 4, 2026, 9:30 AM EDT / Updated Aug. 5, 2026 By Ines Falk"
# "By Ines FalkPublished: Jan 29", "Ines FalkStaff Writer", of two elements side by side.
_GLUED_BEHIND = re.compile(
    r"(?<=[a-zß-ÿ])(?=(?:Published|Updated|Posted|Follow|Share|Staff|Senior|Editor|Reporter|Correspondent|Contributor|"
    r"Korrespondent|Redakteur|Reporterin|Veröffentlicht|Aktualisiert|Publié|Publicado)(?:in)?\b)"
)
_DATED_BEFORE = re.compile(rf"^.{{4,120}}?\d{{4}}.{{0,30}}?\s(?=(?:By|BY|Von|Par|Por|Door|Af|Av)\s[{UPPER}])")


_COUNT = re.compile(r"^([^\W\d_]\S*\s[^\W\d_].*?)\s\d{1,4}$")  # of comments, behind a full name


def without_prefix(line: str) -> str:
    """A byline without its "By", "Von", "Par", …"""
    prefix = _PREFIX.match(lower(line))
    return line[prefix.end() :] if prefix else line


def is_prefix(line: str) -> bool:
    """Whether it is such a word, and nothing else: a label of the name beside it."""
    return _PREFIX.fullmatch(lower(f"{line} ")) is not None


def without_words_around(line: str) -> str:
    """The names of a line, without what introduces them and what follows."""
    if _DIGIT.search(line):
        line = _DATED_BEFORE.sub("", line)
    if enclosed := _ENCLOSED.match(line):
        line = enclosed[1]
    if chinese := _CHINESE.match(line):
        line = "、".join(chinese["names"].split())
    if line.startswith(("Της ", "της ")):
        line = _HER.sub(r"\1 ", line)
    line = without_prefix(_GLUED_BEHIND.sub(" | ", _GLUED.sub("", line)))
    if told := _TOLD_OF.match(line):
        line = told[1]
    if labelled := _LABELLED.search(line):
        line = labelled["names"]
    line = undated(_AFTER.sub("", line))
    return _COUNT.sub(r"\1", line) if line[-1:].isdigit() else line


def undated(line: str) -> str:
    """A line without the day or clock in it and all that follows."""
    return (_WHEN.sub("", line) if _DIGIT.search(line) else line).strip(" ,|-–—")
