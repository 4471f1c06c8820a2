"""The process that carries a decision out: `python -m newshouse.dashboard.carrying FILE`. See `decisions.py`."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any


def main(path: Path) -> None:
    """Do what the first line of the file says, and add a line an outcome and one for the end to it."""
    order = read(path)[0][0]
    signal.alarm(order["longest_seconds"])  # the kernel ends it also where Python hangs, and with nobody watching
    tell(path, {"end": _carried_out(path, order)})


def _carried_out(path: Path, order: dict[str, Any]) -> str | None:
    """Why it ended before it was done; None if it is done, and published."""
    try:
        from newshouse.quality.quarantine import carry_out  # noqa: PLC0415 -- seconds, and it may fail
        from newshouse.settings import Settings  # noqa: PLC0415

        given = (Settings.from_env(), order["ids"], order["action"])
        for outcome in carry_out(*given, who=order["who"], why=order["why"] or None):
            tell(path, outcome.plain())
    except Exception as error:  # noqa: BLE001 -- whatever it was, whoever waits for it is told
        return str(error) or repr(error)
    return None


def tell(path: Path, what: dict[str, Any]) -> None:
    """Add a line, in one piece. It begins on a line of its own, whatever a library wrote before it."""
    with path.open("ab", buffering=0) as file:
        file.write(f"\n{json.dumps(what)}\n".encode())


def read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """What was told so far, and what libraries wrote between."""
    told, talk = [], []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]:  # the last one is not finished
        try:
            told.append(dict(json.loads(line)))
        except (ValueError, TypeError):
            talk += [line.strip()] if line.strip() else []
    return told, talk


if __name__ == "__main__":
    main(Path(sys.argv[1]))
