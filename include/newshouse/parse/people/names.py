"""What a name looks like, and what stands beside names: roles, degrees, organisations, placeholders."""

from __future__ import annotations

import re
from functools import lru_cache

from newshouse.parse.people.agencies import agencies_in
from newshouse.parse.words import letters, tidy
from newshouse.records import Author

_MAX_NAME_CHARS = 70
UPPER = "A-ZÀ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻĽŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ"
"""Latin capitals, for a class of characters."""
_ASIAN = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]"
_ASIAN_ROLE = re.compile(
    rf"^(?P<before>(?:{_ASIAN}|\s){{2,20}}?)(?P<space>\s*)(?P<own>\S{{0,8}}?)(?P<kind>(?:선임|인턴|전문|수석)?(?:기자|특파원|논설위원)|"
    r"에디터|PD|記者|特派員|編集委員|論説委員|记者|通讯员)$"
)
# What stands close before the word for a reporter and belongs to it: 경제부 기자, 社会部記者.
_ASIAN_DESK = re.compile(r"(?:[부팀국]|대기|전문|선임|수석|인턴|部|局|班|室|課|支社|担当|専門|論説|編集|특파)$")
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
    r"r[ée]dact(?:eur|rice)|envoy[ée]e? sp[ée]ciale?|enviad[oa] especial|sonderkorrespondent(?:in)?|muhabiri?|"
    r"chroniqueu(?:r|se)|corresponsal|periodista|redactora?|giornalista|"
    r"inviat[oa]|redaktör|journalisten|مراسل|مراسلة|محرر|محررة|صحفي|كاتب|corrispondente|коррес\w+|журналіст\w*|"
    r"журналист\w*"
)
# Of a text in lower case: without a flag, a branch that cannot begin with the letter at hand costs next to nothing.
_ROLE = re.compile(rf"\b(?:{_ROLE_WORDS})\b")
_DEGREE = re.compile(
    r"^(?:Ph\.?D|M\.?D|M\.?A|M\.?S|B\.?A|B\.?S|R\.?N|R\.?D|R\.?D\.?N|D\.?D\.?S|D\.?V\.?M|M\.?P\.?H|M\.?B\.?A|J\.?D|"
    r"CFP|CPA|CFA|Ed\.?D|Psy\.?D|LCSW)\.?®?$"
)
_PRONOUNS = re.compile(
    r"(?:she|he|they|ze|her|him|them|sie|er|ihr|ella|él|elle|il|iel|hon|han|hen)(?:\s?/\s?\w{1,6}){1,2}", re.IGNORECASE
)
_TRAILING_DEGREE = re.compile(r"\s(?:Ph\.?D|M\.D|MD|MBA|DVM|RDN?|CFP®?|CPP)\.?$")
# Small words between two large ones are particles of a name in some language: "Ngugi wa Thiong'o", "Siti binti Ahmad".
_SMALL = "[a-zß-öø-ÿāăąćčďđēęěğģīıķłļľńņňōőœřśşšţťūůűźżž]{1,5}"
_JOINED = r"[a-z]{1,2}['’]|(?:[ae](?:[lrsndtz]|[sdtc]h)|ul|ur)-"  # "d'Aubigny", "el-Sayed", "ash-Sharif"
# "Ines Falk Senior Reporter": a name, and what its bearer is, set apart by the layout alone.
_NAME_AND_ROLE = re.compile(
    rf"^(?P<name>[{UPPER}][\w'’.-]+(?:\s[{UPPER}]\.)?(?:\s{_SMALL}){{0,3}}"
    rf"\s(?:{_JOINED})?[{UPPER}][\w'’-]+)\s+(?P<role>(?:[{UPPER}&][\w&'’-]*\s+){{0,4}}(?i:{_ROLE_WORDS})\b.*)$"
)
_NAME_AND_HOUSE = re.compile(
    rf"^(?P<name>[{UPPER}][\w'’.-]+(?:\s[{UPPER}]\.)?\s[{UPPER}][\w'’-]+)\s+(?P<house>[{UPPER}][\w'’.-]+(?:\s[{UPPER}][\w'’.-]+){{0,3}})$"
)
_SIGN = re.compile(r"[A-Z]{2,5}(?: [A-Z][a-z]+){1,2}$")
_ORGANISATION = re.compile(  # as _ROLE
    r"\b(?:news|times|post|press|agency|agencies|staff|desk|newsroom|team|redaktion|redaction|rédaction|"
    r"redacci[óo]n|redazione|"
    r"redaktionen|redactie|redação|editorial|editors|zeitung|nachrichten|tagblatt|magazin|magazine|gmbh|inc|ltd|llc|"
    r"media|"
    r"network|radio|tv|television|online|digital|service|services|wire|wires|daily|herald|tribune|gazette|journal|"
    r"guardian|"
    r"chronicle|observer|institute|university|foundation|ministry|group|company|agence|agencia|agenzia|ajansı|haber|"
    r"correspondents|reporters|contributors|admin|administrator|webmaster|guest|autor|author|anonymous|unknown|"
    r"wikipedia|"
    r"newsletter|podcast|studio|programme|department|federation|league|coalition|council|association|society|centre|center|board|communications|www|com|blog|"
    r"partners?|verein|verband|stiftung|\w+stiftung|\w+verband\w*|\w+verein|\w+anstalt|\w+ministerium|bundesamt|"
    r"universität|hochschule|institut|verlag|pressestelle|\w+dienst|university|college|school|committee|union|"
    r"agenturen)\b|\be\.\s?v\b"
    r"|편집|취재팀|뉴스|신문|일보|新聞|編集部|編集局|通信|报|社$|支局|共同$|時事$|ロイター|डेस्क|ब्यूरो|टीम$|न्यूज|समाचार|"
    r"ทีมข่าว|กองบรรณาธิการ|ออนไลน์|செய்தி|هيئة التحرير|فريق|وكالات|وكالة|редакц"
)
_FULL_NAME = re.compile(
    rf"(?:Dr\.? )?[{UPPER}][\w'’.\-]+(?: (?:[{UPPER}]\.?|[{UPPER}][\w'’.\-]+|{_SMALL})){{0,3}}"
    rf" (?:{_JOINED})?[{UPPER}][\w'’\-]+"
)
_DOMAIN = re.compile(r"\w{3,}\.(?:com|net|org|info|news|co\.\w\w|com\.\w\w|[a-z]{2})$", re.IGNORECASE)
_PARTICLES = frozenset(
    re.findall(
        r"\S+",
        "de da do dos das di del della du d van von der den ten ter la le el al bin ibn bint abu y e i zu zur af av "
        "und o a san st mac mc vom zum",
    )
)
_RARE_PARTICLES = frozenset(("in", "na", "op", "aan", "uit"))  # "Jan in 't Veld": in names too, though seldom
# Small words that stand between large ones in headlines, and hardly ever in names.
_IN_HEADLINES = frozenset(
    re.findall(
        r"\S+",
        # English writes headlines large but for these, in the other languages nouns and names are large.
        "of the to in for on with at by from as it is was has have be are this his her our your my we you they not no "
        "new how why what who when or but if than that all more out up off into over about after ago via per vs near "
        "under amid its their says said will can get gets goes "
        "für im am um aus bei nach mit nicht ist hat wird war sind soll kann muss sagt auf ein eine einen einer eines "
        "über unter vor seit ohne gegen wie was wer wo wenn oder aber nur noch auch mehr als bis durch ihr sein ihre "
        "seine wir sie er es uns euch neu dem gibt macht geht kommt will gute "
        "les des une un dans pour que qui sur pas plus aux avec ce cette par est sont son ses nos vos leur chez sous "
        "con por para una en su sin como más que per non nel nella sul sulla alla che più il "
        "os as em no na nos ao à com uma um mais pelo pela seu sua "
        "het een niet voor op aan dat ook bij naar door om uit onze och att det som är inte till för med på har ett "
        "kan från vid og er ikke ved men fra nie się jest że od przez dla po są oraz ve bir bu için ile",
    )
)
# Vowel signs are no letters to `\w`, and no name of India or Thailand does without.
_SIGNS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963\u0970-\u0dff\u0e00-\u0e4f\u1000-\u1049\u1780-\u17d3"
_NAME = re.compile(rf"^[^\W\d_][\w'’`´.\-‐‑\s\u00b7・{_SIGNS}]*$")
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

