"""Lines that stand below or between the paragraphs of a text and speak of something else, told by their words."""

from __future__ import annotations

import re
from itertools import groupby

from newshouse.parse.people.agencies import agencies_in, known_agency
from newshouse.parse.text.notices import is_reported
from newshouse.parse.words import UNSPACED, holds_any

# What a house says about what it earns by its links.
_AFFILIATE = re.compile(r"\b(?:contains?|includes?|buy|purchase|click|using)\b.{0,30}\baffiliate[- ]links?")
_EARNS = re.compile(r"(?:\b(?:we|i)\b.{0,20}\b(?:earn|receive|get|make)\b|\bearns? (?:us|me)\b).{0,25}\bcommissions?\b")
_BUYS = re.compile(r"\b(?:links?|affiliates?|shop|buy|purchas(?:es?|ed|ing))\b")
# The house asks; what others do for journalism, or ask for, is news.
_PLEA = re.compile(
    r"\bsupport(?:ing)? our (?:\w+ )?(?:journalism|reporting|newsroom|work)\b|"
    r"(?:^|[.!?:] )(?:please )?support (?:independent|local|nonprofit) (?:\w+ )?(?:journalism|reporting)(?=[.!:]|$)|"
    r"\b(?:our|us|we)\b.*"
    r"\b(?:mak(?:e|ing) a (?:\S+ )?donation|donate|become a (?:member|supporter)) (?:today|now)\b|"
    r"(?:^|[.!?:] )(?:donate|become a (?:member|supporter)) (?:today|now)\W*$|"
    r"\bplease consider (?:making a )?(?:donat\w+|support\w+)\b.*\b(?:our|us)\b|"
    r"\bunterstützen sie (?:uns|unsere)\b|\bfaites un don\b|\bhaz una donación\b|\bapoie o jornalismo\b|\bsteun ons\b",
    re.IGNORECASE,
)
# One of these is in each.
_PLEA_STEMS = ("support", "donat", "become a", "unterstützen", "faites un don", "haz una don", "apoie o", "steun ons")
_MAX_PLEA_CHARS = 300
_QUOTED = re.compile('["“„«「]')
_CREDITS = re.compile(
    r"(?:redaktion|recherche|faktencheck|grafik|edit(?:or|ed|ing)|produced|image|bild|foto|photo|crédit|source|quelle|"
    r"fuente|fonte|with|mit)\b"
)
# What stands below a text on the page and not in it.
_BUTTONS = re.compile(
    r"(?:back to|print\b|(?:next|previous|related|more|other|latest|recent|popular|similar) (?:articles?|stor(?:y|ies)|"
    r"posts?|news)|end of (?:article|story|content)|thanks for reading|send (?:to|this)|share\b|"
    r"tweet\b|e-?mail\b|article id|no comments|be the first|"
    r"comments are|view (?:all|comments)|nach oben|zum (?:seiten)?anfang|zurück zu|drucken|artikel (?:drucken|teilen)|"
    r"(?:nächster|vorheriger) (?:artikel|beitrag)|(?:haut|retour)\b.{0,6}\b(?:page|en haut)|imprim(?:er|ir)|"
    r"articles? (?:suivant|précédent)|partag|compart|volver arriba|torna su|stampa\b|condividi|terug naar|delen)"
)


def tells_of_commissions(small: str) -> bool:
    """Whether a line, given in lower case, says what the house earns by its links."""
    if "affiliate" in small and _AFFILIATE.search(small):
        return True
    if "from qualifying purchases" in small:
        return not is_reported(small)
    return "commission" in small and _EARNS.search(small) is not None and _BUYS.search(small) is not None


def is_plea(text: str) -> bool:
    """Whether a house asks its readers for money; what somebody says about journalism stands in quotation marks."""
    if len(text) > _MAX_PLEA_CHARS or not holds_any(text.lower(), _PLEA_STEMS):
        return False
    return _PLEA.search(text) is not None and _QUOTED.search(text) is None


def may_close(text: str) -> bool:
    """Whether a line without a full stop may be the last of a text, and is no sign of its makers or an address."""
    is_sign = "@" in text or " / " in text or text[0] in "([（［【<-–—" or text.isupper()
    is_sign = is_sign or bool(agencies_in(text, known_agency))
    small = text.lower()
    return (
        (" " in text or UNSPACED.search(text) is not None)
        and not is_sign
        and not _CREDITS.match(small)
        and not _BUTTONS.match(small)
    )


