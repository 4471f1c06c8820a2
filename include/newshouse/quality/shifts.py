"""What the articles of a day are like, against those of the days before: empty pages, lost fields, other origins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log, sqrt

from newshouse.quality.finding import Finding
from newshouse.quality.history import COLUMNS, FIELDS, ORIGINS, Counts, Day
from newshouse.quality.robust import FEWEST_ROWS, Share, number_shift, share_shift

RECENT_DAYS = 14
_EMPTY_RISE = 0.2
_REJECTED_RISE = 0.3
_NULL_RISE = 0.15
_COPIES_RISE = 0.2
_ORIGIN_SHIFT = 0.3
_COLUMN_SHIFT = 0.4
_SHARE_WITHOUT_PAST = 0.5
_LENGTH_FACTOR = 1.6
_LOG_LENGTHS = 0.8  # standard deviation of the logarithm of an article's length, of most publishers
_ERROR_OF_A_MEDIAN = 1.2533  # times that of a mean (normal distribution)
_NEW_PROVENANCE = 0.5


def parser_shares(today: Day, past: Sequence[Day]) -> list[Finding]:
    """Pages without text, and pages dropped at all. A paywall is the publisher's will and counts in neither."""
    return [
        _dropped("empty_share", "critical", today, past, lambda day: day.empty, _EMPTY_RISE),
        _dropped("rejected_share", "warning", today, past, lambda day: day.rejected - day.paywalled, _REJECTED_RISE),
    ]


def _dropped(
    check: str, severity: str, today: Day, past: Sequence[Day], count: Callable[[Day], int], least: float
) -> Finding:
    share, *before = (Share(count(day), day.pages - day.paywalled) for day in (today, *past))
    shift = share_shift(share, before, least)
    limit = min(shift.limits[1], 1.0) if shift else _SHARE_WITHOUT_PAST
    too_few = share.rows < FEWEST_ROWS
    detail = f"too few pages to judge: {share.rows}" if too_few else None
    passed = too_few or share.value <= limit
    threshold = f"at most {100 * limit:.0f} % of pages"
    value = None if too_few else 100 * share.value
    return Finding(check, severity, passed, value, threshold, share.hits, share.rows, detail)


def null_rates(today: Day, past: Sequence[Day]) -> Iterator[Finding]:
    """Only a rise counts: a field that appears is good news."""
    for place, name in enumerate(FIELDS):
        share, *before = (Share(day.absent[place], day.articles) for day in (today, *past))
        yield _risen(f"{name}_null_rate", share, before, _NULL_RISE)


def duplicate_share(today: Day, past: Sequence[Day]) -> Finding:
    """Articles whose body was there before."""
    share, *before = (Share(day.copies, day.articles) for day in (today, *past))
    return _risen("duplicate_share", share, before, _COPIES_RISE)


def _risen(check: str, share: Share, before: Sequence[Share], least: float) -> Finding:
    shift = share_shift(share, before, least)
    if shift is None:
        return _silent(check, share)
    limit = min(shift.limits[1], 1.0)
    threshold = f"at most {100 * limit:.0f} % of new articles, {100 * shift.expected:.0f} % expected"
    return Finding(check, "warning", shift.moved <= 0, 100 * share.value, threshold, share.hits, share.rows)


def field_origins(today: Day, past: Sequence[Day]) -> Finding:
    """The origin that most values of a field had: from another one, they may be other values."""
    worst: tuple[float, Finding] | None = None
    for place, name in enumerate(ORIGINS):
        usual = _most_common(day.origins[place] for day in past)
        share, *before = (Share(d.origins[place].get(usual, 0), sum(d.origins[place].values())) for d in (today, *past))
        shift = share_shift(share, before, _ORIGIN_SHIFT)
        if shift is None:
            continue
        lost = shift.limits[0] - share.value
        threshold = (
            f"at least {100 * max(shift.limits[0], 0):.0f} % from {usual}, {100 * shift.expected:.0f} % expected"
        )
        found = Finding(
            "field_origin", "warning", lost <= 0, 100 * share.value, threshold, share.hits, share.rows, name
        )
        if worst is None or lost > worst[0]:
            worst = lost, found
    return worst[1] if worst else _silent("field_origin", Share(0, today.articles))


def columns_filled(today: Day, past: Sequence[Day]) -> Finding:
    """Schema drift of the publisher: optional fields that its pages stop or begin to give."""
    moved, rows = [], today.articles
    judged = 0
    for place, name in enumerate(COLUMNS):
        share, *before = (Share(day.filled[place], day.articles) for day in (today, *past))
        shift = share_shift(share, before, _COLUMN_SHIFT)
        judged += shift is not None
        if shift is not None and shift.moved:
            moved.append(f"{name} {100 * share.value:.0f} % ({100 * shift.expected:.0f} % expected)")
    if not judged:
        return _silent("columns_filled", Share(0, rows))
    threshold = "every optional field filled as often as usual"
    return Finding("columns_filled", "warning", not moved, len(moved), threshold, detail=", ".join(moved) or None)


def length(today: Day, past: Sequence[Day]) -> Finding:
    """The median length of an article."""
    if today.articles < FEWEST_ROWS or not today.words:
        return _silent("length", Share(0, today.articles))
    before = [log(day.words) for day in past if day.words and day.articles >= FEWEST_ROWS / 2]
    error = _ERROR_OF_A_MEDIAN * _LOG_LENGTHS / sqrt(today.articles)
    shift = number_shift(log(today.words), before, log(_LENGTH_FACTOR), error)
    if shift is None:
        return _silent("length", Share(0, today.articles))
    low, high, expected = (2.718281828**value for value in (*shift.limits, shift.expected))
    threshold = f"median of {low:.0f} to {high:.0f} words, {expected:.0f} expected"
    return Finding("length", "warning", not shift.moved, today.words, threshold, rows=today.articles)


def provenance(today: Day, past: Sequence[Day]) -> Finding:
    """Articles in which the parser found other things in other places than in all the days before."""
    known = set().union(*(day.provenances for day in past))
    new = Share(_outside(today.provenances, known), today.articles)
    usual = [_newness(place, past) for place in range(len(past))]
    shift = share_shift(new, usual, _NEW_PROVENANCE)
    if shift is None:
        return _silent("provenance", new)
    threshold = f"at most {100 * min(shift.limits[1], 1.0):.0f} % of articles put together in a new way"
    return Finding("provenance", "warning", shift.moved <= 0, 100 * new.value, threshold, new.hits, new.rows)


def _newness(place: int, past: Sequence[Day]) -> Share:
    """The share of a past day's articles that are like none of the other days."""
    known = set().union(*(day.provenances for other, day in enumerate(past) if other != place))
    return Share(_outside(past[place].provenances, known), past[place].articles)


def _outside(counts: Counts, known: set[str]) -> int:
    return sum(count for name, count in counts.items() if name not in known)


def _most_common(counts: Iterator[Counts]) -> str:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total.most_common(1)[0][0] if total else ""


def _silent(check: str, share: Share) -> Finding:
    detail = f"too few articles to judge: {share.rows} today"
    return Finding(check, "warning", True, None, "as usual for this source", share.hits, share.rows, detail)
