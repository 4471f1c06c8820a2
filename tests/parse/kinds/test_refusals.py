"""Pages that hold no article are refused by name; pages that merely look so are not."""

from __future__ import annotations

import pytest
from parse_pages import EN, ld, meta, page

from newshouse.records import Article, NoArticle


def html(title: str, body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


TEASERS = "".join(f"<article><h2><a href='/a/{n}'>Story number {n} of the day</a></h2></article>" for n in range(30))

PICTURES = "".join(
    f"<figure><img src=/{n}.jpg><figcaption>Picture {n}: Boats in the harbour, as seen from the northern pier on the "
    "first day of the strike in June.</figcaption></figure>"
    for n in range(7)
)

REFUSED = {
    "not_html": [b"%PDF-1.7 \xe2\xe3", b'{"a": 1}', b"\x89PNG\r\n\x1a\n....", b"just words, no mark-up"],
    "empty_page": [b"", b" \n\x00 ", html("Ferry strike", "<div id=app></div>")],
    "bot_wall": [
        html("Just a moment...", "<div id='challenge-form'>Checking your browser before accessing the site.</div>"),
        html("Access Denied", "<p>You don't have permission to access this page. Reference #18.</p>"),
        html("", "<p>Press and hold to confirm you are a human.</p><div id='px-captcha'></div>"),
    ],
    "consent_wall": [
        html(
            "Before you continue",
            "<p>We use cookies and data to deliver services.</p><button>Accept all cookies</button>",
        ),
        html(
            "Zustimmung",
            "<p>Mit Werbung und Tracking weiterlesen: Ihre Zustimmung. Datenschutz, Cookies, Impressum.</p>",
        ),
        html("한빛신문", "<p>쿠키 사용에 동의해 주세요. 개인정보 처리방침. 쿠키 설정을 바꿀 수 있습니다.</p>"),
    ],
    "soft_404": [
        html("Page not found | Harbour Courier", "<h1>Page not found</h1><p>Try the search.</p>"),
        html("Harbour Courier", "<h1>Seite nicht gefunden</h1>"),
        html("한빛신문", "<h1>페이지를 찾을 수 없습니다</h1>"),
        html("404", "<p>Nothing here.</p>"),
        html("Oops! | Harbour Courier", f"<h1>Oops!</h1><p>Try one of these.</p>{TEASERS}"),
        html("Harbour Courier", f"<h1>Oops, something went wrong</h1>{TEASERS}"),
        html("Harbour Courier", f"<h1>Whoops! That page can’t be found.</h1>{TEASERS}"),
    ],
    "section_front": [html("World news | Harbour Courier", f"<h1>World</h1>{TEASERS}")],
    "video_page": [
        html(
            "Watch: ferries", "<h1>Watch: ferries</h1><p>A short clip of the harbour.</p>", meta(og__type="video.other")
        ),
        page(jsonld={"@type": "VideoObject", "name": "Ferries"}, paragraphs=("A short clip of the harbour at night.",)),
        page("<video src=/v.mp4></video>", paragraphs=("Watch how the boats come back at night.",)),
    ],
    "audio_page": [
        page(
            jsonld={"@type": "PodcastEpisode", "name": "The strike"}, paragraphs=("We talk about the ferries.", EN[4])
        ),
        html("The strike", "<h1>The strike</h1><p>A podcast.</p>", meta(og__type="music.song")),
        page("<audio src=/a.mp3></audio>", paragraphs=("Ines Falk and Tom Berg talk about the strike and the town.",)),
    ],
    "gallery_page": [page(PICTURES, paragraphs=(EN[4],)), page(PICTURES, paragraphs=())],
    "paywall_stub": [page(jsonld=ld(isAccessibleForFree=False), paragraphs=EN[:1])],
}


@pytest.mark.parametrize(("reason", "body"), [(reason, body) for reason, bodies in REFUSED.items() for body in bodies])
def test_a_page_without_an_article_is_refused_by_name(read, reason, body):
    found = read(body, url="https://www.harbour-courier.example/world", headers={})
    assert isinstance(found, NoArticle)
    assert found.reason == reason
    assert found.detail


@pytest.mark.parametrize("content_type", ["application/pdf", "image/jpeg", "application/json; charset=utf-8"])
def test_the_content_type_alone_may_refuse(read, content_type):
    assert read(page(), headers={"Content-Type": content_type}).reason == "not_html"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: the lost diary of 1911",
        "Just a moment, says the port",
        "Cookies, consent and the strait",
        "Privacy policy of the port under fire",
    ],
)
def test_an_article_about_such_things_is_an_article(read, title):
    assert isinstance(read(page(jsonld=ld(headline=title), title=title, h1=title)), Article)


