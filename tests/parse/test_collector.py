"""The search for cyclic garbage rests while a page is read, and goes on afterwards."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from parse_pages import CAPTURED, URL, ld, page

from newshouse.parse.collector import paused_collector
from newshouse.parse.page import parse_page


@pytest.fixture(autouse=True)
def running_collector():
    gc.enable()
    yield
    gc.enable()


def test_the_collector_rests_inside_and_runs_afterwards_even_after_an_error():
    with pytest.raises(ValueError, match="broken"), paused_collector():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_somebody_switched_off_stays_off():
    gc.disable()
    with paused_collector():
        pass
    assert not gc.isenabled()


def test_the_collector_runs_again_once_the_last_thread_is_done():
    first, second = paused_collector(), paused_collector()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_collector_that_was_running_runs_after_any_order_of_threads():
    def read_pages() -> None:
        for _ in range(200):
            with paused_collector():
                assert not gc.isenabled()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            with ThreadPoolExecutor(4) as pool:
                for done in [pool.submit(read_pages) for _ in range(4)]:
                    done.result(timeout=30)
            assert gc.isenabled()
    finally:
        sys.setswitchinterval(interval)


def test_a_page_leaves_no_cycles_behind():
    body = page(jsonld=ld(datePublished="2026-07-04T08:15:00Z"))
    parse_page(body, URL, CAPTURED, {})
    gc.collect()
    gc.disable()
    for _ in range(3):
        parse_page(body, URL, CAPTURED, {})
    assert gc.collect() == 0
