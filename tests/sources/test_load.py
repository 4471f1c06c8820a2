from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError
from newshouse.sources.load import check_sources, load_sources
from newshouse.sources.model import Bounds, Override, Politeness, Source
from newshouse.sources.rules import _is_url
from newshouse.urls import registrable_domain

GOOD = """\
id: daily
name: The Daily Sparrow
country: KR
language: ko
timezone: Asia/Seoul
homepage: https://daily.example/
feeds:
  - https://daily.example/rss.xml
"""


def problems(folder: Path, text: str | bytes, name: str = "daily.yaml") -> list[str]:
    """The problems of one file, without the path of the folder."""
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    return [problem.replace(f"{folder}/", "") for problem in check_sources(folder)]


def changed(line: str, new: str) -> str:
    assert f"{line}\n" in GOOD
    return GOOD.replace(f"{line}\n", f"{new}\n")


def test_a_file_becomes_a_source_with_every_value_in_its_type(tmp_path: Path) -> None:
    (tmp_path / "daily.yaml").write_text(
        GOOD
        + "sitemaps: [https://daily.example/news.xml]\n"
        + "politeness: {delay_seconds: 2.5, max_articles: 40}\n"
        + "bounds: {min_articles_a_day: 3, max_articles_a_day: 90}\n"
        + "retention_days: 365\n"
        + "tags: [newspaper, 2026]\nverified: true\nallow_private: yes\nenabled: false\n",
        encoding="utf-8",
    )
    assert load_sources(tmp_path)["daily"] == Source(
        id="daily",
        name="The Daily Sparrow",
        country="KR",
        language="ko",
        timezone="Asia/Seoul",
        homepage="https://daily.example/",
        feeds=("https://daily.example/rss.xml",),
        sitemaps=("https://daily.example/news.xml",),
        politeness=Politeness(delay_seconds=2.5, max_articles=40),
        retention_days=365,
        bounds=Bounds(min_articles_a_day=3, max_articles_a_day=90),
        tags=("newspaper", "2026"),
        verified=True,
        allow_private=True,
        enabled=False,
        path=str(tmp_path / "daily.yaml"),
    )


def test_overrides_are_read_and_their_mistakes_told_by_line(tmp_path: Path) -> None:
    block = "overrides:\n  - since: 2025-01-01\n    drop: [.box]\n    title: 'h1:not(.kicker)'\n"
    (tmp_path / "daily.yaml").write_text(GOOD + block)
    (override,) = load_sources(tmp_path)["daily"].overrides
    assert override == Override(since="2025-01-01", drop=(".box",), title="h1:not(.kicker)")
    wrong = "overrides:\n  - since: 2025-13-01\n    drop: ['h1[']\n    titel: h1\n"
    assert problems(tmp_path, GOOD + wrong) == [
        "daily.yaml:10: overrides[0].since: expected a day, such as 2026-11-24, got '2025-13-01'.",
        "daily.yaml:11: overrides[0].drop[0]: expected a CSS selector, such as 'h1.headline', got 'h1['.",
        "daily.yaml:12: overrides[0].titel: no such key. Nearest valid key: title.",
    ]
    (backwards,) = problems(tmp_path, GOOD + "overrides:\n  - {since: 2025-02-01, until: 2025-01-01, title: h1}\n")
    assert backwards == "daily.yaml:10: overrides[0]: since (2025-02-01) must be before until (2025-01-01)."


def test_sources_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("b", "a-1", "a"):
        text = GOOD.replace("id: daily", f"id: {name}").replace("rss.xml", f"{name}.xml")
        (tmp_path / f"{name}.yaml").write_text(text)
    assert list(load_sources(tmp_path)) == ["a", "a-1", "b"]


