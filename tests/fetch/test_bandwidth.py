from __future__ import annotations

import pytest

from newshouse.errors import ConfigError
from newshouse.fetch.bandwidth import Bandwidth
from newshouse.settings import Settings


def test_bytes_are_paid_for_before_the_next_request(time_) -> None:
    bandwidth = Bandwidth(100, None, time_.sleep, time_)
    bandwidth.wait()
    bandwidth.took(250)
    bandwidth.wait()
    bandwidth.took(50)
    time_.seconds += 0.2
    bandwidth.wait()
    assert time_.slept == [2.5, 0.3]


def test_time_in_which_nothing_came_is_not_saved_up(time_) -> None:
    bandwidth = Bandwidth(100, None, time_.sleep, time_)
    time_.seconds += 3600
    bandwidth.took(100)
    bandwidth.wait()
    assert time_.slept == [1.0]


def test_without_a_limit_nothing_waits(time_) -> None:
    bandwidth = Bandwidth(0, None, time_.sleep, time_)
    bandwidth.took(10**12)
    bandwidth.wait()
    assert time_.slept == []


def test_all_processes_share_the_limit(tmp_path, time_) -> None:
    """Each batch is a process with an object of its own; they meet at the file only."""
    one, other = (Bandwidth(100, tmp_path / "locks" / "bandwidth", time_.sleep, time_) for _ in range(2))
    one.took(200)
    other.took(300)
    one.wait()
    assert sum(time_.slept) == pytest.approx(5.0)


def test_a_clock_that_was_wrong_stops_nobody_for_more_than_an_hour(tmp_path, time_) -> None:
    path = tmp_path / "bandwidth"
    time_.seconds = 10**9
    Bandwidth(100, path, time_.sleep, time_).took(100)
    time_.seconds = 1000.0

    def sleep(seconds: float) -> None:
        assert len(time_.slept) < 9, "waits for ever"
        time_.sleep(seconds)

    late = Bandwidth(100, path, sleep, time_)
    late.wait()
    assert time_.slept == [3600.0]
    late.took(100)
    Bandwidth(100, path, sleep, time_).wait()
    assert time_.slept == [3600.0, 1.0]


def test_the_limit_holds_over_all_hosts(site, other_site, make_fetcher, source, respond, time_) -> None:
    site.routes["/a"] = other_site.routes["/a"] = respond(b"x" * 1000)
    fetcher = make_fetcher(max_bytes_a_second=500)
    for place in (site, other_site):
        for purpose in ("page", "feed"):  # the second time from another purpose, so that it is asked for again
            fetcher.get(f"{place.url}/a", source=source, purpose=purpose)
    assert sum(time_.slept) >= 3 * 1000 / 500


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ConfigError, match="NEWSHOUSE_MAX_BYTES_A_SECOND=-1: must be 0"):
        Settings(max_bytes_a_second=-1)
