"""Serve the sample newsroom in the foreground: ``python -m newshouse.sample --port 8790 --epoch 2026-11-19``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, date, datetime, timedelta

from newshouse.sample.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m newshouse.sample", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--epoch", type=date.fromisoformat, required=True, help="date of day 0, YYYY-MM-DD (UTC)")
    parser.add_argument("--clock-offset-seconds", type=float, default=0.0, help="added to the clock")
    given = parser.parse_args(arguments)
    offset = timedelta(seconds=given.clock_offset_seconds)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(given.epoch, lambda: datetime.now(UTC) + offset, given.port) as newsroom:
        sys.stdout.write(f"{newsroom.proxy_url}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
