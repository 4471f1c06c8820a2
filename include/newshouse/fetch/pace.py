"""How a lane adapts to its host: slower when the host is slow or says that it is too much, back when it recovers.

Pure. The pause that the source or robots.txt asks for is the least; nothing here ever shortens it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SLOWEST_SECONDS = 60.0
_RECOVERED_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """What a lane has learned.

    Attributes:
        latency_seconds: how long the host takes to answer; half of it is the last answer.
        strain_seconds: added to each pause since the host showed strain; halved by each good answer.
    """

    latency_seconds: float = 0.0
    strain_seconds: float = 0.0

    def pause_seconds(self, delay_seconds: float) -> float:
        """The pause before the next request: at least what was asked for, at least as long as an answer takes.

        A delay of nothing says that politeness is off (a benchmark, one's own server): then latency counts for nothing.
        """
        usual = max(delay_seconds, min(self.latency_seconds, SLOWEST_SECONDS)) if delay_seconds > 0 else 0.0
        return usual + self.strain_seconds

    def after(self, seconds: float, *, strained: bool, step_seconds: float) -> Pace:
        """What is known after one more answer.

        Args:
            seconds: that it took.
            strained: 429, 503 or a time-out.
            step_seconds: the first slow-down; it doubles with each further one.
        """
        learned = replace(self, latency_seconds=(self.latency_seconds + seconds) / 2)
        if strained:
            return replace(learned, strain_seconds=min(max(2 * self.strain_seconds, step_seconds), SLOWEST_SECONDS))
        eased = self.strain_seconds / 2
        return replace(learned, strain_seconds=eased if eased > _RECOVERED_SECONDS else 0.0)
