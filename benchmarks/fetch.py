"""`make bench-fetch`: pages a second and core, beside plain `requests` in a thread pool and Scrapy.

Same pages from loopback, same concurrency, no pauses. Scrapy comes into a virtual environment that is thrown away.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from machine import described

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "fetch.md"
NAMES = {
    "newshouse": "Newshouse: robots.txt, limits, WARC of request and response, journal",
    "scrapy": "Scrapy: robots.txt, nothing kept",
    "scrapy_and_warcio": "Scrapy, responses into WARC by warcio",
    "plain_requests": "requests in a thread pool, nothing kept",
    "requests_and_warcio": "requests in a thread pool, responses into WARC by warcio",
}


@contextmanager
def web(hosts: int) -> Iterator[int]:
    """Serve the pages in a process of its own. Gives the port."""
    command = [sys.executable, str(HERE / "fetch_web.py"), str(hosts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


@contextmanager
def scrapy_python(given: str | None) -> Iterator[str]:
    """The Python that has Scrapy."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="scrapy-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "scrapy", "warcio"], check=True)
        yield python


def measure(python: str, name: str, *numbers: int) -> dict[str, Any]:
    """One run of one rival."""
    command = [python, str(HERE / "fetch_rivals.py"), name, *map(str, numbers)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    result: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return result


def report(runs: dict[str, list[dict[str, Any]]]) -> str:
    """The figures as Markdown: medians, and how they stand to ours."""
    rates = {name: statistics.median(run["pages"] / run["cpu"] for run in found) for name, found in runs.items()}
    lines = ["| | pages a second and core | Newshouse is | wall seconds |", "|---|---|---|---|"]
    for name, found in runs.items():
        wall = statistics.median(run["wall"] for run in found)
        ratio = rates["newshouse"] / rates[name]
        lines.append(f"| {NAMES[name]} | {rates[name]:.0f} | {ratio:.2f} x | {wall:.1f} |")
    return "\n".join(lines)


def main() -> int:
    """Measure the rivals in turns, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--hosts", type=int, default=32)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scrapy", help="a Python that has Scrapy and warcio (default: installed for this run)")
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {RESULT.name}")
    given = parser.parse_args()
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    with scrapy_python(given.scrapy) as other, web(given.hosts) as port:
        for _ in range(given.rounds):
            for name, found in runs.items():
                python = other if name.startswith("scrapy") else sys.executable
                found.append(measure(python, name, port, given.hosts, given.pages, given.threads))
                if found[-1]["pages"] != given.pages:
                    raise SystemExit(f"{name}: {found[-1]['pages']} of {given.pages} pages")
        versions = [sys.executable, "-c", "import scrapy; print(scrapy.__version__)"]
        version = subprocess.run([other, *versions[1:]], check=True, capture_output=True, text=True).stdout.strip()
    text = report(runs)
    print(text)
    if given.keep:
        machine = f"{described('requests', 'urllib3', 'warcio')}, scrapy {version}"
        size = f"{given.pages:,} pages of 60 kB (gzip on the wire) from {given.hosts} hosts, {given.threads} at a time"
        RESULT.write_text(
            f"# Throughput of the fetcher\n\n`make bench-fetch`: {size}, no pauses, all on loopback; "
            f"medians of {given.rounds} rounds in turns. CPU time is that of the fetching process alone, "
            f"after its imports.\nMeasured on {machine}.\n\n{text}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
