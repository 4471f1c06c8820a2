"""How a stage tells how far it is: called with (done, total) after each item. Whoever listens draws the bar."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
