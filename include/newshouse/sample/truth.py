"""What a correct run finds on one day: the same content that the pages are made of, for integration tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from newshouse.sample.blocks import Block, plain
from newshouse.sample.content import Publisher, Story, Writer, publishers
from newshouse.sample.edition import Edition
from newshouse.sample.feeds import listed_url
from newshouse.sample.page import byline

PRIVATE = "/private/"  # what the robots.txt of one publisher closes


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """One address that a run may meet.

    Attributes:
        url: where it answers, after redirects.
        listed_url: as feeds list it, without tracking parameters; it may redirect to `url`.
        canonical_url: what the page calls its own address (differs for the AMP variant).
        kind: ``article``, ``paywall_stub``, ``consent_wall``, ``bot_wall``, ``soft_404``, ``video_page``,
            ``section_front``, ``robots_denied`` or ``gone`` (404 or 410).
        listed: a feed or sitemap lists it today. A removed page is known from earlier days only.
        status: of the last response; None when robots.txt forbids to ask.
        title, deck, byline, writers, agency, dateline: as printed, white space collapsed (the ideographic space too);
            None where the page shows no article.
        published_at, modified_at: UTC.
        paragraphs: of the body without dateline and captions; list items, subheads and corrections included.
        captions: caption and credit of each picture.
        revision: 1 for the first publication.
        quirks: what is odd about it, e.g. ``future_date_in_feed``.
    """

    url: str
    listed_url: str
    canonical_url: str
    source_id: str
    kind: str
    language: str
    listed: bool
    status: int | None
    title: str | None
    deck: str | None
    byline: str | None
    writers: tuple[Writer, ...]
    agency: str | None
    dateline: str | None
    published_at: datetime | None
    modified_at: datetime | None
    paragraphs: tuple[str, ...]
    captions: tuple[tuple[str, str], ...]
    revision: int
    copy_of: str | None
    quirks: frozenset[str]

    @property
    def authors(self) -> tuple[str, ...]:
        """Names of people."""
        return tuple(writer.name for writer in self.writers)


def expected(epoch: date, clock_date: date) -> tuple[ExpectedPage, ...]:
    """Every story's address that is or was on line by the UTC date `clock_date`, by publisher, oldest first."""
    edition = Edition(epoch, clock_date)
    return tuple(_page(edition, p, story) for p in publishers().values() for story in edition.online(p))


def _page(edition: Edition, publisher: Publisher, story: Story) -> ExpectedPage:
    kind, status = _kind(edition, story)
    shows_article = kind in ("article", "paywall_stub", "video_page", "robots_denied")
    version = edition.version(story)
    blocks = edition.blocks(story) if shows_article else ()
    modified = edition.modified_at(story)
    own = edition.url(story)
    return ExpectedPage(
        url=own + ("/amp" if story.listing.amp else ""),
        listed_url=listed_url(edition, publisher, story),
        canonical_url=own,
        source_id=publisher.id,
        kind=kind,
        language=publisher.language,
        listed=edition.removal(story) is None,
        status=status,
        title=_collapsed(version.title) if shows_article else None,
        deck=_collapsed(version.deck) if version.deck and shows_article else None,
        byline=(byline(publisher, story) or None) if shows_article else None,
        writers=story.authors if shows_article else (),
        agency=story.agency if shows_article else None,
        dateline=edition.dateline(story) if shows_article else None,
        published_at=edition.published_at(story).astimezone(UTC) if shows_article else None,
        modified_at=modified.astimezone(UTC) if modified and shows_article else None,
        paragraphs=tuple(text for block in blocks for text in _texts(block)),
        captions=_captions(edition.picture(story), blocks),
        revision=edition.revision(story),
        copy_of=story.copy_of,
        quirks=frozenset(_quirks(publisher, story)),
    )


def _kind(edition: Edition, story: Story) -> tuple[str, int | None]:
    removal = edition.removal(story)
    if removal:
        return ("soft_404", 200) if removal.how == "soft_404" else ("gone", int(removal.how))
    if edition.path(story).startswith(PRIVATE):
        return "robots_denied", None
    return ("article" if story.page == "live" else story.page), 200


def _texts(block: Block) -> tuple[str, ...]:
    match block.kind:
        case "figure":
            return ()
        case "live_entry":
            return (_collapsed(plain(block.texts[1])),)
        case _:
            return tuple(_collapsed(plain(text)) for text in block.texts)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _captions(picture: tuple[str, str, str] | None, blocks: tuple[Block, ...]) -> tuple[tuple[str, str], ...]:
    if not blocks:
        return ()
    pictures = [picture] if picture else []
    pictures += [(b.texts[0], b.texts[1], b.texts[2]) for b in blocks if b.kind == "figure"]
    return tuple((caption, credit) for caption, credit, _ in pictures)


def _quirks(publisher: Publisher, story: Story) -> set[str]:
    given = {
        "redirected": bool(story.listing.path),
        "amp": story.listing.amp,
        "no_date_in_feed": story.listing.date == "none",
        "future_date_in_feed": story.listing.date == "future",
        "wrong_date_in_feed": publisher.feed_shift_days != 0,
        "listed_twice": story.listing.front,
        "fails_once_500": story.fails_once == 500,
        "fails_once_429": story.fails_once == 429,
        "wrong_charset": story.bytes_in is not None,
        "copy": story.copy_of is not None,
        "live": story.page == "live",
        "opinion": story.genre == "opinion",
    }
    return {name for name, true in given.items() if true}
