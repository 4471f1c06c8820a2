"""How long the server of the dashboard takes for each page, over a synthetic warehouse of a year.

    python benchmarks/dashboard.py 1000000 [--data FOLDER] [--write]

A page is asked for over loopback, until its last byte. "First" is the first request for it after a publish, when
nothing is remembered; "again" is the median of those that follow. CPU is that of the whole process, DuckDB's threads
included: on a busy machine it says more than the time.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import uvicorn

from dashboard_warehouse import make
from machine import described
from newshouse.dashboard.alone import HOST, alone, listen
from newshouse.dashboard.frame import Dashboard
from newshouse.dashboard.published import Published
from newshouse.layout import DataLayout
from newshouse.settings import Settings

ROUNDS = 5
BAR_MS = 300
TOKEN = "b" * 43
RESULTS = Path(__file__).parent / "results" / "dashboard.md"


def main() -> None:
    """Measure and print; with --write also into results/."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--data", type=Path, help="keep the warehouse here, and use it again")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        layout = DataLayout(arguments.data or Path(scratch))
        if not layout.database.exists():
            make(layout, arguments.size, datetime.now(UTC))
        lines = measure(layout)
    text = "\n".join(lines)
    print(text)
    if arguments.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


def measure(layout: DataLayout) -> list[str]:
    """The report, a line an item."""
    began = time.perf_counter()
    edition = Published(layout.database).edition()
    opening = time.perf_counter() - began
    rows = edition.rows("SELECT count(*) AS n FROM articles")[0]["n"]
    paths = _paths(edition)
    dashboard = Dashboard(Settings(data=layout.root))
    server, serving, address = _start(dashboard)
    _get(address, "/")
    figures = {name: _page(dashboard, address, path) for name, path in paths.items()}
    server.should_exit = True
    serving.join()
    slowest = max(first for first, _, _ in figures.values())
    dearest = max(cpu for _, _, cpu in figures.values())
    return [
        "# The dashboard's server",
        "",
        f"{rows:,} articles of a year, 45 sources. {described('duckdb', 'fastapi', 'uvicorn')}.",
        f"Load average while measuring: {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs.",
        f"After a publish the new edition is opened and counted once, in the background: {opening:.1f} s.",
        "",
        "| page | first, ms | again, ms | CPU of the first, ms |",
        "|---|---|---|---|",
        *(f"| {name} | {first:.0f} | {again:.0f} | {cpu:.0f} |" for name, (first, again, cpu) in figures.items()),
        "",
        f"Bar: {BAR_MS} ms for each page. Slowest: {slowest:.0f} ms, {'met' if slowest <= BAR_MS else 'NOT met'}; "
        f"most CPU: {dearest:.0f} ms.",
    ]


def _page(dashboard: Dashboard, address: tuple[str, int], path: str) -> tuple[float, float, float]:
    """Median of the first requests, of those that follow, and of the CPU time of the first: ms."""
    first, again, cpu = [], [], []
    for _ in range(ROUNDS):
        dashboard.published.edition().answers.clear()
        before = time.process_time()
        first.append(_get(address, path))
        cpu.append(1000 * (time.process_time() - before))
        again.append(_get(address, path))
    return median(first), median(again), median(cpu)


def _get(address: tuple[str, int], path: str) -> float:
    connection = http.client.HTTPConnection(*address, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    body = answer.read()
    took = 1000 * (time.perf_counter() - began)
    connection.close()
    if answer.status != 200 or not body:
        sys.exit(f"{path}: {answer.status}")
    return took


def _paths(edition: object) -> dict[str, str]:
    (article,) = edition.rows("SELECT article_id FROM articles ORDER BY published_at DESC LIMIT 1")  # type: ignore[attr-defined]
    (drop,) = edition.rows("SELECT rejection_id FROM rejections LIMIT 1")  # type: ignore[attr-defined]
    (run,) = edition.rows("SELECT max(run_id) AS run_id FROM memory.stages")  # type: ignore[attr-defined]
    today = datetime.now(UTC).date()
    year = f"from={today - timedelta(days=364)}&to={today}"
    return {
        "Today": "/",
        "Today, a year": f"/?{year}",
        "Sources": "/sources",
        "Sources, a year": f"/sources?{year}",
        "one source": "/sources/source-07",
        "one source, a year": f"/sources/source-07?{year}",
        "Checks": "/checks",
        "one check": "/checks/volume",
        "Rejections": "/rejections",
        "one rejection": f"/rejections/{drop['rejection_id']}",
        "Articles": "/articles",
        "Articles of one source": "/articles?source=source-07",
        "Articles, a year": f"/articles?{year}",
        "Articles, a word in titles": "/articles?q=ferry",
        "one article": f"/articles/{article['article_id']}",
        "Runs": "/runs",
        "one run": f"/runs/{run['run_id']}",
        "SQL": "/sql",
    }


def _start(dashboard: Dashboard) -> tuple[uvicorn.Server, threading.Thread, tuple[str, int]]:
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(alone(dashboard, TOKEN), log_level="warning", access_log=False))
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    thread.start()
    return server, thread, (HOST, listener.getsockname()[1])


if __name__ == "__main__":
    main()