def test_norway_is_not_false(tmp_path: Path) -> None:
    text = changed("country: KR", "country: NO").replace("language: ko", "language: no")
    (tmp_path / "daily.yaml").write_text(text)
    source = load_sources(tmp_path)["daily"]
    assert (source.country, source.language) == ("NO", "no")


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    assert problems(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == []


def test_a_null_is_fine_where_the_field_may_be_absent(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD + "politeness:\n  delay_seconds: ~\n") == []


WRONG = [
    # what is wrong, the text, all that is reported
    (
        "unknown key",
        changed("feeds:", "fedes:"),
        ["daily.yaml:7: fedes: no such key. Nearest valid key: feeds."],
    ),
    (
        "key one level too high",
        GOOD + "delay_seconds: 3\n",
        ["daily.yaml:9: delay_seconds: no such key. Nearest valid key: politeness.delay_seconds."],
    ),
    (
        "unknown key in a block",
        GOOD + "politeness:\n  delay: 3\n",
        ["daily.yaml:10: politeness.delay: no such key. Nearest valid key: delay_seconds."],
    ),
    (
        "unlike any key",
        GOOD + "bounds:\n  zzz: 3\n",
        ["daily.yaml:10: bounds.zzz: no such key. Valid keys: min_articles_a_day, max_articles_a_day."],
    ),
    (
        "duplicate key",
        GOOD + "name: Another\n",
        ["daily.yaml:9: name: given twice; the first is in line 2."],
    ),
    (
        "missing key",
        changed("country: KR", "# no country"),
        [
            "daily.yaml:1: country: missing: expected an ISO 3166-1 code of two capital letters, such as 'KR'.",
        ],
    ),
    (
        "empty value",
        changed("country: KR", "country:"),
        ["daily.yaml:3: country: expected an ISO 3166-1 code of two capital letters, such as 'KR', got nothing."],
    ),
    (
        "unknown country",
        changed("country: KR", "country: UK"),
        ["daily.yaml:3: country: expected an ISO 3166-1 code of two capital letters, such as 'KR', got 'UK'."],
    ),
    (
        "language in capitals",
        changed("language: ko", "language: KO"),
        [
            "daily.yaml:4: language: expected an ISO 639-1 code of two small letters, such as 'ko' "
            "(did you mean 'ko'?), got 'KO'."
        ],
    ),
    (
        "misspelt zone",
        changed("timezone: Asia/Seoul", "timezone: Asia/Soul"),
        [
            "daily.yaml:5: timezone: expected an IANA time zone, such as 'Asia/Seoul' "
            "(did you mean 'Asia/Seoul'?), got 'Asia/Soul'."
        ],
    ),
    (
        "relative address",
        changed("  - https://daily.example/rss.xml", "  - /rss.xml"),
        [
            "daily.yaml:8: feeds[0]: expected an absolute http(s) address, such as 'https://example.com/rss.xml', "
            "got '/rss.xml'."
        ],
    ),
    (
        "other scheme",
        changed("homepage: https://daily.example/", "homepage: ftp://daily.example/"),
        [
            "daily.yaml:6: homepage: expected an absolute http(s) address, such as 'https://example.com/rss.xml', "
            "got 'ftp://daily.example/'."
        ],
    ),
    (
        "text instead of a list",
        changed("feeds:", "feeds: https://daily.example/rss.xml").replace("  - https://daily.example/rss.xml\n", ""),
        [
            "daily.yaml:7: feeds: expected a list, each item on a line of its own after '- ', "
            "got 'https://daily.example/rss.xml'."
        ],
    ),
    (
        "the same feed twice",
        GOOD + "  - https://daily.example/rss.xml\n",
        ["daily.yaml:9: feeds[1]: 'https://daily.example/rss.xml' is listed twice."],
    ),
    (
        "negative delay",
        GOOD + "politeness:\n  delay_seconds: -1\n",
        ["daily.yaml:10: politeness.delay_seconds: expected a number of seconds, 0 to 86400, got '-1'."],
    ),
    (
        "infinite delay",
        GOOD + "politeness:\n  delay_seconds: .inf\n",
        ["daily.yaml:10: politeness.delay_seconds: expected a number of seconds, 0 to 86400, got '.inf'."],
    ),
    (
        "number in quotes",
        GOOD + "politeness:\n  max_articles: '5'\n",
        ["daily.yaml:10: politeness.max_articles: expected a whole number, 1 or more, got '5'."],
    ),
    (
        "fraction of an article",
        GOOD + "politeness:\n  max_articles: 2.5\n",
        ["daily.yaml:10: politeness.max_articles: expected a whole number, 1 or more, got '2.5'."],
    ),
    (
        "number instead of a block",
        GOOD + "politeness: 3\n",
        ["daily.yaml:9: politeness: expected a block of keys (delay_seconds, max_articles), got '3'."],
    ),
    (
        "least above most",
        GOOD + "bounds:\n  min_articles_a_day: 9\n  max_articles_a_day: 8\n",
        ["daily.yaml:10: bounds: min_articles_a_day (9) is more than max_articles_a_day (8)."],
    ),
    (
        "text instead of a switch",
        GOOD + "verified: not yet\n",
        ["daily.yaml:9: verified: expected true or false, got 'not yet'."],
    ),
    (
        "list instead of text",
        changed("name: The Daily Sparrow", "name: [The, Daily]"),
        ["daily.yaml:2: name: expected one line of text, got a list."],
    ),
    (
        "control character",
        changed("name: The Daily Sparrow", 'name: "The\\nDaily"'),
        ["daily.yaml:2: name: expected one line of text, got 'The\\nDaily'."],
    ),
    (
        "object to construct",
        changed("name: The Daily Sparrow", "name: !!python/name:os.system x"),
        ["daily.yaml:2: name: expected one line of text, got 'x'."],
    ),
    (
        "id unlike the file's name",
        changed("id: daily", "id: weekly"),
        ["daily.yaml:1: id: expected 'daily', the name of the file, got 'weekly'."],
    ),
    (
        "unclosed bracket",
        GOOD + "tags: [a, b\n",
        [
            "daily.yaml:10: not readable as YAML: while parsing a flow sequence, "
            "expected ',' or ']', but got '<stream end>'."
        ],
    ),
    (
        "tab as indentation",
        GOOD + "bounds:\n\tmin_articles_a_day: 1\n",
        [
            "daily.yaml:10: not readable as YAML: while scanning for the next token, "
            "found character '\\t' that cannot start any token."
        ],
    ),
    (
        "control character outside of quotes",
        GOOD + "tags: [\x07]\n",
        ["daily.yaml:9: not readable as YAML: special characters are not allowed."],
    ),
    (
        "two documents",
        GOOD + "---\n" + GOOD,
        ["daily.yaml:9: not readable as YAML: expected a single document in the stream, but found another document."],
    ),
    ("empty file", "", ["daily.yaml:1: not readable as YAML: it is empty."]),
    ("only a comment", "# later\n", ["daily.yaml:1: not readable as YAML: it is empty."]),
    ("too deep", "[" * 50_000, ["daily.yaml:1: not readable as YAML: it is nested too deeply."]),
    ("not UTF-8", GOOD.encode() + b"tags: [\xe9t\xe9]\n", ["daily.yaml:9: not UTF-8. Save the file as UTF-8."]),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_file_is_named_with_line_key_and_remedy(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    assert problems(tmp_path, text) == expected


def test_a_file_that_is_a_list_says_what_keys_it_wants(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "- id: daily\n")
    assert problem.startswith("daily.yaml:1: expected a block of keys (id, name, country,")


@pytest.mark.parametrize("line", ["path: elsewhere", "? {a: b}\n: c"])
def test_a_key_unlike_any_other_gets_the_list_of_keys(tmp_path: Path, line: str) -> None:
    (problem,) = problems(tmp_path, GOOD + line + "\n")
    assert problem.startswith("daily.yaml:9: ")
    assert "no such key. Valid keys: id, name, country," in problem
    assert "path," not in problem.partition("Valid keys")[2]


def test_a_long_wrong_value_is_cut_short(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed("country: KR", "country: " + "X" * 5000))
    assert len(problem) < 250


def test_all_problems_of_a_folder_come_at_once_in_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: b\nname:\n")
    (tmp_path / "c.yaml").write_text("nonsense")
    with pytest.raises(ConfigError) as caught:
        load_sources(tmp_path)
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{tmp_path}/").split(": ")[0:2] for line in lines] == [
        ["a.yaml:1", "country"],
        ["a.yaml:1", "homepage"],
        ["a.yaml:1", "id"],
        ["a.yaml:1", "language"],
        ["a.yaml:1", "timezone"],
        ["a.yaml:2", "name"],
        ["c.yaml:1", "expected a block of keys (id, name, country, language, timezone, homepage, feeds, sitemaps, "
         "lists, sections, rights, politeness, bounds, retention_days, slo, tags, owner, verified, allow_private, "
         "enabled, overrides), got 'nonsense'."],
    ]  # fmt: skip
    assert check_sources(tmp_path) == lines


def test_the_id_of_imported_texts_is_taken(tmp_path: Path) -> None:
    assert problems(tmp_path, changed("id: daily", "id: imported"), "imported.yaml") == [
        "imported.yaml:1: id: 'imported' is kept for texts that a person brought in. Choose another."
    ]


def test_a_feed_that_two_sources_list_is_reported(tmp_path: Path) -> None:
    (tmp_path / "daily.yaml").write_text(GOOD)
    (tmp_path / "other.yaml").write_text(GOOD.replace("id: daily", "id: other"))
    assert check_sources(tmp_path) == [
        f"{tmp_path}/other.yaml:8: feeds[0]: 'https://daily.example/rss.xml' is listed in {tmp_path}/daily.yaml too."
    ]


def test_a_missing_folder_and_an_empty_one_say_what_to_do(tmp_path: Path) -> None:
    assert check_sources(tmp_path / "none") == [
        f"{tmp_path}/none: no such folder of sources. Set NEWSHOUSE_SOURCES to a folder of *.yaml files."
    ]
    (tmp_path / "README.md").write_text("Sources live here.")
    (problem,) = check_sources(tmp_path)
    assert problem.startswith(f"{tmp_path}: no source files here.")


def test_a_file_that_would_be_passed_over_is_reported(tmp_path: Path) -> None:
    (tmp_path / "daily.yaml").write_text(GOOD)
    (tmp_path / "weekly.yml").write_text(GOOD)
    (tmp_path / ".draft.yaml").write_text("an editor's own file")
    assert check_sources(tmp_path) == [
        f"{tmp_path}/weekly.yml: not read, because source files end in .yaml. Rename it to weekly.yaml."
    ]


def test_a_folder_that_may_not_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert check_sources(tmp_path) == [f"{tmp_path}: cannot be read: Permission denied."]


def test_a_folder_in_the_place_of_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "daily.yaml").mkdir()
    assert check_sources(tmp_path) == [f"{tmp_path}/daily.yaml:1: cannot be read: Is a directory."]


odd_values = [
    *("daily", "KR", "ko", "Asia/Seoul", "https://x.example/", "-1", "1e9", "0x1F", "1:30", "~", "yes", "", "'"),
    *('"\\U99999999"', '"\\ud800"', "&a", "*a", "!x y", "<<", "|\n  text", "[", "{", "}", "- ", "? ", "%YAML 9.9"),
    *("\u2028", "\x00", "\t"),
]
values = st.sampled_from(odd_values) | st.text()
keys = st.sampled_from(["id", "name", "country", "feeds", "politeness", "bounds", "path", "? [a]", "<<", "1", ""])
lines = st.builds("{}{}: {}".format, st.sampled_from(["", "  ", "- "]), keys, values)


@given(st.lists(lines, max_size=12).map("\n".join).map(str.encode) | st.text().map(str.encode) | st.binary())
def test_no_bytes_whatever_raise_anything_but_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "daily.yaml").write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load_sources(folder)
    str(caught.value).encode()  # a terminal can print it


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "for ever"])
def test_a_retention_is_a_whole_number_of_days_from_one_on(tmp_path: Path, value: str) -> None:
    (problem,) = problems(tmp_path, f"{GOOD}retention_days: {value}\n")
    assert problem.startswith("daily.yaml:9: retention_days: expected")


