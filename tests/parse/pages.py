"""Pages of fictional publishers, with the mark-up that real ones use."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

CAPTURED = datetime(2026, 7, 10, 12, tzinfo=UTC)
URL = "https://www.harbour-courier.example/world/2026/07/04/ferry-strike-talks-resume"

EN = (
    "Ferry crews and the port authority will return to the negotiating table on Monday, officials said after a night "
    "of talks that had ended without a result.",
    "The dispute over night shifts has kept most boats in the harbour since the middle of June, and traders on both "
    "sides of the strait have begun to count their losses.",
    "“We are closer than we were a week ago,” said Marta Oduya, who speaks for the crews, as she left the town hall "
    "shortly before midnight with three of her colleagues.",
    "A spokesman for the authority confirmed the date but would not say whether the offer on rest periods had been "
    "changed, citing the wish of both sides for quiet.",
    "Some 4,000 people cross the strait on an ordinary working day, according to the regional transport office, which "
    "has put on extra buses over the northern bridge.",
)
KO = (
    "해운 노조와 항만 당국이 월요일 협상 테이블에 다시 앉기로 했다고 관계자들이 밤샘 회의 끝에 밝혔다.",
    "야간 근무를 둘러싼 갈등으로 6월 중순부터 대부분의 여객선이 항구에 묶여 있으며 상인들의 손실도 커지고 있다.",
    "노조 대변인은 자정 무렵 시청을 나서면서 일주일 전보다 합의에 가까워졌다고 기자들에게 말했다.",
    "당국은 협상 날짜를 확인했지만 휴식 시간에 관한 제안이 바뀌었는지에 대해서는 언급을 피했다.",
)
DE = (
    "Die Besatzungen der Fähren und die Hafenbehörde kehren am Montag an den Verhandlungstisch zurück, wie beide "
    "Seiten nach einer langen Nacht mitteilten.",
    "Der Streit über die Nachtschichten hält seit Mitte Juni die meisten Schiffe im Hafen fest, und die Händler auf "
    "beiden Seiten der Meerenge zählen ihre Verluste.",
    "„Wir sind näher beieinander als vor einer Woche“, sagte die Sprecherin der Besatzungen, als sie kurz vor "
    "Mitternacht das Rathaus verließ.",
)
FR = (
    "Les équipages des ferries et l’autorité portuaire reprendront les négociations lundi, ont annoncé les deux "
    "parties après une longue nuit de discussions.",
    "Le conflit sur les horaires de nuit retient la plupart des bateaux au port depuis la mi-juin, et les commerçants "
    "des deux rives commencent à compter leurs pertes.",
)
AR = (
    "قال مسؤولون إن أطقم العبارات وسلطة الميناء سيعودون إلى طاولة المفاوضات يوم الاثنين بعد ليلة طويلة من المحادثات.",
    "وأبقى الخلاف حول نوبات العمل الليلية معظم السفن في الميناء منذ منتصف يونيو وبدأ التجار على الضفتين يحصون خسائرهم.",
)
JA = (
    "フェリーの乗組員組合と港湾当局は、長い夜の協議のあと、月曜日に交渉を再開すると発表した。双方とも詳細は明らかにしていない。",
    "夜勤をめぐる対立のため、六月中旬から大半の船が港に留め置かれており、海峡の両岸の商店主は損失を数え始めている。",
)


def ld(**facts: Any) -> dict[str, Any]:
    """A NewsArticle as JSON-LD."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry strike talks resume"} | facts


def page(
    *blocks: str,
    jsonld: Any = None,
    head: str = "",
    title: str = "Ferry strike talks resume | Harbour Courier",
    lang: str = "en",
    paragraphs: tuple[str, ...] = EN,
    h1: str = "Ferry strike talks resume",
) -> bytes:
    """A whole page as UTF-8. `blocks` go between the h1 and the paragraphs."""
    script = jsonld if isinstance(jsonld, str) else json.dumps(jsonld, ensure_ascii=False) if jsonld else ""
    script = f'<script type="application/ld+json">{script}</script>' if script else ""
    text = "".join(f"<p>{escape(p, quote=False)}</p>" for p in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="Harbour Courier">{head}{script}</head><body>'
        "<nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
        f"<main><article><h1>{h1}</h1>{''.join(blocks)}<div class='story'>{text}</div></article></main>"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    ).encode()


def meta(**values: str) -> str:
    """`<meta property>` elements; `__` in a name stands for `:`."""
    return "".join(f'<meta property="{k.replace("__", ":")}" content="{escape(v)}">' for k, v in values.items())
