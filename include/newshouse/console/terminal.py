"""Where results and messages go: standard output for what was asked for, standard error for everything for the eye."""

from __future__ import annotations

import sys

from rich.console import Console

_UNBROKEN = 1000  # characters: in a file or a pipe an address or a sentence stays on one line, for grep and the like

_IS_TERMINAL = sys.stdout is not None and sys.stdout.isatty()  # None: it was closed, as daemons are begun with >&-

OUT = Console(highlight=False, width=None if _IS_TERMINAL else _UNBROKEN)
ERR = Console(stderr=True, highlight=False)
