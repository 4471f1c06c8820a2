"""Places of two words or three, which look like the name of a person when they stand alone beside a date."""

from __future__ import annotations

import re

_PLACES = frozenset(
    re.findall(
        r"[^|\n]+",
        """baie comeau|belo horizonte|beverly hills|botany bay|byron bay|colorado springs|daytona beach|delray beach
green bay|hudson bay|long beach|miami beach|myrtle beach|niagara falls|north bay|palm beach|palm springs|sioux falls
tampa bay|thunder bay|virginia beach|west palm beach|west village|idaho falls|glacier bay|huntington beach
frankfurt am main|kuala lumpur|los angeles|rio de janeiro|san diego|san francisco
abu dhabi|addis ababa|alma ata|andhra pradesh|arunachal pradesh|bad homburg|baden baden|baia mare
bandar abbas|bandar lampung|banja luka|banská bystrica|baton rouge|bergisch gladbach|bielsko biała|bosnia herzegovina
buenos aires|burkina faso|cabo verde|cape town|castrop rauxel|chiang mai|chiang rai|ciudad bolívar|ciudad juárez
cluj napoca|corpus christi|costa rica|cote d'ivoire|da nang|dar salaam|des moines|dunajská streda|east timor
el alto|el paso|el salvador|garmisch partenkirchen|gorzów wielkopolski|grand rapids|great britain|hai phong
hauts de france|himachal pradesh|ho chi minh|hong kong|hradec králové|ivory coast|jammu kashmir|karlovy vary
khyber pakhtunkhwa|kiryat shmona|kota kinabalu|la habana|la paz|la plata|la rochelle|la spezia|las palmas
las vegas|le mans|los alamos|madhya pradesh|mar del plata|mexico city|minas gerais|monte carlo|navi mumbai
new caledonia|nizhny novgorod|new york|new delhi|nova scotia|novi sad
nowy sącz|nueva york|nuevo león|nuku alofa|nur sultan
ouro preto|palma mallorca|phnom penh|pointe noire|ponta delgada|porto alegre|porto novo|puerto rico|quezon city
rio branco|rio grande|rio negro|rostov don|saint denis|saint louis|saint étienne|salt lake|san antonio|san jose
san josé|san juan|san luis|san martín|san remo|santa ana|santa barbara|santa clara|santa cruz|santa fe
santa marta|santa monica|santa rosa|santo domingo|sao paulo|satu mare|siem reap|sierra leone|sint maarten
sri lanka|stara zagora|são luís|são paulo|tamil nadu|targu mures|tel aviv|tierra del fuego|trinidad tobago
tuxtla gutiérrez|twin cities|ulan bator|ulan ude|uttar pradesh|vatican city|veliko tarnovo|veliky novgorod
villa maria|viña del mar|zell am see|zielona góra|ústí nad labem|české budějovice""",
    )
)
_FIRST = frozenset(re.findall(r"\w+", "mount fort lake bad port puerto nizhny veliky ciudad"))
_LAST = frozenset(
    re.findall(
        r"\w+",
        # Bay, Beach, Falls, Harbour, Hills, Springs and Village are surnames as well.
        "islands pradesh nadu rapids borough district province region township peninsula desert highlands",
    )
)
_SMALL = frozenset(("de", "do", "da", "del", "am", "an", "der", "of"))
_SIGNS = re.compile(r"[^\w\s'’]+")


def is_place_name(text: str) -> bool:
    """Whether these words name a place, as far as one can tell without a map."""
    words = _SIGNS.sub(" ", text.lower()).split()
    known = " ".join(words) in _PLACES or " ".join(word for word in words if word not in _SMALL) in _PLACES
    return bool(words) and (known or words[0] in _FIRST or words[-1] in _LAST)
