"""News agencies: names and signs that stand where an author or a place would stand."""

from __future__ import annotations

import re
from collections.abc import Callable

from newshouse.parse.words import holds_any, letters, lower

# Canonical name: other spellings. Signs of two or three letters count only as whole words.
_AGENCIES = {
    "AP": ("Associated Press", "The Associated Press", "Associated Press (AP)"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "AFP News Agency", "وكالة فرانس برس", "فرانس برس", "أ ف ب"),
    "Reuters": ("Thomson Reuters", "Reuters News", "Reuters Staff", "رويترز", "ロイター", "로이터"),
    "dpa": ("Deutsche Presse-Agentur", "dpa-infocom", "dpa-AFX"),
    "APA": ("Austria Presse Agentur", "APA-OTS"),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "epd": ("Evangelischer Pressedienst",),
    "sid": ("Sport-Informations-Dienst",),
    "Keystone-SDA": ("SDA", "Schweizerische Depeschenagentur", "sda-Keystone", "Keystone-ATS"),
    "Yonhap": ("Yonhap News Agency", "Yonhap News", "연합뉴스", "聯合ニュース"),
    "Newsis": ("뉴시스",),
    "News1": ("뉴스1",),
    "Kyodo": ("Kyodo News", "共同通信", "共同", "共同通信社"),
    "Jiji Press": ("時事通信", "時事", "時事通信社", "AFP時事"),
    "Xinhua": ("Xinhua News Agency", "新华社", "新華社", "新华网"),
    "CNA": ("Central News Agency", "中央社", "中央通訊社"),
    "TTXVN": ("Vietnam News Agency", "VNA", "Thông tấn xã Việt Nam"),
    "CNS": ("China News Service", "中新社", "中新网", "中国新闻网", "中国新闻社"),
    "KCNA": ("Korean Central News Agency",),
    "TASS": ("ТАСС", "ITAR-TASS"),
    "Interfax": ("Интерфакс",),
    "RIA Novosti": ("РИА Новости",),
    "Ukrinform": (),
    "EFE": ("Agencia EFE",),
    "Europa Press": ("EP", "EuropaPress"),
    "ANSA": (),
    "Adnkronos": (),
    "Lusa": ("Agência Lusa",),
    "Belga": ("Belga News Agency",),
    "ANP": ("Algemeen Nederlands Persbureau",),
    "NTB": ("Norsk Telegrambyrå",),
    "TT": ("TT Nyhetsbyrån", "Tidningarnas Telegrambyrå"),
    "Ritzau": ("Ritzaus Bureau",),
    "STT": ("STT-Lehtikuva",),
    "PAP": ("Polska Agencja Prasowa",),
    "ČTK": ("CTK",),
    "MTI": (),
    "Anadolu": ("AA", "Anadolu Agency", "Anadolu Ajansı", "الأناضول"),
    "DHA": ("Demirören Haber Ajansı",),
    "İHA": ("İhlas Haber Ajansı",),
    "ANA-MPA": ("ΑΠΕ-ΜΠΕ", "ΑΠΕ", "Αθηναϊκό-Μακεδονικό Πρακτορείο Ειδήσεων"),
    "WAM": ("Emirates News Agency", "وام"),
    "SPA": ("Saudi Press Agency", "واس"),
    "PTI": ("Press Trust of India", "PTI-Bhasha", "PTI Bhasha", "भाषा", "पीटीआई"),
    "ANI": ("Asian News International",),
    "IANS": ("Indo-Asian News Service",),
    "Antara": (),
    "Bernama": (),
    "AAP": ("Australian Associated Press",),
    "PA": ("PA Media", "Press Association"),
    "The Canadian Press": ("Canadian Press",),
    "Bloomberg": ("Bloomberg News",),
    "UPI": ("United Press International",),
    "NAN": ("News Agency of Nigeria",),
    "Interfax-Ukraine": (),
    "ATS": (),
    "Agência Brasil": (),
    "Estadão Conteúdo": (),
}
_BY_LETTERS = {letters(name): agency for agency, names in _AGENCIES.items() for name in (agency, *names)}
# Names that say themselves that they are an agency: 마루통신, 北海通信社, Meridian News Agency.
_SAYS_SO = re.compile(
    r"(?:\w통신사?|\w通信社?|\w通讯社|\b(?:news|press) agency|\bnewswire|\bwire service|\w\s?nachrichtenagentur|"
    r"\w\s?presse-?agentur|^agence (?:de )?presse\b.*|^وكالة\b.*)$",
    re.IGNORECASE,
)
# One of these is in each.
_SAYS_SO_STEMS = ("agen", "newswire", "wire service", "통신", "通信", "通讯", "وكالة")
_MAX_NAME_CHARS = 40  # a longer text speaks of an agency
_BETWEEN = re.compile(r"[/,;+&|]| (?:und|and|et|y|ve|και) ")
# "(avec AFP)", "Kaynak: AA", "— Reuters": what stands before the agency in a sign, in lower case.
_BEFORE = re.compile(
    r"^(?:(?:avec|with|mit|con|com|via|med|met|z|με)\s+|"
    r"(?:source|quelle|fuente|fonte|kaynak|πηγή|źródło|bron|zdroj|forrás|джерело|источник|المصدر|来源|來源|出典)\s*[:：]\s*|"
    r"[-–—]+\s*)"
)


def agency(text: str) -> str | None:
    """The agency that `text` (a byline part, a sign in parentheses) names and nothing else; None otherwise."""
    if letters(text) in _BY_LETTERS:
        return known_agency(text)
    if len(text) > _MAX_NAME_CHARS or not holds_any(text.lower(), _SAYS_SO_STEMS):
        return None
    return text.strip() if _SAYS_SO.search(text.strip()) else None


def known_agency(text: str) -> str | None:
    """The same of those listed here; a name that only ends as those of agencies do is none."""
    spelled = letters(text)
    found = _BY_LETTERS.get(spelled)
    if found is None:
        return None
    if spelled.upper() == spelled.lower():  # 共同, 中新网: a script without capitals
        return found
    # "TT", "PA" or "EP" in lower case are words; signs are printed as the agency prints them or in capitals.
    return (
        found
        if len(spelled) > 3 or text.strip().isupper() or text.strip(" .()") == found.strip() or text.islower()
        else None
    )


def without_source(sign: str) -> str:
    """A sign without what stands before the agency: "(avec AFP)", "Kaynak: AA", "— Reuters"."""
    bare = sign.strip(" .")
    before = _BEFORE.match(lower(bare))
    return bare[before.end() :] if before else bare


def agencies_in(text: str, told_by: Callable[[str], str | None] = agency) -> list[str]:
    """All agencies of a sign like ``dpa/AFP`` or ``AP, Reuters``; empty if any part is something else."""
    found: list[str] = []
    parts = [part for part in map(str.strip, _BETWEEN.split(without_source(text))) if part]
    for part in parts:
        if name := told_by(part):
            found.append(name)
        elif not (len(parts) > 1 and "/" in text and _EDITORS_SIGN.fullmatch(part)):
            return []
    return found


# "fal/dpa": the sign of the editor beside that of the agency.
_EDITORS_SIGN = re.compile("[a-zäöü]{2,4}")
