"""Layout drift: the pages of a source are made another way than they were, whether or not the parser still reads them.

What the parser found where is another matter (`shifts.provenance`): a redesign may leave that alone, and a lost meta
element changes it without any redesign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from newshouse.quality.finding import Finding
from newshouse.quality.history import Day
from newshouse.quality.robust import FEWEST_ROWS, Share, at_most, share_shift

SETTLING_DAYS = 3
"""For so many days something new is new: then it is how the source is."""
_USUAL = 30  # one page in so many: a template that is tried on some readers, or last month's slip, is none of the usual
_TAKEN_OVER = 0.5  # two templates side by side are a trial, a live blog or a video; most pages at once are a redesign
_CHECK = "layout_drift"


def layout_drift(days: Sequence[Day]) -> Finding:
    """Whether pages of a make that was not usual have taken over. It fails until they are usual.

    A small source is judged by the days since the last change together, as far as they are needed.

    Args:
        days: of the last weeks, the latest first; only those on which the source was asked.
    """
    settled = days[SETTLING_DAYS:]
    usual = _usual(settled)
    makes = _enough([day.templates for day in days[:SETTLING_DAYS]])
    share, *before = (_share(counts, usual) for counts in (makes, *(day.templates for day in settled)))
    shift = share_shift(share, before, _TAKEN_OVER)
    if shift is None:
        few = f"too few pages to judge: {share.rows}"
        return Finding(_CHECK, "warning", True, None, "as usual for this source", detail=few)
    drifted = shift.moved < 0 and at_most(share) < 1 - _TAKEN_OVER  # of few pages, a trial may have most by chance
    threshold = f"at least {100 * shift.limits[0]:.0f} % of pages of the usual make"
    detail = _told(makes, settled, usual) if drifted else None
    return Finding(_CHECK, "warning", not drifted, 100 * share.value, threshold, share.hits, share.rows, detail)


def _usual(settled: Sequence[Day]) -> set[str]:
    total = _sum(day.templates for day in settled)
    return {name for name, count in total.items() if count * _USUAL >= total.total()}


def _enough(latest: Sequence[Mapping[str, int]]) -> Counter[str]:
    """Today's makes, with those of the days before where today alone is too little."""
    found = Counter[str]()
    for counts in latest:
        found.update(counts)
        if found.total() >= FEWEST_ROWS:
            break
    return found


def _share(counts: Mapping[str, int], usual: set[str]) -> Share:
    return Share(sum(count for name, count in counts.items() if name in usual), sum(counts.values()))


def _told(makes: Counter[str], settled: Sequence[Day], usual: set[str]) -> str:
    """Both makes by name, so that a person knows where to look in the page."""
    new = Counter({name: count for name, count in makes.items() if name not in usual})
    old = _sum(day.templates for day in settled)
    return f"now {new.most_common(1)[0][0]}, before {old.most_common(1)[0][0]}"


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter[str]()
    for one in counts:
        total.update(one)
    return total
