"""Places of two words or three, which look like the name of a person when they stand alone beside a date."""

from __future__ import annotations

import re

_PLACES = frozenset(
    re.findall(
        r"[^|\n]+",
        """abu dhabi|addis ababa|alma ata|bad homburg|baden baden|baton rouge|bergisch gladbach|bosnia herzegovina
burkina faso|cabo verde|castrop rauxel|chiang mai|chiang rai|corpus christi|costa rica|da nang|des moines
east timor|el alto|el paso|el salvador|garmisch partenkirchen|grand rapids|great britain|hai phong|ho chi minh|ivory coast
jammu kashmir|khyber pakhtunkhwa|kiryat shmona|kota kinabalu|la paz|la plata|la rochelle|la spezia|la habana|le mans
las palmas|las vegas|los alamos|madhya pradesh|andhra pradesh|arunachal pradesh|himachal pradesh|uttar pradesh
mar del plata|mexico city|minas gerais|monte carlo|navi mumbai|new caledonia|nizhny novgorod|nova scotia
nur sultan|nuku alofa|ouro preto|palma mallorca|phnom penh|ponta delgada|pointe noire|porto alegre|porto novo|puerto rico
quezon city|rio grande|rio branco|rio negro|rostov don|sao paulo|são paulo|sierra leone|siem reap|sri lanka|tamil nadu
tel aviv|tierra del fuego|trinidad tobago|ulan bator|ulan ude|vatican city|veliky novgorod|villa maria|viña del mar
zell am see|cote d'ivoire|hauts de france|novi sad|banja luka|stara zagora|veliko tarnovo|cluj napoca
targu mures|satu mare|baia mare|hradec králové|české budějovice|karlovy vary|ústí nad labem|bielsko biała|zielona góra
gorzów wielkopolski|nowy sącz|banská bystrica|dunajská streda|salt lake|twin cities|hong kong|bandar lampung|bandar abbas
dar salaam|nueva york|nuevo león|buenos aires|santa cruz|santa fe|santa rosa|santa ana|santa marta|santa barbara
santa monica|santa clara|santo domingo|são luís|san antonio|san jose|san josé|san juan|san martín|san luis|san remo
saint louis|saint denis|saint étienne|sint maarten|tuxtla gutiérrez|ciudad juárez|ciudad bolívar""",
    )
)
_FIRST = frozenset(
    ("mount", "fort", "lake", "bad", "port", "puerto", "nizhny", "veliky", "ciudad", "villa", "gulf", "camp")
)
_LAST = frozenset(
    re.findall(
        r"\w+",
        "beach bay springs falls heights island islands pradesh nadu rapids canyon harbor harbour ville borough district "
        "province region township village peninsula desert strait highlands hills",
    )
)
_SIGNS = re.compile(r"[^\w\s'’]+")


def is_place_name(text: str) -> bool:
    """Whether these words name a place, as far as one can tell without a map."""
    small = _SIGNS.sub(" ", text.lower())
    words = small.split()
    return small in _PLACES or words[0] in _FIRST or words[-1] in _LAST
