"""Where results and messages go: standard output for what was asked for, standard error for everything for the eye."""

from __future__ import annotations

import sys

from rich.console import Console

_UNBROKEN = 1000  # characters: in a file or a pipe an address or a sentence stays on one line, for grep and the like

OUT = Console(highlight=False, width=None if sys.stdout.isatty() else _UNBROKEN)
ERR = Console(stderr=True, highlight=False)
