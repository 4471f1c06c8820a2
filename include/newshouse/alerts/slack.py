"""A message as Slack's blocks, to an incoming webhook.

What we did not write goes into `plain_text`, where nothing is syntax; in mrkdwn, `&`, `<` and `>` are escaped and
`verbatim` keeps Slack from making links and mentions of words (docs.slack.dev: formatting message text).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from newshouse.alerts.message import Message, Section
from newshouse.alerts.post import post

_MARKS = {"critical": ":red_circle:", "warning": ":large_orange_circle:"}
_MOST_HEADER = 150  # characters; Slack refuses the whole message beyond
_MOST_TEXT = 2900
_MOST_BLOCKS = 48


def send(url: str, message: Message, now: datetime) -> str:
    """Raises: as `post`."""
    return post(url, json.dumps(render(message)).encode(), {"Content-Type": "application/json"}, now)


def render(message: Message) -> dict[str, Any]:
    """The body of the request."""
    mark = ":white_check_mark:" if message.kind == "resolved" else _MARKS.get(message.severity, ":newspaper:")
    blocks = [{"type": "header", "text": _plain(message.title, _MOST_HEADER)}]
    for section in message.sections:
        blocks += _blocks(section)
    if message.link and not any(section.link == message.link for section in message.sections):
        blocks.append(_written(f"<{_address(message.link)}|Open it>"))
    return {
        "text": f"{mark} {escape(message.title)}",
        "blocks": blocks[:_MOST_BLOCKS],
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }


def escape(text: str) -> str:
    """Text that is no syntax in mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(section: Section) -> list[dict[str, Any]]:
    lines = [section.heading, *(f"{name}: {value}" for name, value in section.facts)]
    blocks: list[dict[str, Any]] = [{"type": "section", "text": _plain("\n".join(lines), _MOST_TEXT)}]
    if section.link:
        blocks.append(_written(f"<{_address(section.link)}|Open it>"))
    return blocks


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": text[:most], "emoji": False}


def _written(mrkdwn: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}]}


def _address(url: str) -> str:
    """An address that cannot end the link it stands in."""
    return escape(url).replace("|", "%7C")
