"""The gate of a host: all processes that ask it go through, one request at a time.

One task owns the hosts of its sources, but a redirect may lead to a host of another task, runs follow each other, and
processes die. So a small file a host says when it was last busy with us and from when on it may be asked again. It is
written before a request is sent as if the answer took as long as we let it and then wanted the longest pause that we
wait for, and put right when the answer is there: whoever comes after a crash keeps also the pause that nobody lived to
hear.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from newshouse.fetch.shared import SharedMoments

LONGEST_SECONDS = 86_400.0  # a host that asks for more, or a clock that was wrong, shuts nobody out for ever


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody left at the gate.

    Attributes:
        asked_seconds_ago: since the host was last asked; 0 when it may still have been answering.
        rest_seconds: until it may be asked again; 0 when it may.
    """

    asked_seconds_ago: float
    rest_seconds: float


def clear(gates: Path, before: float) -> list[str]:
    """Delete the files of hosts that nobody asked since; a gate that somebody is in stays.

    Args:
        gates: their folder.
        before: seconds since the epoch, more than `LONGEST_SECONDS` ago, so that what they say is over.

    Returns:
        Their names.

    Raises:
        StorageError: one cannot be deleted.
    """
    return [path.name for path in sorted(gates.glob("*")) if SharedMoments(path).delete(before)]


class Gate:
    """Used by one thread at a time.

    Args:
        path: its file; None where no other process can come, as in a simulation.
        clock: seconds since the epoch, the same in all processes.

    Raises:
        StorageError: from its methods, when the data folder cannot be written.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        self._moments, self._clock = SharedMoments(path), clock
        self._heard: tuple[float, ...] = ()

    def entered(self) -> AbstractContextManager[None]:
        """Keep all other processes out; waits while one of them is inside."""
        return self._moments.locked()

    def hear(self) -> Word | None:
        """What others, or we before a crash, left since we last looked; None when there is nothing new.

        Only while entered. So a request that was never answered died at the latest now, and its pause begins now.
        The same is right for a moment that is still to come because a clock ran ahead: it is put right for all.
        """
        moments = self._moments.read()
        if moments == self._heard or len(moments) != 2:
            return None
        self._heard = moments
        asked_at, opens_at = moments
        now = self._clock()
        if asked_at > now:
            self.leave(opens_at - asked_at)
            asked_at, opens_at = self._heard
        return Word(max(0.0, now - asked_at), min(max(0.0, opens_at - now), LONGEST_SECONDS))

    def leave(self, rest_seconds: float, busy_seconds: float = 0.0) -> None:
        """Say that the host is asked now, may be busy so long, and wants to rest afterwards. Only while entered."""
        done_at = self._clock() + busy_seconds
        self._heard = round(done_at, 6), round(done_at + min(max(0.0, rest_seconds), LONGEST_SECONDS), 6)
        self._moments.write(*self._heard)
