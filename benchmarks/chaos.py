"""`make chaos`: 10,000 URLs over 200 hostile hosts; then the same, killed with SIGKILL at 20 random moments.

Checked: every candidate ends in one outcome, memory, that no host sees a request before its time (by the server's own
log), that nothing finished is asked for again after a kill, and that the archive verifies. Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import described
from newshouse.archive import journal
from newshouse.archive.verify import verify

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "chaos.md"
MAX_MB = 500
DELAY_SECONDS = 0.05


@dataclass(frozen=True)
class Trial:
    """One run and what it must do.

    Attributes:
        name: of the run, and of its folder.
        kills: how often it is killed on the way.
    """

    name: str
    urls: int
    hosts: int
    threads: int
    kills: int
    seed: int


@contextmanager
def web(trial: Trial, log: Path) -> Iterator[str]:
    """Start the hostile web in a process of its own. Gives its proxy URL."""
    command = [sys.executable, HERE / "chaos_web.py", "--seed", trial.seed, "--delay", DELAY_SECONDS, "--log", log]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def start(trial: Trial, data: Path, proxy: str, name: str) -> subprocess.Popen[str]:
    """Start or go on with the fetch stage."""
    options = {"data": data, "proxy": proxy, "urls": trial.urls, "hosts": trial.hosts, "delay": DELAY_SECONDS}
    options |= {"threads": trial.threads, "name": name}
    command = [sys.executable, str(HERE / "chaos_fetch.py")]
    command += [part for key, value in options.items() for part in (f"--{key}", str(value))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(data: Path) -> set[str]:
    """URLs whose exchange the journal calls finished. Read as a crash left it: a torn last line does not count."""
    entries = [entry for entry in journal.read(data / "fetch.journal.jsonl") if isinstance(entry, journal.Entry)]
    return {entry.capture.url for entry in entries if entry.capture.purpose == "article"}


def waits(data: Path) -> set[str]:
    """Hosts that the journal knows to have asked for a pause."""
    return {entry.host for entry in journal.read(data / "fetch.journal.jsonl") if isinstance(entry, journal.Wait)}


def run(trial: Trial, folder: Path) -> dict[str, Any]:
    """Run it, kill it as often as wanted, and look at what is left."""
    data, log = folder / trial.name, folder / f"{trial.name}.log"
    dice = random.Random(trial.seed)
    done_at_kill: list[set[str]] = []
    waits_at_kill: list[set[str]] = []
    with web(trial, log) as proxy:
        while len(done_at_kill) < trial.kills:
            process = start(trial, data, proxy, str(len(done_at_kill)))
            _kill_at(process, data, len(done_at_kill[-1]) if done_at_kill else 0, trial, dice)
            done_at_kill.append(finished(data))
            waits_at_kill.append(waits(data))
        process = start(trial, data, proxy, str(trial.kills))
        output, _ = process.communicate(timeout=900)
    result: dict[str, Any] = json.loads(output)
    requests = [json.loads(line) for line in log.read_text().splitlines()]
    early = [request for request in requests if request[4] > 0]

    def known(request: list[Any]) -> bool:
        """Whether whoever asked could know of the wait; not if the answer arrived at a process that was just killed."""
        host, name, told = request[0], request[2], request[5]
        return name == told or host in waits_at_kill[int(told)]

    archive = data / "archive"
    verdict = verify(archive, sorted(archive.glob("*/*.warc.gz")))
    return result | {
        "requests": len(requests),
        "early": [request for request in early if known(request)],
        "unheard": sum(not known(request) for request in early),
        "again": _asked_again(requests, done_at_kill),
        "in_flight": _in_flight(requests),
        "records": verdict.records,
        "faults": len(verdict.faults),
        "kills": [len(done) for done in done_at_kill],
    }


def _kill_at(process: subprocess.Popen[str], data: Path, before: int, trial: Trial, dice: random.Random) -> None:
    """Kill it when it has done some more work, in the middle of whatever it does then."""
    path = data / "fetch.journal.jsonl"
    share = trial.urls / (trial.kills + 1)
    goal = before + dice.uniform(0.2, 1.2) * share
    average = path.stat().st_size / max(before, 1) if path.exists() and before else 900.0
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if path.exists() and path.stat().st_size / average >= goal:
            break
        time.sleep(0.01)
    time.sleep(dice.uniform(0, 0.05))
    if process.poll() is not None:
        raise SystemExit(f"{trial.name}: it ended (exit code {process.returncode}) before it could be killed.")
    process.kill()
    process.wait()


def _asked_again(requests: list[list[Any]], done_at_kill: list[set[str]]) -> int:
    """Requests for a URL that an earlier process had finished."""
    return sum(
        f"http://{host}{path}" in done_at_kill[int(name) - 1] for host, path, name, *_ in requests if int(name) > 0
    )


def _in_flight(requests: list[list[Any]]) -> int:
    """Article URLs that more than one process asked for: those in flight when one was killed."""
    by_url: dict[str, set[str]] = {}
    for host, path, name, *_ in requests:
        if path.startswith("/news/"):
            by_url.setdefault(f"{host}{path}", set()).add(name)
    return sum(len(names) - 1 for names in by_url.values())


def problems(trial: Trial, found: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    rules = {
        "not every candidate has one outcome": found["urls"] == sum(found["outcomes"].values()) == trial.urls,
        f"more than {MAX_MB} MB": found["peak_mb"] < MAX_MB,
        "a host saw a request early": not found["early"],
        "a finished URL was asked for again": found["again"] == 0,
        "more URLs asked for twice than were in flight": found["in_flight"] <= trial.kills * trial.threads,
        "the archive does not verify": found["faults"] == 0,
    }
    return [what for what, well in rules.items() if not well]


def report(trials: list[tuple[Trial, dict[str, Any]]]) -> str:
    """The figures as Markdown."""
    rows = [
        ("URLs, hosts, threads", lambda t, _: f"{t.urls:,}, {t.hosts}, {t.threads}"),
        ("killed with SIGKILL", lambda t, _: f"{t.kills} times"),
        ("candidates with exactly one outcome", lambda _, f: f"{f['urls']:,}"),
        ("requests in the server's log", lambda _, f: f"{f['requests']:,}"),
        ("of them before the host's time", lambda _, f: len(f["early"])),
        ("the same, as the answer died with a killed process", lambda _, f: f["unheard"]),
        ("asked for again though finished", lambda _, f: f["again"]),
        ("asked for again because in flight at a kill", lambda _, f: f["in_flight"]),
        ("WARC records, damaged", lambda _, f: f"{f['records']:,}, {f['faults']}"),
        ("peak memory (RSS)", lambda _, f: f"{f['peak_mb']:.0f} MB"),
        ("seconds (last process)", lambda _, f: f"{f['seconds']:.0f}"),
    ]
    lines = ["| | " + " | ".join(trial.name for trial, _ in trials) + " |", "|---" * (len(trials) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(str(cell(*trial)) for trial in trials) + " |" for name, cell in rows]
    outcomes: Counter[str] = Counter(trials[0][1]["outcomes"])
    lines += ["", f"Outcomes ({trials[0][0].name}): " + ", ".join(f"{n} {c:,}" for n, c in outcomes.most_common())]
    return "\n".join(lines)


def main() -> int:
    """Run both trials, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--threads", type=int, default=48)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {RESULT.name}")
    given = parser.parse_args()
    sizes = given.urls, given.hosts, given.threads
    trials = [Trial("undisturbed", *sizes, 0, given.seed), Trial("killed", *sizes, given.kills, given.seed + 1)]
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        found = [(trial, run(trial, Path(folder))) for trial in trials]
    text = report(found)
    print(text)
    wrong = [f"{trial.name}: {problem}" for trial, result in found for problem in problems(trial, result)]
    print("\n".join(wrong) or "All as it must be.")
    if given.keep and not wrong:
        head = "# Chaos: a hostile web of 200 hosts\n\n`make chaos`, measured on "
        RESULT.write_text(f"{head}{described('requests', 'urllib3')}.\n\n{text}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
