"""What a name looks like, and what stands beside names: roles, degrees, organisations, placeholders."""

from __future__ import annotations

import re

from newshouse.parse.words import letters, tidy
from newshouse.records import Author

_MAX_NAME_CHARS = 70
UPPER = "A-ZÀ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻĽŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ"
"""Latin capitals, for a class of characters."""
_ASIAN_ROLE = re.compile(
    r"^(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·\s]{2,20}?)\s*(?P<role>(?:\S{0,8})?(?:기자|특파원|논설위원|선임기자|에디터|"
    r"PD|인턴기자|記者|特派員|編集委員|論説委員|记者|通讯员))$"
)
_ASIAN_ROLE_FIRST = re.compile(
    r"^(?P<role>(?:본지|本報|本报|本社|編集委員|特派員|記者|记者|기자))[\s・:：]*(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,12})$"
)
_ROLE_WORDS = (
    r"editor|correspondent|reporter|writer|journalist|columnist|producer|contributor|critic|analyst|chief|bureau|"
    r"reviewer|anchor|host|meteorologist|researcher|economist|engineer|scientist|blogger|marketer|educators?|"
    r"dietitian|nutritionist|\w*leiter(?:in)?|photographer|director|fellow|professor|author|presenter|specialist|founder|co-founder|manager|consultant|"
    r"coordinator|strategist|president|attorney|expert|head of|redakteur(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|journalistin|ressortleiter(?:in)?|reporterin|autorin|volontär(?:in)?|journaliste|"
    r"correspondante?|"
    r"r[ée]dact(?:eur|rice)|envoy[ée]e? sp[ée]ciale?|chroniqueu(?:r|se)|corresponsal|periodista|redactora?|giornalista|"
    r"inviat[oa]|redaktör|journalisten|مراسل|مراسلة|محرر|محررة|صحفي|كاتب|corrispondente|коррес\w+|журналіст\w*|"
    r"журналист\w*"
)
_ROLE = re.compile(rf"\b(?:{_ROLE_WORDS})\b", re.IGNORECASE)
_DEGREE = re.compile(
    r"^(?:Ph\.?D|M\.?D|M\.?A|M\.?S|B\.?A|B\.?S|R\.?N|R\.?D|R\.?D\.?N|D\.?D\.?S|D\.?V\.?M|M\.?P\.?H|M\.?B\.?A|J\.?D|"
    r"CFP|CPA|CFA|Ed\.?D|Psy\.?D|LCSW)\.?®?$"
)
_TRAILING_DEGREE = re.compile(r"\s(?:Ph\.?D|M\.D|MD|MBA|DVM|RDN?|CFP®?|CPP)\.?$")
# "Ines Falk Senior Reporter": a name, and what its bearer is, set apart by the layout alone.
_NAME_AND_ROLE = re.compile(
    rf"^(?P<name>[{UPPER}][\w'’.-]+(?:\s[{UPPER}]\.)?(?:\s(?:de|da|van|von|der|den|la|le|el|bin|al|ter))*"
    rf"\s[{UPPER}][\w'’-]+)\s+(?P<role>(?:[{UPPER}&][\w&'’-]*\s+){{0,4}}(?i:{_ROLE_WORDS})\b.*)$"
)
_ORGANISATION = re.compile(
    r"\b(?:news|times|post|press|agency|agencies|staff|desk|newsroom|team|redaktion|redaction|rédaction|"
    r"redacci[óo]n|redazione|"
    r"redaktionen|redactie|redação|editorial|editors|zeitung|nachrichten|tagblatt|magazin|magazine|gmbh|inc|ltd|llc|"
    r"media|"
    r"network|radio|tv|television|online|digital|service|services|wire|wires|daily|herald|tribune|gazette|journal|"
    r"guardian|"
    r"chronicle|observer|institute|university|foundation|ministry|group|company|agence|agencia|agenzia|ajansı|haber|"
    r"correspondents|reporters|contributors|admin|administrator|webmaster|guest|autor|author|anonymous|unknown|"
    r"wikipedia|"
    r"newsletter|podcast|studio|council|association|society|centre|center|board|communications|www|com|blog|"
    r"partners?|verein|verband|stiftung|\w+stiftung|\w+verband\w*|\w+verein|\w+anstalt|\w+ministerium|bundesamt|"
    r"universität|hochschule|institut|verlag|pressestelle|\w+dienst|university|college|school|committee|union|"
    r"agenturen)\b|\be\.\s?V\b"
    r"|편집|취재팀|뉴스|신문|일보|新聞|編集部|編集局|通信|报|社$|هيئة التحرير|فريق|وكالات|وكالة|редакц",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    rf"(?:Dr\.? )?[{UPPER}][\w'’.\-]+(?: (?:[{UPPER}]\.?|[{UPPER}][\w'’.\-]+|de|da|do|dos|di|du|van|von|der|den|la|le|"
    rf"el|bin|al|ter|y|zu|af|av)){{0,3}} (?:[a-z]['’])?[{UPPER}][\w'’\-]+"
)
_DOMAIN = re.compile(r"\w{3,}\.(?:com|net|org|info|news|co\.\w\w|com\.\w\w|[a-z]{2})$", re.IGNORECASE)
_PARTICLES = frozenset(
    re.findall(
        r"\S+",
        "de da do dos das di del della du d van von der den ten ter la le el al bin ibn bint abu y e i zu zur af av "
        "und o a san st mac mc vom zum",
    )
)
_NAME = re.compile(r"^[^\W\d_][\w'’`´.\-‐‑\s\u00b7・]*$")
_TITLES = re.compile(r"^(?:mr|mrs|ms|herr|frau)\b\.?\s*", re.IGNORECASE)
_JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv|esq)\.?$", re.IGNORECASE)
_NOT_NAMES = frozenset(
    re.findall(
        r"\S+",
        "published updated posted veröffentlicht aktualisiert stand publié publicado actualizado nachrichten "
        "quelle source written authors author edited reviewed photo foto more read about contact follow share "
        "comments home news and und et by von par por view all alle sign log name datum date tags kategorie "
        "letters zuletzt last text źródło fot",
    )
)
"""First words that no name begins with."""
_PLACEHOLDER = re.compile(r"\w*admin(?:istrator)?|webmaster|guest|unknown|(?:no)?author|autor|none|null|root|user|")


