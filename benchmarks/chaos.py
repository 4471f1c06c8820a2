"""`make chaos`: 10,000 URLs over 200 hostile hosts; then the same, killed with SIGKILL at 20 random moments.

Two batches work side by side, each a process, and redirects lead from the hosts of one to those of the other. Both are
killed at once. Checked: every candidate ends in one outcome, memory, that no host sees a request before its time (by
the server's own log), that nothing finished is asked for again after a kill and of each host at most the one URL that
was under way, and that the archive verifies. Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from chaos_fetch import PATIENCE_SECONDS
from machine import described
from newshouse.archive import journal
from newshouse.archive.verify import verify

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "chaos.md"
MAX_MB = 500
MIN_BEHAVIOURS = 60
DELAY_SECONDS = 0.05
BATCHES = 2


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


class Request(NamedTuple):
    """A line of the web's log. `run` is the process that asked, `told` the one that had heard of the pause."""

    host: str
    path: str
    run: str
    arrived: float
    early_seconds: float
    told: str
    pause_seconds: float
    behaviour: str


def start(trial: Trial, data: Path, proxy: str, name: str) -> list[subprocess.Popen[str]]:
    """Start or go on with the fetch stage of all batches."""
    options = {"data": data, "proxy": proxy, "urls": trial.urls, "hosts": trial.hosts, "delay": DELAY_SECONDS}
    options |= {"threads": trial.threads, "name": name, "batches": BATCHES}
    command = [sys.executable, str(HERE / "chaos_fetch.py")]
    command += [part for key, value in options.items() for part in (f"--{key}", str(value))]
    return [
        subprocess.Popen([*command, "--batch", str(batch)], stdout=subprocess.PIPE, text=True)
        for batch in range(BATCHES)
    ]


def journals(data: Path) -> list[Path]:
    """Of all batches, as far as they have begun."""
    return [path for batch in range(BATCHES) if (path := data / f"{batch}.journal.jsonl").exists()]


def finished(data: Path) -> set[str]:
    """URLs whose exchange a journal calls finished. Read as a crash left it: a torn last line does not count."""
    entries = [entry for path in journals(data) for entry in journal.read(path)]
    return {entry.capture.url for entry in entries if entry.capture.purpose == "article"}


def run(trial: Trial, folder: Path) -> dict[str, Any]:
    """Run it, kill it as often as wanted, and look at what is left."""
    data, log = folder / trial.name, folder / f"{trial.name}.log"
    dice = random.Random(trial.seed)
    done_at_kill: list[set[str]] = []
    with web(trial, log) as proxy:
        while len(done_at_kill) < trial.kills:
            processes = start(trial, data, proxy, str(len(done_at_kill)))
            _kill_at(processes, data, len(done_at_kill[-1]) if done_at_kill else 0, trial, dice)
            done_at_kill.append(finished(data))
        processes = start(trial, data, proxy, str(trial.kills))
        results = [json.loads(process.communicate(timeout=900)[0]) for process in processes]
    requests = [Request(*json.loads(line)) for line in log.read_text().splitlines()]
    early = [request for request in requests if request.early_seconds > 0]
    unheard = [request for request in early if _is_unheard(request)]
    archive = data / "archive"
    verdict = verify(archive, sorted(archive.glob("*/*.warc.gz")))
    return {
        "seconds": max(result["seconds"] for result in results),
        "peak_mb": max(result["peak_mb"] for result in results),
        "urls": sum(result["urls"] for result in results),
        "outcomes": sum((Counter(result["outcomes"]) for result in results), Counter()),
        "requests": len(requests),
        "behaviours": len({request.behaviour for request in requests}),
        "early": [request for request in early if request not in unheard],
        "unheard": len(unheard),
        "unheard_most": max(Counter((one.run, one.host) for one in unheard).values(), default=0),
        "again": _asked_again(requests, done_at_kill),
        "in_flight": _in_flight(requests),
        "records": verdict.records,
        "faults": len(verdict.faults),
        "kills": [len(done) for done in done_at_kill],
    }


