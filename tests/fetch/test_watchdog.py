from __future__ import annotations

import os
import threading

from newshouse.fetch.watchdog import Watchdog


def test_what_takes_too_long_is_cut() -> None:
    cut = threading.Event()
    with Watchdog().limit(0.01, cut.set):
        assert cut.wait(5)


def test_what_ends_in_time_is_left_alone() -> None:
    cut = threading.Event()
    watchdog = Watchdog()
    with watchdog.limit(0.05, cut.set):
        pass
    with watchdog.limit(0.1, threading.Event().set):
        assert not cut.wait(0.2)


def test_a_shorter_limit_that_comes_later_is_kept_first() -> None:
    watchdog, long, short = Watchdog(), threading.Event(), threading.Event()
    with watchdog.limit(60, long.set), watchdog.limit(0.01, short.set):
        assert short.wait(5)
        assert not long.is_set()


def test_one_thread_watches_all() -> None:
    watchdog = Watchdog()
    before = threading.active_count()
    events = [threading.Event() for _ in range(20)]
    for event in events:
        with watchdog.limit(60, event.set):
            assert threading.active_count() <= before + 1


def test_it_watches_in_a_forked_process_as_well() -> None:
    watchdog = Watchdog()
    with watchdog.limit(60, threading.Event().set):
        pass
    child = os.fork()
    if child == 0:
        try:
            cut = threading.Event()
            with watchdog.limit(0.01, cut.set):
                os._exit(0 if cut.wait(5) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
