"""Every reason that the code can give is explained, and the committed handbook says it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import newshouse
from newshouse.discover.poll import NOT_DUE
from newshouse.fetch import outcomes
from newshouse.validate.handbook import handbook
from newshouse.validate.reasons import EXPLAINED, REASONS, explain
from newshouse.validate.rules import BY_NAME

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "quality-rules.md"
PACKAGE = Path(newshouse.__file__).parent
ASKED_FOR = (
    "url_invalid", "title_missing", "body_empty", "body_short", "paywall_stub", "truncated",
    "boilerplate", "date_missing", "date_future", "date_ancient", "tz_naive", "date_vs_url",
    "modified_before_published", "byline_pollution", "author_is_source", "mojibake", "lang_mismatch", "html_residue",
    "caption_leak",
)  # fmt: skip


def test_the_committed_handbook_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == handbook(), (
        "run: python -m newshouse.validate.handbook docs/quality-rules.md"
    )


def test_the_handbook_shows_no_rule_the_same_example_twice() -> None:
    rows = [line.split(" | ") for line in handbook().split("### Examples")[1].split("## Dropped")[0].splitlines()[6:]]
    shown = [row for row in rows if len(row) == 3]
    assert len(shown) == len(BY_NAME)
    assert all(minded != passes.removesuffix(" |") and passes.strip(" |") for _, minded, passes in shown)
    boilerplate = next(row for row in shown if "boilerplate" in row[0])
    assert "We use cookies" in boilerplate[1] and " ×2, `Sign up" in boilerplate[2]


def test_the_registry_holds_every_rule_of_the_plan() -> None:
    assert set(ASKED_FOR) <= BY_NAME.keys()
    assert {("parse", name) for name in ("consent_wall", "bot_wall", "soft_404", "paywall_stub")} <= EXPLAINED.keys()


def test_no_reason_is_explained_twice_and_all_are_sentences() -> None:
    assert len({(reason.stage, reason.name) for reason in REASONS}) == len(REASONS)
    assert all(reason.description.endswith(".") for reason in EXPLAINED.values())
    assert explain("fetch", "gone") == "404 or 410. A known article is marked as vanished."
    assert explain("fetch", "unheard_of") == "unheard_of"
    assert explain("discover", "timeout") == explain("fetch", "timeout")
    assert explain("discover", NOT_DUE).startswith("Not asked: the listing")


def test_every_reason_that_parse_gives_is_explained() -> None:
    given = {name for path in (PACKAGE / "parse").rglob("*.py") for name in _first_words(path, {"NoArticle"})}
    assert len(given) >= 9
    assert given <= {name for stage, name in EXPLAINED if stage == "parse"}


def test_every_reason_that_discover_gives_is_explained() -> None:
    calls = {"NotAFeed", "NotASitemap", "_fail"}
    given = {name for path in (PACKAGE / "discover").rglob("*.py") for name in _first_words(path, calls)}
    assert len(given) >= 7
    assert given <= {name for stage, name in EXPLAINED if stage in ("discover", "fetch")}


def test_every_outcome_of_fetch_is_explained() -> None:
    named = {value for name, value in vars(outcomes).items() if name.isupper() and isinstance(value, str)}
    assert named - {outcomes.FETCHED, outcomes.UNCHANGED} <= {name for stage, name in EXPLAINED if stage == "fetch"}


def _first_words(path: Path, calls: set[str]) -> Iterator[str]:
    """The literal first arguments of calls to these names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if called in calls and isinstance(node.args[0].value, str):
                yield node.args[0].value