def _is_unheard(request: Request) -> bool:
    """Whether nobody alive can know of the pause: its answer arrived at a process that was killed just then.

    Pauses that a fetcher waits for it must keep all the same; from the answer to this request it hears of a longer one.
    """
    return request.run != request.told and request.pause_seconds > PATIENCE_SECONDS


def _kill_at(
    processes: list[subprocess.Popen[str]], data: Path, before: int, trial: Trial, dice: random.Random
) -> None:
    """Kill them when they have done some more work, in the middle of whatever they do then."""
    share = trial.urls / (trial.kills + 1)
    goal = before + dice.uniform(0.2, 1.2) * share
    average = sum(path.stat().st_size for path in journals(data)) / before if before else 900.0
    until = time.monotonic() + 120
    while all(process.poll() is None for process in processes) and time.monotonic() < until:
        if sum(path.stat().st_size for path in journals(data)) / average >= goal:
            break
        time.sleep(0.01)
    time.sleep(dice.uniform(0, 0.05))
    for process in processes:
        if process.poll() is not None:
            raise SystemExit(f"{trial.name}: it ended (exit code {process.returncode}) before it could be killed.")
        process.kill()
    for process in processes:
        process.wait()


def _asked_again(requests: list[Request], done_at_kill: list[set[str]]) -> int:
    """Requests for a URL that an earlier process had finished."""
    return sum(f"http://{one.host}{one.path}" in done_at_kill[int(one.run) - 1] for one in requests if int(one.run) > 0)


def _in_flight(requests: list[Request]) -> Counter[tuple[str, str]]:
    """How many article URLs each process asked each host for that an earlier process had asked for: those under way."""
    asked: dict[tuple[str, str], set[str]] = defaultdict(set)
    again: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in requests:
        if one.path.startswith("/news/"):
            earlier = asked[one.host, one.path] - {one.run}
            if earlier and one.run not in asked[one.host, one.path]:
                again[one.run, one.host].add(one.path)
            asked[one.host, one.path].add(one.run)
    return Counter({key: len(paths) for key, paths in again.items()})


def problems(trial: Trial, found: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    rules = {
        "not every candidate has one outcome": found["urls"] == sum(found["outcomes"].values()) == trial.urls,
        f"more than {MAX_MB} MB": found["peak_mb"] < MAX_MB,
        f"fewer than {MIN_BEHAVIOURS} kinds of behaviour": found["behaviours"] >= min(MIN_BEHAVIOURS, trial.urls // 20),
        "a host saw a request early": not found["early"],
        "a finished URL was asked for again": found["again"] == 0,
        "a host was asked again for more than the one URL under way": max(found["in_flight"].values(), default=0) <= 1,
        "a host had to say more than once that it wants to be left alone": found["unheard_most"] <= 1,
        "the archive does not verify": found["faults"] == 0,
    }
    return [what for what, well in rules.items() if not well]


def report(trials: list[tuple[Trial, dict[str, Any]]]) -> str:
    """The figures as Markdown."""
    rows = [
        ("URLs, hosts, batches, threads of each", lambda t, _: f"{t.urls:,}, {t.hosts}, {BATCHES}, {t.threads}"),
        ("killed with SIGKILL, all batches at once", lambda t, _: f"{t.kills} times"),
        ("candidates with exactly one outcome", lambda _, f: f"{f['urls']:,}"),
        ("kinds of behaviour met", lambda _, f: f["behaviours"]),
        ("requests in the server's log", lambda _, f: f"{f['requests']:,}"),
        ("of them before the host's time", lambda _, f: len(f["early"])),
        ("the same, as a pause of an hour died with a killed process", lambda _, f: f["unheard"]),
        ("asked for again though finished", lambda _, f: f["again"]),
        ("asked for again because under way at a kill", lambda _, f: f"{f['in_flight'].total():,}"),
        ("of them most of one host at one kill", lambda _, f: max(f["in_flight"].values(), default=0)),
        ("WARC records, damaged", lambda _, f: f"{f['records']:,}, {f['faults']}"),
        ("peak memory of a batch (RSS)", lambda _, f: f"{f['peak_mb']:.0f} MB"),
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
