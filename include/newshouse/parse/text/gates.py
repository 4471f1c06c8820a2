"""The offer to subscribe or register that stands where the rest of an article would: no part of its text.

Told by its words, which say that reading on needs one or the other, and only at the end of a text: newsletters and the
like are offered anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newshouse.parse.dom.document import Document
from newshouse.parse.words import ends_sentence, holds_any, size
from newshouse.records import Access, Paragraph

_MAX_CHARS = 250
_MIN_GOOD_CHARS = 70
_LAST, _BELOW = 8, 4  # paragraphs at the end of the text, blocks of the page below it
# One of these is in each offer; a search for the patterns themselves takes a hundred times longer.
_STEMS = (
    "subscri", "sign in", "log in", "login", "sign up", "join", "account", "unlock", "reading", "read on",
    "member", "users", "free article", "monthly article", "abon", "weiterles", "weiterzules", "anmeld", "regist",
    "dieser artikel ist", "dieser inhalt ist", "dieser beitrag ist", "inscri", "connect", "abonné", "réserv",
    "pour lire", "poursuivre", "pour continuer", "suscri", "suscríb", "regístr", "socios", "sesión", "leyendo",
    "leggere", "abbonat", "accedi", "assin", "cadastre", "lezen", "lees verder", "lees door", "prenum", "vidare",
    "videre", "tilaa", "subskry", "подпис", "чтобы", "зарегистр", "abone", "okuma", "会員", "続き", "残り", "有料",
    "구독", "회원", "로그인", "订阅", "訂閱", "登录", "登入", "注册", "会员", "會員", "付费", "مشترك", "اشترك", "سجل",
)  # fmt: skip
_ASCII_STEMS = tuple(filter(str.isascii, _STEMS))
_REGISTER = re.compile(
    r"\b(?:register|create (?:a|an|your)(?: free)? account|sign up|registrier|registrieren|anmelden|inscrivez|"
    r"reg[íi]strate|registrati|cadastre|registreer)\b|зарегистр|注册|회원가입",
    re.IGNORECASE,
)
_OFFERS = {
    # Nobody who is spoken of: "he asked them to join to read the whole letter".
    "en": r"(?<!\w to )(?<!\w who )"
    r"\b(?:subscribe|register|sign (?:in|up)|log ?in|join)(?: now| today| for free| or (?:sign|log) in)? to "
    r"(?:(?:continue|keep|finish)(?: reading| to read| (?:with |the |this |your )+(?:article|story))|"
    r"read (?:on|more|the (?:full|whole|rest)|this)|unlock|access (?:this|the full))|"
    r"^\W*(?:please )?(?:subscribe|register|sign (?:in|up)|log ?in|join)(?: now| for free| or (?:sign|log) in)? to "
    r"continue\W*$|"
    r"\b(?:read on|keep reading|continue reading) (?:with|for)\b|"
    r"\bto (?:continue|keep) reading,? (?:please )?(?:subscribe|register|log|sign)|"
    r"\bthis (?:article|story|content|page) is (?:only |exclusively |reserved |available |exclusive )*(?:for|to) "
    r"(?:our |paid |paying |premium |registered )*(?:subscribers|members|users)|"
    r"\b(?:for|to) subscribers only\b|\bsubscriber[- ]only (?:article|story|content)|"
    r"\bcreate (?:a|an|your)(?: free)? account to (?:(?:continue|keep|finish) reading|continue\W*$|read|access (?:this|"
    r"the full))|"
    r"\bunlock (?:this|the full) (?:article|story)|"
    r"\byou(?:'ve|’ve| have) (?:read|reached|used)(?: all)? (?:of )?your .{0,30}(?:free |monthly )articles?",
    "de": r"\bdieser (?:artikel|inhalt|beitrag) ist (?:nur |exklusiv |ausschlie(?:ß|ss)lich )?(?:für |mit )\S*\s?\S*"
    r"(?:abo|plus|registriert|premium|mitglied)|\bweiterlesen mit\b|\bum (?:\S+ ){0,4}weiterzulesen|"
    r"\b(?:registrieren|anmelden|einloggen|abonnieren) (?:und|um) (?:weiterzu|weiter)lesen|"
    r"\bnur für abonnent",
    "fr": r"\b(?:article|contenu)(?: est)? (?:exclusivement )?réservé|\bréservé (?:à nos |aux )abonn|"
    r"\b(?:abonnez|inscrivez|connectez)-vous pour (?:lire|continuer|accéder|poursuivre)|"
    r"\bpour (?:lire la suite|poursuivre votre lecture|continuer (?:à lire|votre lecture))",
    "es": r"\b(?:suscríbe(?:te|se)|suscríbase|regístr[ea](?:te|se)|inicia? sesión|inicie sesión) para (?:seguir|"
    r"continuar|leer)|(?:\b(?:contenido|artículo|noticia)\b.{0,40}|^)\b(?:exclusiv[oa]|solo|sólo) para (?:nuestros )?"
    r"(?:suscriptores|socios|abonados)|"
    r"\bpara seguir leyendo\b",
    "it": r"\b(?:abbonati|registrati|accedi) per (?:continuare|leggere|proseguire)|\bper continuare a leggere\b|"
    r"(?:\b(?:contenuto|articolo|notizia|lettura)\b.{0,30}|^)\briservat[oa] agli abbonati",
    "pt": r"\b(?:assine|cadastre-se|registre-se|faça login) para (?:continuar|ler|seguir)|"
    r"\bexclusiv[oa] para (?:nossos )?assinantes",
    "nl": r"\bom (?:verder|door) te lezen|\b(?:alleen|exclusief) voor abonnees|\blees (?:verder|door) met\b",
    "sv, da, nb, fi": r"\b(?:bara|endast|exklusivt|kun|bare|forbeholdt|eksklusivt) (?:for |för )?"
    r"(?:våra |våre |vores )?(?:prenumeranter|abonnent(?:er)?)\b|\b(?:läs|les|læs) (?:vidare|videre) med\b|"
    r"\bför att läsa vidare|\bfor (?:å|at) (?:lese|læse) videre|"
    r"\bvain tilaajille|\btilaa (?:ja )?lue(?:aksesi)?\b",
    "pl": r"\b(?:tylko|wyłącznie) dla (?:prenumeratorów|subskrybentów|abonentów)|"
    r"\bprenumer\w+,? (?:aby|by|żeby) (?:czytać|przeczytać)",
    "ru": r"(?:только|доступ\w+) для (?:наших )?(?:подписчиков|зарегистрированных)|"
    r"(?:подписку|подпишитесь|войдите|зарегистрируйтесь),? чтобы (?:читать|продолжить|прочитать|дочитать)",
    "tr": r"\b(?:sadece|yalnızca) aboneler|\babone (?:olun|ol)\b.{0,30}(?:devam|oku)|\bokumaya devam etmek için",
    "ja": r"有料会員(?:限定|の方)|会員限定(?:記事|です|の記事)|この記事は(?:有料|会員)|"
    r"続きを読むには|残り\s?[\d,，０-９]+文字",
    "ko": r"(?:구독자|유료 ?회원|회원) 전용(?= ?(?:기사|콘텐츠|컨텐츠|뉴스|입니다|\W*$))|"
    r"(?:로그인|구독|회원가입) ?(?:하면|하시면|하고|후) .{0,12}(?:읽|볼 수|이용)",
    "zh": r"(?:订阅|登录|登入|訂閱|注册)(?:后|後|以|即可)?.{0,6}(?:继续|繼續|阅读|閱讀)|"
    r"(?:本文|文章|内容|內容|全文).{0,4}(?:仅限|僅限|只限).{0,6}(?:订阅|訂閱|会员|會員)|"
    r"(?:仅限|僅限|只限).{0,6}(?:订阅|訂閱|会员|會員)(?:阅读|閱讀|查看|\W*$)|会员专享(?:内容|文章|\W*$)|付费内容",
    "ar": r"للمشتركين فقط|(?:اشترك|سجل)(?: الآن| الدخول)? (?:لقراءة|لمواصلة|لمتابعة)",
}
_OFFER = re.compile("|".join(_OFFERS.values()), re.IGNORECASE)
# Stands below free articles too, with a link to log in; so it tells nothing about access, but is no text either.
_ALREADY = re.compile(
    r"\balready (?:a |have a |an? )?(?:subscriber|member|subscription|subscribed)\b.{0,3}$|"
    r"\bbereits (?:abonnent|registriert|abonniert)\w*.{0,3}$|\bdéjà abonnée?\b.{0,3}$|"
    r"\bya (?:eres|es) suscriptor.{0,4}$|\b(?:sei )?già abbonat[oa]\b.{0,3}$|\bjá é assinante.{0,3}$|"
    r"\bal abonnee\b.{0,3}$|\b(?:redan|allerede) (?:prenumerant|abonnent).{0,3}$|"
    r"\bmasz już (?:prenumeratę|subskrypcję).{0,3}$",
    re.IGNORECASE,
)
# What an offer costs, and what is agreed to; of a text in lower case.
_TERMS = re.compile(
    r"\b(?:subscri|cancel (?:any|at)|unlimited|free trial|terms (?:of|and)|privacy policy|newsletter|your (?:account|"
    r"e-?mail)|(?:per|a|each) (?:month|week|year)\b|abonn?[eiaoé]|kündbar|monatlich|jederzeit|suscri|assin(?:e|a)|"
    r"abbona|prenum)|[$€£]\s?\d|\d\s?(?:€|euros?\b|kr\b)|구독|회원|訂閱|订阅|会员|會員",
)
# As above.
_TERM_STEMS = (
    "subscri", "cancel any", "cancel at", "unlimited", "free trial", "terms of", "terms and", "privacy policy",
    "newsletter", "your account", "your e", " month", " week", " year", "abon", "kündbar", "monatlich", "jederzeit",
    "suscri", "assin", "abbona", "prenum", "$", "€", "£", "euro", "kr", "구독", "회원", "訂閱", "订阅", "会员", "會員",
)  # fmt: skip


def gate(document: Document, paragraphs: Sequence[Paragraph], begins: int) -> str | None:
    """The words of the offer at the end of a text or right below it. `begins`: see `offer_at`."""
    if not paragraphs:
        return None
    lines = [paragraph.text for paragraph in paragraphs[begins:]]
    return next(_offers(lines + _below(document, paragraphs[-1].text)), None)


def without_gate(paragraphs: tuple[Paragraph, ...], begins: int | None = None) -> tuple[Paragraph, ...]:
    """The text up to the first line of the offer. What follows an offer belongs to it."""
    cut = offer_at(paragraphs) if begins is None else begins
    while 0 < cut < len(paragraphs) and paragraphs[cut - 1].kind == "subhead":
        cut -= 1  # the headline of the offer
    return paragraphs[:cut]


def offer_at(paragraphs: Sequence[Paragraph]) -> int:
    """Where the offer begins; behind the last paragraph if there is none. Where the text goes on, it was none."""
    found = len(paragraphs)
    for at in range(len(paragraphs) - 1, max(-1, len(paragraphs) - 1 - _LAST), -1):
        line = paragraphs[at].text
        if _begins_offer(line):
            found = at
        elif _goes_on(line):
            break
    return found


def _goes_on(line: str) -> bool:
    """Whether it is a paragraph of the text, and not what an offer says about prices and terms."""
    return ends_sentence(line) and size(line) >= _MIN_GOOD_CHARS and not _speaks_of_terms(line)


def _speaks_of_terms(line: str) -> bool:
    small = line.lower()
    return holds_any(small, _TERM_STEMS) and _TERMS.search(small) is not None


def gated_access(words: str) -> tuple[Access, str]:
    """The access class that an offer tells, and its evidence."""
    return ("metered" if _REGISTER.search(words) else "paid"), f"the page: {words}"


def _offers(lines: Sequence[str]) -> Iterator[str]:
    if _may_offer("\n".join(line for line in lines if len(line) <= _MAX_CHARS)):
        yield from filter(_is_offer, lines)


def _is_offer(line: str) -> bool:
    return len(line) <= _MAX_CHARS and _may_offer(line) and _OFFER.search(line) is not None


def _begins_offer(line: str) -> bool:
    """Whether it is an offer, or speaks to those who have taken it."""
    if len(line) > _MAX_CHARS or not _may_offer(line):
        return False
    return _OFFER.search(line) is not None or _ALREADY.search(line) is not None


def _may_offer(text: str) -> bool:
    small = text.lower()
    return holds_any(small, _ASCII_STEMS if small.isascii() else _STEMS)


def _below(document: Document, last: str) -> list[str]:
    """What readers see right below the text."""
    blocks = document.blocks
    at = next((block.position for block in reversed(blocks) if block.text == last), len(blocks))
    return [block.text for block in blocks[at + 1 : at + 1 + _BELOW] if block.element.said.word != "hidden"]
