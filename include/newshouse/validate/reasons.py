"""Every reason that can stand in `rejections`, in one place: what each stage means by it.

The row rules describe themselves (`rules.py`); here are the reasons of the stages before. They are found by those
stages, and only named and explained here. A test reads the code of the stages and fails when one of theirs is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newshouse.validate.rule import Severity
from newshouse.validate.rules import RULES


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was dropped.

    Attributes:
        stage: that drops it.
        severity: ``info`` is the way of the web, ``warning`` should not become many, ``critical`` is broken.
        example: what gives it away; empty where the description says it all.
    """

    name: str
    stage: str
    severity: Severity
    description: str
    example: str = ""


def _of(stage: str, severity: Severity, **texts: str) -> tuple[Reason, ...]:
    return tuple(Reason(name, stage, severity, text) for name, text in texts.items())


PAGE_KINDS = (
    Reason(
        "consent_wall",
        "parse",
        "warning",
        "The page asks for consent to cookies instead of showing the article.",
        "<title>Before you continue</title> and three or more words of consent in little text",
    ),
    Reason(
        "bot_wall",
        "parse",
        "warning",
        "The page wants proof that the visitor is a person, or refuses machines.",
        "<title>Just a moment...</title>, a captcha, the scripts of a challenge",
    ),
    Reason(
        "soft_404",
        "parse",
        "info",
        "The page answers 200 and says that there is nothing.",
        "<h1>Page not found</h1>, “삭제된 기사”, “Seite nicht gefunden”",
    ),
    Reason(
        "paywall_stub",
        "parse",
        "info",
        "The page is not free, and only a teaser of it is shown.",
        "JSON-LD isAccessibleForFree: false and fewer than 120 words, or fewer than 60 above “Subscribe to read on”",
    ),
    Reason(
        "section_front",
        "parse",
        "info",
        "A page of teasers: a front page, a section, search results.",
        "twelve headlines with links and little text",
    ),
    Reason(
        "site_page",
        "parse",
        "info",
        "The site speaks of itself: terms, privacy, contact, who it is.",
        "the headline “Privacy Policy” at /privacy-policy, with neither JSON-LD nor a date",
    ),
    Reason("video_page", "parse", "info", "A video, with no article around it.", 'og:type "video.other"'),
    Reason(
        "audio_page", "parse", "info", "A podcast or broadcast, with no article around it.", "JSON-LD PodcastEpisode"
    ),
    Reason("gallery_page", "parse", "info", "Pictures and their captions, and hardly another word."),
    Reason("empty_page", "parse", "warning", "The page holds no text of an article."),
    Reason("not_html", "parse", "info", "The bytes are no web page.", "a PDF, a picture"),
    Reason("not_text", "parse", "warning", "An imported file holds zero bytes: it is no text."),
    Reason("forgotten", "parse", "info", "The archived record was blanked: its article is to be forgotten."),
    Reason("archive_corrupt", "parse", "critical", "The archived record is damaged.", "newshouse archive verify"),
)

REASONS = (
    *_of(
        "discover",
        "warning",
        no_link="The entry of a feed or list has no link.",
        url_invalid="The link is not a web address, or is longer than 8,000 characters.",
        off_site="The link leads to another publisher.",
        empty_body="The feed or sitemap is empty.",
        not_a_feed="The address answers with something that is no feed.",
        feed_is_html="The feed's address answers with a web page.",
        feed_gap="None of the feed's entries was known: articles between two polls may be missing. Read it more often.",
        feed_damaged="The feed breaks off or is malformed; what could be read was taken.",
        entity_bomb="The document expands without end when it is read: an attack, or a bad export.",
        not_a_sitemap="The address answers with something that is no sitemap.",
        sitemap_is_html="The sitemap's address answers with a web page.",
        sitemap_damaged="The sitemap breaks off or is malformed; what could be read was taken.",
        sitemap_too_deep="An index of sitemaps lists an index, and so on.",
        too_many_parts="An index lists more sitemaps than are read in one run.",
    ),
    *_of("discover", "info", not_due="Not asked: the listing need not be read again yet. Its last entries count."),
    *_of(
        "fetch",
        "info",
        gone="404 or 410. A known article is marked as vanished.",
        robots_denied="robots.txt does not allow it.",
        rights_reserved="The publisher reserves the use, and the policy is to obey.",
        over_budget="Not asked: the source had its share of this run. The next run takes it.",
        host_over_budget="Not asked: the host had its share of this run. The next run takes it.",
        unsupported_type="The response is no page.",
        too_large="The response is larger than the limit.",
    ),
    *_of(
        "fetch",
        "warning",
        http_error="An HTTP status that is no answer, such as 403.",
        server_error="5xx, after all tries.",
        rate_limited="429 or 503, or a pause longer than a run waits.",
        robots_unavailable="robots.txt could not be read, so nothing was asked.",
        timeout="No answer in time, after all tries.",
        dns_failure="The host has no address.",
        connection_refused="Nobody listens at the address.",
        connection_error="The connection broke.",
        tls_error="The certificate or the encryption is wrong.",
        redirect_loop="Redirects without end, or too many.",
        private_address="The host lies in a private network.",
        truncated="The response ended before its end.",
        bad_url="The address cannot be asked for.",
        host_down="Not asked: the host did not answer several times in a row in this run.",
    ),
    *PAGE_KINDS,
)
_RULES = tuple(Reason(rule.name, "validate", rule.severity, rule.description) for rule in RULES)

EXPLAINED: Mapping[tuple[str, str], Reason] = {(reason.stage, reason.name): reason for reason in (*REASONS, *_RULES)}
"""By stage and name."""


def explain(stage: str, name: str) -> str:
    """The reason in a sentence; its name if nobody explained it (a row of another version).

    A listing that could not be fetched bears the reason of fetch.
    """
    reason = EXPLAINED.get((stage, name)) or (EXPLAINED.get(("fetch", name)) if stage == "discover" else None)
    return reason.description if reason else name
