"""Pages that hold no article, as publishers and their shields serve them with status 200: what parse has to name.

All fictional; the wordings are those that readers meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

_CONSENT = (
    (
        "Before you continue",
        "We use cookies to deliver our services. Accept all cookies. Manage your privacy choices. "
        "Your consent can be withdrawn at any time.",
    ),
    (
        "Your privacy",
        "We and our partners store cookies on your device. With your consent we measure audiences. "
        "Cookie settings. Accept.",
    ),
    ("Cookie consent", "This site asks for your consent to use cookies and personal data. Reject all cookies."),
    (
        "Zustimmung erforderlich",
        "Wir verwenden Cookies. Mit Ihrer Einwilligung verarbeiten wir Daten. "
        "Werbung und Tracking akzeptieren oder Abo abschließen. Datenschutz",
    ),
    (
        "Datenschutz-Einstellungen",
        "Bitte stimmen Sie zu: Zustimmung zu Cookies, Einwilligung in Tracking, Datenschutz.",
    ),
    (
        "Gestion du consentement",
        "Nous utilisons des cookies. Votre vie privée compte. Accepter et fermer. Consentement",
    ),
    (
        "Configuración de privacidad",
        "Usamos cookies propias. Su consentimiento es necesario. Aviso de privacidad. Cookies",
    ),
    ("Informativa", "Noi e terze parti usiamo cookie. Il tuo consenso può essere revocato. Informativa sulla privacy."),
    ("Toestemming", "Wij gebruiken cookies. Geef uw toestemming voor cookies om verder te gaan. Privacy"),
    ("개인정보 설정", "이 사이트는 쿠키를 사용합니다. 쿠키 사용에 동의해 주세요. 개인정보 처리방침"),
)
_BOT = (
    ("Just a moment...", "Checking your browser before accessing the site. Please enable cookies."),
    ("Attention Required!", "You have been blocked. This website uses a security service to protect itself."),
    ("Access Denied", "You don't have permission to access this page on this server. Reference #18.2f1"),
    ("Pardon Our Interruption", "As you were browsing something about your browser made us think you were a bot."),
    ("Are you a robot?", "Please verify that you are not a robot by completing the captcha below."),
    ("Security check", "Human verification needed. Press and hold the button."),
    ("harbour-post.example", "Please enable JS and disable any ad blocker"),
    ("Unusual traffic", "Our systems have detected unusual traffic from your network. Solve the captcha."),
    ("Request blocked", "DDoS protection. The request could not be satisfied. Request blocked."),
    ("확인", "로봇이 아닙니다 를 눌러 주세요. 자동 접속 방지"),
)
_GONE = (
    ("Page not found", "Sorry, the page you are looking for could not be found. Try our search."),
    ("404", "We can't find that page. It may have moved."),
    ("Error 404 - Harbour Post", "The article you requested is no longer available."),
    ("Not found", "This story is not available. Page not found."),
    ("Seite nicht gefunden", "Die angeforderte Seite wurde nicht gefunden."),
    ("Page introuvable", "La page n’existe pas ou n’existe plus."),
    ("Página no encontrada", "La página no existe."),
    ("Pagina non trovata", "La pagina richiesta non è disponibile. Pagina non trovata."),
    ("페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다. 삭제된 기사입니다."),
    ("ページが見つかりません", "お探しのページは削除された可能性があります。"),
)
_PAID = (
    ("Harbour board votes on night ferries", "The board met on Monday. Two members stayed away. Subscribe to read on."),
    ("Hafenrat stimmt ab", "Der Rat tagte am Montag. Zwei Mitglieder fehlten. Weiterlesen mit Abo."),
    ("Le conseil du port vote", "Le conseil s’est réuni lundi. La suite est réservée aux abonnés."),
    ("El puerto vota", "El consejo se reunió el lunes. Contenido exclusivo para suscriptores."),
    ("항만 이사회 표결", "이사회는 월요일에 모였다. 이 기사는 유료 회원 전용입니다."),
    ("港湾理事会が採決", "理事会は月曜日に開かれた。この記事は有料会員限定です。"),
)  # fmt: skip
_HEADLINES = (
    "Harbour board votes on night ferries", "Council cuts the budget of the city library",
    "Two boats collide off the northern shore", "School year begins with new timetables",
    "Tram line seven closes for repairs", "Orchestra plays in the old fish hall",
    "Storm warning for the coast on Friday",
    "Hafenrat stimmt über Nachtfähren ab", "Stadtbibliothek bekommt weniger Geld", "Straßenbahn fährt bis Mai nicht",
    "Le conseil du port vote sur les ferries de nuit", "Une tempête est annoncée pour vendredi",
    "El puerto vota los transbordadores nocturnos",
    "항만 이사회가 야간 여객선을 표결했다", "港湾理事会が夜間フェリーを採決",
)  # fmt: skip
_LINKS = tuple(f'<a href="/a/{place}">{text}</a>' for place, text in enumerate(_HEADLINES))
_LISTS = (
    lambda link: f"<p>{link}</p>",
    lambda link: f"<p>{link} – 22 November 2026, 18:30.</p>",
    lambda link: f"<p>{link}: the board said so on Sunday.</p>",
    lambda link: f"<div>{link}, from our correspondent on the coast.</div>",
    lambda link: f"<p><a href='/s'>Harbour</a>: {link}. By Ida Berg.</p>",
    lambda link: f"<blockquote>{link} (Harbour Post, page 3).</blockquote>",
)
_NAV = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in ("News", "Sport", "Culture", "Weather"))
_LOCKED = (
    '<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",'
    '"datePublished":"2026-11-22T08:00:00+01:00","isAccessibleForFree":false}}</script>'
)


def pages() -> Iterator[tuple[str, bytes]]:
    """(kind, bytes) of each page: each wording bare, and within the publisher's frame."""
    for kind, texts in (("consent_wall", _CONSENT), ("bot_wall", _BOT), ("soft_404", _GONE)):
        for title, text in texts:
            yield kind, _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")
            yield (
                kind,
                _page(title, f"<nav><ul>{_NAV}</ul></nav><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main>"),
            )
    for item in _LISTS:
        for few in (6, len(_LINKS)):
            yield "boilerplate", _page("Stories of November", f"<h1>November</h1>{''.join(map(item, _LINKS[:few]))}")
            listed = "".join(f"<li>{item(link)}</li>" for link in _LINKS[-few:])
            yield "boilerplate", _page("Ferries", f"<nav>{_NAV}</nav><main><h1>Ferries</h1><ul>{listed}</ul></main>")
    topics = ", ".join(f'<a href="/t/{n}">{word}</a>' for n, word in enumerate(" ".join(_HEADLINES).split()))
    yield "boilerplate", _page("All topics", f"<main><h1>All topics from A to Z</h1><p>{topics}.</p></main>")
    for title, text in _PAID:
        yield (
            "paywall_stub",
            _page(title, f"<main><h1>{title}</h1><p>{escape(text)}</p></main>", _LOCKED.format(title=title)),
        )


def _page(title: str, body: str, head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)}</title>{head}</head>"
        f"<body>{body}</body></html>"
    ).encode()