NO_PLAYERS = {
    "a player beside an article": page(
        "<audio src=/a.mp3></audio>", jsonld={"@type": "PodcastEpisode", "name": "x"}, paragraphs=EN * 2
    ),
    "an article that is read out": page(
        jsonld={"@type": "AudioObject", "name": "Listen to this article"},
        paragraphs=EN[:4],
        head=meta(og__type="article", article__published_time="2026-07-04"),
    ),
    "a told note with a video": page(
        "<video src=/v.mp4></video>", paragraphs=EN[:1], head=meta(article__published_time="2026-07-04")
    ),
    "pictures beside an article": page(PICTURES),
    "an article of pictures": page(PICTURES, paragraphs=(EN[4],), jsonld=ld()),
}


@pytest.mark.parametrize("body", NO_PLAYERS.values(), ids=NO_PLAYERS)
def test_an_article_with_a_player_or_pictures_is_an_article(read, body):
    assert isinstance(read(body), Article)


def test_a_paid_article_shown_in_full_is_an_article(read):
    article = read(page(jsonld=ld(isAccessibleForFree=False)))
    assert (article.access, len(article.paragraphs)) == ("paid", len(EN))


SHORT = (EN[0], EN[1], EN[3])


def test_a_short_text_of_whole_paragraphs_below_a_headline_is_no_section_front(read):
    links = "".join(f"<li><h3><a href='/a/{n}'>Story {n}</a></h3></li>" for n in range(40))
    body = page(paragraphs=SHORT).replace(b"</main>", f"</main><ul>{links}</ul>".encode())
    assert isinstance(read(body, url="https://www.harbour-courier.example/x"), Article)


def test_blurbs_below_the_name_of_a_section_are_a_section_front(read):
    links = "".join(f"<li><h3><a href='/a/{n}'>Story {n}</a></h3></li>" for n in range(40))
    body = page(paragraphs=SHORT, h1="World", title="World | Harbour Courier").replace(
        b"</main>", f"</main>{links}".encode()
    )
    assert read(body, url="https://www.harbour-courier.example/world").reason == "section_front"


def test_a_short_note_that_states_its_publication_is_no_consent_wall(read):
    notice = "<div>Cookies: Datenschutz, Einwilligung, Zustimmung</div>"
    body = page(notice, paragraphs=(EN[3],), head=meta(article__published_time="2026-07-04"))
    assert isinstance(read(body), Article)


@pytest.mark.parametrize(
    ("title", "note"),
    [
        (
            "Privacy office fines harbour shop over cookie banner",
            "The privacy office of Port Amsel has fined an online shop of the harbour quarter as its cookie banner "
            "left visitors no choice. The consent to tracking cookies, the office said on Friday, had been asked for "
            "in a way that hid the button for a refusal. The shop may appeal within a month.",
        ),
        (
            "Datenschutz: Bußgeld gegen Hafenladen",
            "Die Behörde für Datenschutz in Port Amsel hat gegen einen Laden im Hafenviertel ein Bußgeld verhängt. Die "
            "Einwilligung in Cookies zur Werbung und zum Tracking sei den Kunden untergeschoben worden, teilte die "
            "Behörde am Freitag mit. Der Laden kann binnen eines Monats Einspruch gegen den Bescheid erheben.",
        ),
    ],
)
def test_a_short_note_about_data_protection_is_an_article(read, title, note):
    assert isinstance(read(page(title=title, h1=title, paragraphs=(note,))), Article)


WALL = (
    "We and our partners store cookies on your device. With your consent we process personal data.",
    "You may change your privacy settings at any time. Accept all cookies or manage your choices below.",
)
TOLD = (meta(og__type="article"), meta(article__published_time="2026-07-04T08:00:00Z"))


