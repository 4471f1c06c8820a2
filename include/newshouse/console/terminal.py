"""Where results and messages go: standard output for what was asked for, standard error for everything for the eye."""

from __future__ import annotations

from rich.console import Console

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)