@pytest.mark.parametrize(
    "address",
    ["http://1.2.3.4.5/", "https://a|b.example/", "https://xn--a/", "https://ex%zzample/", "https://9999999999/"],
)
def test_an_address_that_only_looks_like_one_is_told_before_a_run(tmp_path: Path, address: str) -> None:
    (told,) = problems(tmp_path, changed("feeds:", f"sections: ['{address}']\nfeeds:"))
    assert told == (
        "daily.yaml:7: sections[0]: expected an absolute http(s) address, such as 'https://example.com/rss.xml', "
        f"got {address!r}."
    )


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("politeness: {delay_seconds: 100000}", "politeness.delay_seconds: expected a number of seconds, 0 to 86400"),
        ("retention_days: 999999999", "retention_days: expected a number of days, 1 to 36500"),
        ("retention_days: 0", "retention_days: expected a number of days, 1 to 36500"),
    ],
)
def test_times_that_no_calendar_knows_are_told(tmp_path: Path, block: str, told: str) -> None:
    (problem,) = problems(tmp_path, f"{GOOD}{block}\n")
    assert told in problem


@given(st.text("http:/s.@%[]|xn-a1\\", max_size=25).map(lambda text: f"http://{text}"))
def test_what_passes_as_an_address_can_be_asked_for(address: str) -> None:
    if _is_url(address):
        assert registrable_domain(address)