def is_full(name: str) -> bool:
    """Whether it looks like first name and surname, written as names are."""
    return _FULL_NAME.fullmatch(name) is not None


def is_role(text: str) -> bool:
    """Whether it says what somebody does: "Political Editor"."""
    return _ROLE.search(text) is not None


def is_degree(text: str) -> bool:
    """Whether it is an academic or professional degree and nothing else."""
    return _DEGREE.match(text) is not None


def is_junior(text: str) -> bool:
    """Whether it is the part of a name that stands behind a comma: "Jr."."""
    return _JUNIOR.match(text) is not None


def is_organisation(text: str) -> bool:
    """Whether a word in it names a house, a desk or another organisation, or it ends in a domain."""
    return _ORGANISATION.search(text) is not None or _DOMAIN.search(text) is not None


def begins_as_organisation(text: str) -> bool:
    """Whether its first word does."""
    return _ORGANISATION.match(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a content system puts it where it knows nobody: "admin", "No Author"."""
    return _PLACEHOLDER.fullmatch(letters(text)) is not None


def with_asian_role(part: str) -> Author | None:
    """ "김하늘 기자", "記者 山田太郎": the name, and what its bearer is."""
    match = _ASIAN_ROLE.match(part) or _ASIAN_ROLE_FIRST.match(part)
    return Author(tidy(match["name"]), role=match["role"]) if match else None


def with_role(part: str) -> Author | None:
    """ "Ines Falk Senior Reporter": the name, and what its bearer is."""
    match = _NAME_AND_ROLE.match(part)
    if not match or _ROLE.search(match["name"]) or _ORGANISATION.search(match["name"]) or not part[0].isupper():
        return None
    name = name_in(match["name"])
    return Author(name, role=match["role"]) if name else None


def name_in(part: str) -> str | None:
    """The name that `part` is, without title and degree; None if it is none."""
    part = _TRAILING_DEGREE.sub("", _TITLES.sub("", part) or part)
    words = part.split()
    half = len(words) // 2
    if half > 1 and words[:half] == words[half:]:  # a picture's text and the name below it
        words, part = words[:half], " ".join(words[:half])
    if not words or letters(words[0]) in _NOT_NAMES or is_placeholder(part):
        return None
    if (
        not 1 <= len(words) <= 6
        or len(part) > _MAX_NAME_CHARS
        or not _NAME.match(part)
        or len(letters(part)) < 2
        or (len(words) > 1 and not _is_written_as_name(words))
    ):
        return None
    return part.title() if part.isupper() and len(part) > 4 else part


def _is_written_as_name(words: list[str]) -> bool:
    """Whether several words are written as names are: no numbers, nothing small but particles; or all of it small."""
    if any(char.isdigit() for word in words for char in word) or words[-1] in _PARTICLES:
        return False
    small = [
        word for word in words if word[0].islower() and not _ELIDED.match(word) and word.strip("'’.") not in _PARTICLES
    ]
    return not small or (len(small) == len(words) <= _MAX_SMALL_WORDS)


_ELIDED = re.compile(r"\w{1,2}['’][^\W\d_]")  # "d'Aubigny" is written large
_MAX_SMALL_WORDS = 2  # "ines falk"