@pytest.mark.parametrize("head", TOLD)
@pytest.mark.parametrize(
    ("title", "h1"),
    [
        ("We value your privacy", "We value your privacy"),
        ("Ferry strike talks resume | Harbour Courier", "We value your privacy"),
        ("Before you continue", "Harbour Courier"),
        ("Ferry strike talks resume | Harbour Courier", "Harbour Courier"),
    ],
)
def test_a_consent_wall_that_keeps_the_meta_elements_of_its_article_is_refused(read, head, title, h1):
    assert read(page(title=title, h1=h1, paragraphs=WALL, head=head)).reason == "consent_wall"


def test_a_long_consent_wall_is_refused(read):
    more = "These cookies measure how often a page is read. Some of them need consent, says the privacy notice. " * 3
    assert read(page(title="Consent", h1="Consent", paragraphs=(*WALL, more))).reason == "consent_wall"


@pytest.mark.parametrize("head", TOLD)
def test_a_short_note_whose_body_ends_with_a_banner_is_an_article(read, head):
    banner = "Cookies: by staying here you consent to the use of cookies. Your privacy choices can be changed below."
    assert isinstance(
        read(page(paragraphs=("Who slips on the ice next? I bet it is you.", banner), head=head)), Article
    )


@pytest.mark.parametrize("head", TOLD)
def test_a_short_note_below_a_banner_is_an_article(read, head):
    banner = "<div class='cookie-banner'>We use cookies. Your privacy settings. Consent. Accept all cookies.</div>"
    assert isinstance(read(page(paragraphs=EN[2:4], head=head).replace(b"<main>", f"{banner}<main>".encode())), Article)


RIGHTS = html("Privacy policy | Harbour Courier", f"<h1>Privacy policy</h1><p>{EN[0]}</p><p>{EN[1]}</p><p>{EN[4]}</p>")


@pytest.mark.parametrize("address", ["/privacy", "/privacy-policy/", "/en/info/privacy.html"])
def test_a_page_on_which_the_site_speaks_of_itself_is_refused(read, address):
    assert read(RIGHTS, url=f"https://www.harbour-courier.example{address}").reason == "site_page"


@pytest.mark.parametrize("address", ["/news/court-on-privacy", "/culture/2026/07/04/privacy", "/"])
def test_a_story_with_such_a_headline_lies_elsewhere(read, address):
    assert read(RIGHTS, url=f"https://www.harbour-courier.example{address}").title == "Privacy policy"


def test_a_recipe_or_film_with_such_a_name_is_no_page_of_the_site(read):
    for name, address in (("Cookies", "/recipes/cookies"), ("Contact", "/film/contact")):
        found = read(
            RIGHTS.replace(b"Privacy policy", name.encode()), url=f"https://www.harbour-courier.example{address}"
        )
        assert found.title == name
    found = read(
        RIGHTS.replace(b"Privacy policy", b"Contact"), url="https://www.harbour-courier.example/en/about/contact"
    )
    assert found.reason == "site_page"


def test_a_story_with_a_date_is_no_page_of_the_site(read):
    dated = RIGHTS.replace(b"<h1>", b"<meta name='date' content='2026-07-04'><h1>")
    assert read(dated, url="https://www.harbour-courier.example/privacy").title == "Privacy policy"


def test_a_story_told_in_captions_is_an_article_where_the_page_says_so(read):
    figures = "".join(
        f"<figure><img src=/{n}.jpg><figcaption>{text}</figcaption></figure>" for n, text in enumerate(EN)
    )
    found = read(page(figures, paragraphs=(), head=meta(og__type="article")))
    assert [paragraph.text for paragraph in found.paragraphs] == list(EN)
    for told, inside in (("website", figures), ("article", PICTURES)):
        assert read(page(inside, paragraphs=(), head=meta(og__type=told))).reason == "gallery_page"


def test_a_story_that_begins_with_oops_is_one(read):
    title = "Oops: the mayor thanks the wrong town for its ferry"
    found = read(page(title=title, paragraphs=(EN[0],)))
    assert isinstance(found, Article), found
