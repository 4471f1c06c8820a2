"""The report of an assessment: one HTML page that needs nothing but itself. Pure: records in, text out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from statistics import mean

from newshouse.quality.cards import WEIGHTS, Card
from newshouse.quality.incidents import Incident
from newshouse.records import CheckResult

_DAYS = 30  # of a line of scores
_GOOD, _FAIR = 85.0, 70.0
_WIDTH, _HEIGHT = 120, 28  # of a line of scores, CSS pixels
_MOST_CHECKS = 200  # failing checks that are listed; the table `checks` has all
_LEVELS = ("critical", "warning", "info")


def page(
    run_id: str, now: datetime, cards: Sequence[Card], incidents: Sequence[Incident], checks: Sequence[CheckResult]
) -> str:
    """The whole page.

    Args:
        now: UTC, the end of the day that was judged.
        cards: of this run and of the runs before, in any order.
        incidents: all.
        checks: of this run.
    """
    history: dict[str, list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: card.scored_at):
        history[card.source_id].append(card)
    today = [line[-1] for line in history.values() if line[-1].run_id == run_id]
    body = "\n".join(
        [
            f"<h1>How far the news of {now:%d %B %Y} can be trusted</h1>",
            f'<p class="soft">Run <code>{escape(run_id)}</code>, judged at {now:%Y-%m-%d %H:%M} UTC. '
            "All of it is in the tables <code>scorecards</code>, <code>incidents</code> and <code>checks</code>.</p>",
            _facts(today, incidents, checks),
            "<h2>Incidents</h2>",
            _incidents(incidents),
            "<h2>Sources</h2>",
            _sources(sorted(today, key=lambda card: (card.score is None, card.score, card.source_id)), history),
            "<h2>Checks that fail</h2>",
            _checks(checks),
        ]
    )
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Newshouse, quality of {escape(run_id)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _facts(today: Sequence[Card], incidents: Sequence[Incident], checks: Sequence[CheckResult]) -> str:
    scores = [card.score for card in today if card.score is not None]
    lasting = [incident for incident in incidents if incident.lasts]
    facts = (
        (f"{mean(scores):.0f}" if scores else "none", "mean score"),
        (str(sum(card.articles for card in today)), "new articles"),
        (str(len(today)), "sources judged"),
        (str(sum(bool(card.slo_missed) for card in today)), "miss a target"),
        (str(len(lasting)), "incidents open"),
        (f"{sum(c.status != 'pass' for c in checks)} of {len(checks)}", "checks fail"),
    )
    return '<ul class="facts">' + "".join(f"<li><b>{value}</b>{name}</li>" for value, name in facts) + "</ul>"


def _incidents(incidents: Sequence[Incident]) -> str:
    lasting = sorted((i for i in incidents if i.lasts), key=lambda i: (_LEVELS.index(i.severity), i.opened_at))
    if not lasting:
        return '<p class="good">None.</p>'
    rows = (
        (
            f'<span class="{_level(one.severity)}">{escape(one.severity)}</span>',
            escape(one.source_id or "all sources"),
            escape(one.cause),
            f"{one.opened_at:%Y-%m-%d}",
            escape(one.status),
            escape(one.summary),
            f"<code>{escape(one.incident_id[:8])}</code>",
        )
        for one in lasting
    )
    return _table(("severity", "source", "cause", "since", "status", "found", "id"), rows)


def _sources(today: Sequence[Card], history: dict[str, list[Card]]) -> str:
    if not today:
        return "<p>No source was asked in the last 24 hours.</p>"
    rows = (
        (
            escape(card.source_id),
            f'<b class="{_colour(card.score)}">{_number(card.score)}</b>',
            _line([one.score for one in history[card.source_id][-_DAYS:]], card.source_id),
            *(_bar(getattr(card, name), name) for name in WEIGHTS),
            f"{card.articles}" + ("" if card.expected_articles is None else f" of {card.expected_articles:.0f}"),
            escape("; ".join(card.slo_missed)),
        )
        for card in today
    )
    return _table(("source", "score", f"last {_DAYS} runs", *WEIGHTS, "articles", "targets missed"), rows)


def _checks(checks: Sequence[CheckResult]) -> str:
    failing = [check for check in checks if check.status != "pass"]
    if not failing:
        return '<p class="good">None.</p>'
    failing.sort(key=lambda check: (_LEVELS.index(check.severity), check.source_id or "", check.check_name))
    rows = (
        (
            f'<span class="{_level(check.severity)}">{escape(check.severity)}</span>',
            escape(check.source_id or "batch " + check.batch),
            escape(check.check_name),
            escape(check.suite.replace("_", " ")),
            "" if check.value is None else f"{check.value:.4g}",
            escape(check.threshold or ""),
            escape(check.detail or ""),
        )
        for check in failing[:_MOST_CHECKS]
    )
    more = f'<p class="soft">And {len(failing) - _MOST_CHECKS} more.</p>' if len(failing) > _MOST_CHECKS else ""
    return _table(("severity", "source", "check", "suite", "measured", "expected", "more"), rows) + more


def _table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def _line(scores: Sequence[float | None], name: str) -> str:
    """The scores as a line from 0 to 100; where there is none, the line has a gap."""
    step = _WIDTH / max(len(scores) - 1, 1)
    points = [
        None if score is None else f"{place * step:.1f},{_HEIGHT - 2 - score / 100 * (_HEIGHT - 4):.1f}"
        for place, score in enumerate(scores)
    ]
    parts: list[list[str]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    drawn = "".join(f'<polyline class="line" points="{" ".join(part)}"/>' for part in parts if len(part) > 1)
    last = next((point for point in reversed(points) if point), None)
    x, _, y = (last or "").partition(",")
    mark = f'<circle class="mark" cx="{x}" cy="{y}" r="2"/>' if last else ""
    shown = ", ".join(_number(score) or "none" for score in scores)
    return (
        f'<svg width="{_WIDTH + 4}" height="{_HEIGHT}" viewBox="-2 0 {_WIDTH + 4} {_HEIGHT}" role="img" '
        f'aria-label="Scores of {escape(name)}, oldest first: {shown}">'
        f'<line class="grid" x1="0" y1="{_HEIGHT - 2}" x2="{_WIDTH}" y2="{_HEIGHT - 2}"/>{drawn}{mark}</svg>'
    )


def _bar(value: float | None, name: str) -> str:
    if value is None:
        return '<span class="soft">–</span>'
    width = min(max(value, 0.0), 100.0) * 0.6
    return (
        f'<span class="{_colour(value)}"><svg width="60" height="8" role="img" aria-label="{name} {value:.0f} of 100">'
        f'<rect class="track" width="60" height="8"/><rect class="mark" width="{width:.1f}" height="8"/></svg>'
        f"{value:.0f}</span>"
    )


def _colour(value: float | None) -> str:
    if value is None:
        return "soft"
    return "good" if value >= _GOOD else "fair" if value >= _FAIR else "bad"


def _level(severity: str) -> str:
    return {"critical": "bad", "warning": "fair"}.get(severity, "soft")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
