from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from newshouse.launcher import children as module
from newshouse.launcher.children import children

PATIENCE_SECONDS = 20.0
SLEEPER = "import time; time.sleep(60)"
# As Airflow's task runner does: a grandchild in a process group of its own.
PARENT = f"""
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], process_group=0)
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text(str(1))
time.sleep(60)
"""
LAUNCHER = f"""
import os, pathlib, sys, time
from newshouse.launcher.children import children
with children(os.environ) as family:
    child = family.start("sleeper", [sys.executable, "-c", {SLEEPER!r}], pathlib.Path(os.devnull))
    pathlib.Path(sys.argv[1]).write_text(str(child.pid))
    time.sleep(60)
"""


# Three children that take a while to end, as Airflow's parts do.
SLOW = """
import pathlib, signal, sys, time
up = pathlib.Path(sys.argv[1])
signal.signal(signal.SIGTERM, lambda *_: (up.with_suffix(".told").touch(), time.sleep(1), sys.exit()))
up.write_text("1")
while True:
    time.sleep(0.1)
"""
SLOW_LAUNCHER = f"""
import os, pathlib, sys, time
from newshouse.launcher.children import children
folder = pathlib.Path(sys.argv[1])
with children(os.environ) as family:
    pids = []
    for number in range(3):
        command = [sys.executable, "-c", {SLOW!r}, str(folder / f"{{number}}.up")]
        child = family.start(str(number), command, folder / "log")
        pids.append(str(child.pid))
    (folder / "pids").write_text(" ".join(pids))
    time.sleep(60)
"""


def wait_for(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def written(path: Path) -> int:
    wait_for(lambda: path.exists() and path.read_text())
    return int(path.read_text())


def test_what_a_child_has_started_goes_with_it(tmp_path: Path) -> None:
    with children(os.environ) as family:
        child = family.start("parent", [sys.executable, "-c", PARENT, str(tmp_path / "pid")], tmp_path / "log")
        grandchild = written(tmp_path / "pid")
        assert os.getpgid(grandchild) != os.getpgid(child.pid)
    wait_for(lambda: not psutil.pid_exists(grandchild))
    assert not psutil.pid_exists(child.pid)


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.3)
    with children(os.environ) as family:
        child = family.start("stubborn", [sys.executable, "-c", STUBBORN, str(tmp_path / "ready")], tmp_path / "log")
        written(tmp_path / "ready")
    assert child.returncode == -signal.SIGKILL


def test_an_error_in_the_block_stops_the_children_and_passes_on(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), children(os.environ) as family:
        child = family.start("sleeper", [sys.executable, "-c", SLEEPER], tmp_path / "log")
        _ = 1 / 0
    assert child.returncode is not None


def test_a_child_that_ends_by_itself_is_named_and_its_words_are_in_the_log(tmp_path: Path) -> None:
    with children(os.environ) as family:
        family.start("sleeper", [sys.executable, "-c", SLEEPER], tmp_path / "sleeper.log")
        family.start("brief", [sys.executable, "-c", "print('farewell')"], tmp_path / "brief.log")
        wait_for(family.dead)
        assert family.dead() == "brief"
    assert (tmp_path / "brief.log").read_text() == "farewell\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_launcher_stops_its_children(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(tmp_path / "pid")], stderr=subprocess.DEVNULL
    ) as launcher:
        child = written(tmp_path / "pid")
        launcher.send_signal(number)
        launcher.wait(PATIENCE_SECONDS)
    assert not psutil.pid_exists(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_impatient_second_signal_leaves_nothing_alive(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW_LAUNCHER, str(tmp_path)], stderr=subprocess.DEVNULL) as launcher:
        wait_for(lambda: len(list(tmp_path.glob("*.up"))) == 3 and (tmp_path / "pids").exists())
        launcher.send_signal(number)
        wait_for(lambda: list(tmp_path.glob("*.told")))
        for _ in range(5):
            launcher.send_signal(number)
            time.sleep(0.02)
        launcher.wait(PATIENCE_SECONDS)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []


def test_all_children_are_asked_to_end_before_any_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.5)  # shorter than any of them takes to end
    with children(os.environ) as family:
        for name in ("a", "b", "c"):
            family.start(name, [sys.executable, "-c", SLOW, str(tmp_path / f"{name}.up")], tmp_path / "log")
        wait_for(lambda: len(list(tmp_path.glob("*.up"))) == 3)
        signalled = _record_signals(monkeypatch)
    assert signalled[:3] == [signal.SIGTERM] * 3


def _record_signals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sent: list[int] = []
    send = psutil.Process.send_signal
    monkeypatch.setattr(
        psutil.Process, "send_signal", lambda process, number: (sent.append(number), send(process, number))
    )
    return sent


def test_a_child_stays_listed_while_anything_of_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.0)
    with children(os.environ) as family:
        child = family.start("parent", [sys.executable, "-c", PARENT, str(tmp_path / "pid")], tmp_path / "log")
        written(tmp_path / "pid")
        monkeypatch.setattr(psutil.Process, "send_signal", lambda *_: None)
        family.stop()
        assert family.running == {"parent": child}
        monkeypatch.undo()
    assert family.running == {}