_MANY = 2_000  # names; a page says the same one in many places, and a publisher on many pages


@lru_cache(maxsize=_MANY)
def is_full(name: str) -> bool:
    """Whether it looks like first name and surname, written as names are."""
    return _FULL_NAME.fullmatch(name) is not None and _holds_only_particles(name.split())


def is_headline(words: list[str]) -> bool:
    """Whether one of them, written large or small, stands in headlines and never in names: "Tweet This"."""
    return not _IN_HEADLINES.isdisjoint(word.lower() for word in words)


@lru_cache(maxsize=_MANY)
def is_role(text: str) -> bool:
    """Whether it says what somebody does: "Political Editor"."""
    return _ROLE.search(text.lower()) is not None


def is_degree(text: str) -> bool:
    """Whether it is an academic or professional degree and nothing else."""
    return _DEGREE.match(text) is not None


def is_pronouns(text: str) -> bool:
    """Whether it says how to speak of somebody: "she/her"."""
    return _PRONOUNS.fullmatch(text) is not None


def is_junior(text: str) -> bool:
    """Whether it is the part of a name that stands behind a comma: "Jr."."""
    return _JUNIOR.match(text) is not None


@lru_cache(maxsize=_MANY)
def is_organisation(text: str) -> bool:
    """Whether a word in it names a house, a desk or another organisation, or it ends in a domain."""
    return _ORGANISATION.search(text.lower()) is not None or _DOMAIN.search(text) is not None