def speaks_to_readers(small: str) -> bool:
    """Whether a line, given in lower case, tells readers what else to read ("Read also: …", in the languages of
    `_LABELS`), where to find the house, where to look or to write.
    """
    if "is a reader-supported publication" in small:
        return True
    bare = small.lstrip(_BULLETS) if small[0] in _BULLETS else small
    if bare[1:2] == _DOT_ABOVE:
        bare = bare.replace(_DOT_ABOVE, "")
    if bare[:_START] not in _STARTS:
        return False  # as nearly all do
    label = next(filter(bare.startswith, _ELSEWHERE.get(bare[:_START], ())), None)
    if label is not None and _PARTED.match(bare, len(label)):
        return True
    return len(bare) <= _MAX_ADDRESS_CHARS and _ADDRESS.match(bare) is not None


_BULLETS = " ([{*•·-–—>»▶▷►☞■◆※【"
_DOT_ABOVE = "\u0307"  # what is left of a Turkish capital in lower case
_START = 3
_LABELS = re.findall(
    r"[^|\n]+",
    """читайте также|читайте ещё|читайте еще|читайте на|читайте також|смотрите также|по теме|اقرأ أيض
إقرأ أيض|اقرأ المزيد|شاهد أيض|اقرأ كذلك|ilgili haber|bunlar da ilginizi|xem thêm|đọc thêm
tin liên quan|อ่านเพิ่มเติม|อ่านข่าว|ข่าวที่เกี่ยวข้อง|zobacz też|zobacz także|zobacz również
przeczytaj też|przeczytaj także|przeczytaj również|διαβάστε επίσης|διαβάστε ακόμ
διαβάστε περισσότερα|διαβάστε και|δείτε επίσης|δείτε ακόμ|קראו גם|קראו עוד|यह भी पढ़ें|ये भी पढ़ें
और पढ़ें|関連記事|関連ニュース|あわせて読みたい|相关阅读|相關閱讀|延伸阅读|延伸閱讀|更多阅读
相关新闻|相關新聞|관련기사|관련 기사|te puede interesar|también te puede interesar|leer más|lea más
lee más|mira también|ver también|vea también|leia também|leia mais|veja também|leggi anche
leggi di più|guarda anche|lire aussi|voir aussi|à lire aussi|lesen sie hier|lesen sie dazu
auch interessant|passend dazu|lees ook|lees meer|bekijk ook|čtěte také|čtěte též|čítajte aj
čítajte tiež|mohlo by vás|přečtěte si také|citește și|citeşte şi|vezi și|olvassa el|olvass még
kapcsolódó|baca juga|baca selengkapnya|simak juga|lihat juga|lue myös|lue lisää|katso myös
you may also like|you might also like|don't miss|don’t miss|related story|related stories
related coverage|related news|related article|more from|more stories|more coverage
read the full story|read the full article|see also|also see|also read|also watch|read also
weitere artikel|lire également|sur le même sujet|noticia relacionada|noticias relacionadas|per approfondire
prečítajte si|чытайце таксама|сондай-ақ оқыңыз|ఇది కూడా చదవండి|ဆက်လက်ဖတ်ရှု|यो पनि पढ|skaitykite taip pat
წაიკითხეთ ასევე|həmçinin oxuyun|shuningdek o|pročitajte još|прочитајте још|preberite tudi|lexo edhe|loe ka|lasi arī
llegeix també|կարդացեք նաև|আরও পড়ুন|আরো পড়ুন|மேலும் படிக்க|یہ بھی پڑھیں|مزید پڑھیں
بیشتر بخوانید|مطالب مرتبط|karanta|soma pia|soma zaidi|baca lagi|ተጨማሪ ያንብቡ|អានបន្ថែម|තවත් කියවන්න""",
)
# A colon, some words later at most, or a dash at once: "More from the 25-year-old" and "По теме Украины —" begin
# sentences.
_PARTED = re.compile(r"[^:：|>»–—】.,;!?]{0,25}(?:[:：፦៖՝](?!\d\d)|[|>»】])|\w{0,4}\s?[–—-]\s")
_OPENERS = frozenset(
    re.findall(
        r"\w+",
        "advertisement ap are were haben kennen arbeiten sind article story scroll continue keep click watch download "
        "get join follow have do got rate first edited topics topic tags tag file getty this google siga sigue "
        "síguenos suscríbete participe receba 네이버 네이버에서 "
        "rejoignez suivez seguici iscriviti "
        "подписывайтесь подпишитесь obserwuj takip bizi ikuti gabung تابعونا تابعنا تابعوا "
        "اشترك themen schlagwörter etiquetas temas теги etiketler",
    )
)
_ELSEWHERE = {start: tuple(some) for start, some in groupby(sorted(_LABELS), lambda label: label[:_START])}
_STARTS = frozenset((*_ELSEWHERE, *(f"{words} "[:_START] for words in _OPENERS)))
_MAX_ADDRESS_CHARS = 200
_ADDRESS = re.compile(
    r"advertisement\b[\s–—-]*(?:(?:continue|keep|scroll|story|article)\b.{0,40})?\W*$|"
    r"(?:article|story) continues? (?:after|below)\b|(?:continue|keep) reading below|"
    r"scroll (?:down )?(?:to|for) (?:continue|more|read)|click (?:to|for) (?:enlarge|expand|zoom|view)\b.{0,30}$|"
    r"watch (?:the|this) (?:\w+ )?(?:video|clip|report)\b.{0,30}\b(?:above|below|here)\W*$|"
    r"(?:download|get) (?:our (?:[\w’']+ ){0,3}app\b|the (?:[\w’']+ ){0,3}app\b.*\b(?:latest|breaking|daily|top) "
    r"(?:news|stories|headlines)\b)|"
    # A question to its end is one that somebody is asked.
    r"(?:do you )?(?:have|got) (?:a|an|any) (?:news )?(?:tips?|story|stories)\b.*"
    r"(?:@|\bcontact\b|\be-?mail|in touch\b|\b(?:let us know|(?:tell|call|text|message) us)\b).*(?<!\?)$|"
    # A question to readers, and below it where to write to.
    r"(?:are|were|have|did|do) (?=[^?@]{0,60}\byour?\b)[^?@]{3,120}\? (?!.*\b(?:police|detectives?)\b)"
    r".*\b(?:in touch|contact|e-?mail|write to|tell us|let us know)\b.*@\S+\W*$|"
    r"(?:haben|kennen|arbeiten|sind) sie\b[^?@]{3,120}\? (?!.*\bpolizei)(?=.*\b(?:melden|schreiben|kontaktieren|senden|"
    r"mailen) sie\b).*(?:\b(?:uns|unser\w*|(?:\w+-)?(?:redaktion|reporter\w*))\b|@)|"
    r"follow .{2,80}\b(?:coverage|reporting)\b.{0,60}\b(?:at|on|here)\b.*https?://\S+$|"
    r"ap [\w ]{2,30}: https?://\S+(?: and https?://\S+)*$|"
    r"네이버.{0,30}구독(?:하기|하세요|해 ?주세요|하시면)?\W*$|"
    r"rate this (?:article|story|post)|first published\s*:.{0,60}$|edited by\b.{3,40}(?<!\.)$|"
    r"(?:topics?|tags?|themen|schlagwörter|etiquetas|temas|теги|etiketler)\s*[:：][^.]{2,150}$|"
    r"file (?:photo|image|picture)\W*$|getty images\W*$|"
    r"this (?:story|article|copy) has not been edited by\b|"
    r"(?:join (?:our|us|the)|siga|sigue|síguenos|suscríbete|participe|receba|rejoignez|suivez|seguici|iscriviti|"
    r"подписывайтесь|подпишитесь|obserwuj|takip|bizi|ikuti|gabung|تابعونا|تابعنا|تابعوا|"
    r"اشترك (?:الآن|معنا|في (?:قنا|نشر)\w*))\b.*(?:whatsapp|telegram|google news|"
    r"newsletter|bolet[ií]n|facebook|takip edin|واتساب|تيليجرام|تلغرام)|google\b.*\btakip ed"
)
