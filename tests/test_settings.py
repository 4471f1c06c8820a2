from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newshouse.errors import ConfigError
from newshouse.settings import SAMPLE_SOURCES, Settings, secret


def test_an_empty_environment_gives_the_laptop_defaults() -> None:
    settings = Settings.from_env({})

    assert settings.sources == SAMPLE_SOURCES
    assert settings.proxy is None


def test_values_are_read_by_type() -> None:
    env = {"NEWSHOUSE_DATA": "/srv/news", "NEWSHOUSE_BATCHES": "8", "NEWSHOUSE_REVISIT_HOURS": "24,1"}

    settings = Settings.from_env(env | {"PATH": "/bin"})

    assert (settings.data, settings.batches, settings.revisit_hours) == (Path("/srv/news"), 8, (1.0, 24.0))


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_env({"NEWSHOUSE_BATCHES": ""}).batches == Settings().batches


def test_a_typo_names_the_nearest_setting() -> None:
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_SORCES: no such setting. Did you mean NEWSHOUSE_SOURCES\?"):
        Settings.from_env({"NEWSHOUSE_SORCES": "x"})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BATCHES", "many", "'many': must be a whole number, such as 8."),
        ("DELAY_SECONDS", "2s", "'2s': must be a number, such as 2.5."),
        ("REVISIT_HOURS", "1;24", "'1;24': must be hours with commas between them, such as 1,24,168."),
        ("BATCHES", "9" * 5000, f"'{'9' * 40}…': must be a whole number, such as 8."),
    ],
)
def test_an_unreadable_value_names_the_key_the_value_and_what_is_expected(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({f"NEWSHOUSE_{name}": value})
    assert str(caught.value) == f"NEWSHOUSE_{name}={told}"


@pytest.mark.parametrize("name", ["50%25", "a%41", "a\\b", "what?", "h#1", "a\nb", "bad\udcff"])
def test_a_folder_whose_path_others_read_as_another_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot stand in its path"):
        Settings(data=tmp_path / name)


def test_a_link_to_such_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "h#1").mkdir()
    (tmp_path / "news").symlink_to(tmp_path / "h#1")
    with pytest.raises(ConfigError, match=r"h#1.*cannot stand in its path.*newshouse publish"):
        Settings(data=tmp_path / "news")


@pytest.mark.parametrize("name", ["my news", "Zürich 日本", "it's", "100%", "a%b", "[x] {y} *"])
def test_other_odd_folders_are_taken(tmp_path: Path, name: str) -> None:
    assert Settings(data=tmp_path / name).folder == tmp_path / name


def test_a_data_root_of_the_command_line_takes_the_place_of_the_environment_s() -> None:
    settings = Settings.from_env({"NEWSHOUSE_DATA": "/srv/a%41"}, data="/srv/news")

    assert settings.data == Path("/srv/news")


@pytest.mark.parametrize("batches", ["0", "65"])
def test_the_number_of_batches_is_bounded(batches: str) -> None:
    with pytest.raises(ConfigError, match="between 1 and 64"):
        Settings.from_env({"NEWSHOUSE_BATCHES": batches})


def test_a_secret_loses_the_line_end_of_the_file_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER_SECRET", " s3cret\n")
    assert secret("PAGER_SECRET") == " s3cret"
    monkeypatch.setenv("PAGER_SECRET", "")
    assert secret("PAGER_SECRET") is None


def test_the_clock_moves_by_its_offset() -> None:
    ahead = Settings(clock_offset_seconds=86_400.0).now() - datetime.now(UTC)

    assert timedelta(hours=23) < ahead <= timedelta(hours=24)


def test_the_user_agent_says_how_to_reach_us() -> None:
    assert Settings(contact="news@example.org").user_agent.endswith("(+news@example.org)")


@pytest.mark.parametrize("contact", ["Jürgen@example.org", "desk@example.org\nX-Evil: 1", "   "])
def test_a_contact_that_no_header_can_carry_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_CONTACT=.* printable ASCII"):
        Settings.from_env({"NEWSHOUSE_CONTACT": contact})


@pytest.mark.parametrize("contact", ["me", "Ada Vale", "https://", "@example.org"])
def test_a_contact_that_reaches_nobody_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_CONTACT=.* e-mail address or URL"):
        Settings.from_env({"NEWSHOUSE_CONTACT": contact})


@pytest.mark.parametrize("root", ["s3:/bucket/news", "gs://bucket", "file:///srv/news"])
def test_an_address_that_is_no_bucket_does_not_become_a_folder(root: str) -> None:
    with pytest.raises(ConfigError, match=r"must be a folder or s3://bucket/prefix"):
        Settings.from_env({"NEWSHOUSE_DATA": root})


def test_the_example_contact_is_refused() -> None:
    example = (Path(__file__).parents[1] / ".env.example").read_text()
    (line,) = [line for line in example.splitlines() if line.startswith("NEWSHOUSE_CONTACT=")]

    with pytest.raises(ConfigError, match=r"set-me@example\.org: is the example"):
        Settings.from_env(dict([line.split("=", 1)]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DELAY_SECONDS", "nan"),
        ("DELAY_SECONDS", "-1"),
        ("BACKOFF_SECONDS", "inf"),
        ("MAX_RETRY_AFTER_SECONDS", "-0.5"),
        ("READ_TIMEOUT_SECONDS", "0"),
        ("CONNECT_TIMEOUT_SECONDS", "-2"),
        ("EXCHANGE_TIMEOUT_SECONDS", "nan"),
        ("REVISIT_HOURS", "1,nan"),
        ("REVISIT_HOURS", "-24"),
        ("CLOCK_OFFSET_SECONDS", "inf"),
        ("CLOCK_OFFSET_SECONDS", "-1e12"),  # before the first year there is
        ("REVISIT_HOURS", "1e9"),  # after the last
        ("DELAY_SECONDS", "1e300"),
    ],
)
def test_times_that_would_switch_politeness_off_are_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"NEWSHOUSE_{name}=.*must be"):
        Settings.from_env({f"NEWSHOUSE_{name}": value})


def test_no_pause_and_a_clock_set_back_are_fine() -> None:
    settings = Settings.from_env({"NEWSHOUSE_DELAY_SECONDS": "0", "NEWSHOUSE_CLOCK_OFFSET_SECONDS": "-86400"})

    assert (settings.delay_seconds, settings.clock_offset_seconds) == (0.0, -86_400.0)


@pytest.mark.parametrize("proxy", ["http://proxy.example:3128", "https://desk:secret@proxy.example", "http://[::1]:80"])
def test_a_proxy_is_an_address(proxy: str) -> None:
    assert Settings.from_env({"NEWSHOUSE_PROXY": proxy}).proxy == proxy


@pytest.mark.parametrize(
    "proxy",
    ["proxy.example:3128", "socks5://127.0.0.1:1080", "http://", "http://[", "http://proxy.example:port", "://x"],
)
def test_a_proxy_that_nothing_can_be_sent_through_is_refused_before_every_page_is(proxy: str) -> None:
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_PROXY=.*must be an address such as http://"):
        Settings.from_env({"NEWSHOUSE_PROXY": proxy})


def test_the_password_of_a_proxy_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        Settings(proxy="socks5://desk:secret@proxy.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["DATA", "SOURCES"])
def test_a_home_folder_that_nobody_has_is_told(name: str) -> None:
    with pytest.raises(ConfigError, match="~no-such-person/news: nobody has that home folder"):
        Settings.from_env({f"NEWSHOUSE_{name}": "~no-such-person/news"})