def begins_as_organisation(text: str) -> bool:
    """Whether its first word does."""
    return _ORGANISATION.match(text.lower()) is not None


def is_placeholder(text: str) -> bool:
    """Whether a content system puts it where it knows nobody: "admin", "No Author"."""
    return _PLACEHOLDER.fullmatch(letters(text)) is not None


def with_asian_role(part: str) -> Author | None:
    """ "김하늘 기자", "記者 山田太郎": the name, and what its bearer is."""
    if match := _ASIAN_ROLE_FIRST.match(part):
        return Author(tidy(match["name"]), role=match["role"])
    match = _ASIAN_ROLE.match(part)
    return Author(*_parted(match["before"].strip(), match["space"], match["own"], match["kind"])) if match else None


def _parted(before: str, space: str, own: str, kind: str) -> tuple[str, str]:
    """(name, role) of what stands before the word for a reporter: `before`, then `own` close to it."""
    if not space:
        return before + own, kind  # 山田太郎記者
    first, _, last = before.rpartition(" ")
    if first and not own and _ASIAN_DESK.search(last):
        return first, f"{last} {kind}"  # 김하늘 경제부 기자
    if first and not own and _ASIAN_DESK.search(first):
        return last, kind  # 사회부 김하늘 기자
    if own and not _ASIAN_DESK.search(own) and _ASIAN_DESK.search(before):
        return own, kind  # 社会部 山田太郎記者
    return before, own + kind


def with_house(part: str) -> tuple[str, str] | None:
    """ "Ines Falk BBC News", "INES FALK Associated Press": the name and the house, told apart by how it is written."""
    match = _NAME_AND_HOUSE.match(part)
    if not match or is_role(part) or is_organisation(match["name"]) or agencies_in(match["name"]):
        return None
    house = match["house"]
    is_printed = (house.isupper() and not match["name"].isupper()) or " " in house or house == "Reuters"
    is_house = is_printed and (agencies_in(house) or (_SIGN.match(house) and is_organisation(house)))
    name = name_in(match["name"]) if is_house else None
    return (name, house) if name else None


def with_role(part: str) -> Author | None:
    """ "Ines Falk Senior Reporter": the name, and what its bearer is."""
    match = _NAME_AND_ROLE.match(part)
    if not match or not part[0].isupper():
        return None
    named = match["name"].lower()
    if _ROLE.search(named) or _ORGANISATION.search(named):
        return None
    name = name_in(match["name"])
    return Author(name, role=match["role"]) if name else None


def name_in(part: str, is_stated: bool = False) -> str | None:
    """The name that `part` is, without title and degree; None if it is none.

    `is_stated`: the page says that it is a person's; then it may be written large or small.
    """
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
        or (len(words) > 1 and (words[-1] in _PARTICLES or any(map(str.isdigit, part))))
        or (len(words) > 1 and not (_is_no_headline(words) if is_stated else _is_written_as_name(words)))
    ):
        return None
    return part.title() if part.isupper() and len(part) > 4 else part


def _is_written_as_name(words: list[str]) -> bool:
    """Whether words are written as names are: nothing small but particles; or all of it small."""
    is_small = all(word[0].islower() for word in words) and not set(words) & (_IN_HEADLINES | _PARTICLES)
    return _holds_only_particles(words) or (is_small and len(words) <= _MAX_SMALL_WORDS)


def _is_no_headline(words: list[str]) -> bool:
    """Whether no word inside is one that headlines have and names do not: "Sponsored by Harbour Tours"."""
    return not set(words[1:-1]) & (_IN_HEADLINES - _RARE_PARTICLES)


def _holds_only_particles(words: list[str]) -> bool:
    """Whether the small words are particles: known ones, or a few short ones inside that no headline would have."""
    small = [word.strip("'’.") for word in words if word[0].islower() and not _IS_JOINED.match(word)]
    unknown = [word for word in small if word not in _PARTICLES]
    if not unknown:
        return True
    is_inside = words[0][0].isupper() and not words[-1][0].islower()
    like_particles = all(_IS_SMALL.fullmatch(word) and word not in _IN_HEADLINES for word in unknown)
    return is_inside and like_particles and len(unknown) <= _MAX_UNKNOWN


_IS_SMALL = re.compile(_SMALL)
_IS_JOINED = re.compile(rf"(?:{_JOINED})[^\W\d_]")  # written large behind the sign
_MAX_SMALL_WORDS = 2  # "ines falk"
_MAX_UNKNOWN = 2
