from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.dataset as pa_ds
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newshouse.errors import ContractError
from newshouse.ids import stable_id
from newshouse.records import CheckResult, Rejection
from newshouse.report import StageReport, Tally
from newshouse.schemas import ARTICLES
from newshouse.sources.model import Source
from newshouse.validate.findings import Judged, rule_checks
from newshouse.validate.row_json import load_row
from newshouse.validate.rules import BY_NAME
from newshouse.validate.stage import validate_articles
from newshouse.validate.suite import judge_batch

SOURCE = Source("harbour-post", "The Harbour Post", "SE", "en", "Europe/Stockholm", "https://harbour-post.example/")
SOURCES = {"harbour-post": SOURCE}
AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class Validated:
    accepted: pa.Table
    rejections: list[Rejection]
    checks: list[CheckResult]
    tallies: dict[str, Tally]


def validate(table: pa.Table, sources: dict[str, Source] | None = None, **options: Any) -> Validated:
    """Without Great Expectations, which has its own tests."""
    chosen = SOURCES if sources is None else sources
    pieces = [ARTICLES.arrow([], "validate")]
    options = {"judge_batch": lambda *_, **__: []} | options
    result = validate_articles(pa_ds.dataset(table), chosen, pieces.append, run_id="r", batch="00", now=AT, **options)
    return Validated(pa.concat_tables(pieces).combine_chunks(), result.rejections, result.checks, result.tallies)


def test_sound_rows_are_accepted_unchanged(make_table: Any) -> None:
    table = make_table({}, {})
    result = validate(table)
    assert result.accepted.drop_columns(["body_hash"]).equals(table)
    assert result.rejections == []
    assert (result.tallies["harbour-post"].in_count, result.tallies["harbour-post"].out_count) == (2, 2)
    assert result.tallies["harbour-post"].bytes == sum(len(body.encode()) for body in table["body"].to_pylist())


def test_accepted_rows_have_the_hash_of_their_body_as_it_was_mended(make_table: Any) -> None:
    accepted = validate(make_table({}, {"body": "Ships\u200b sail." * 40, "paragraphs": None})).accepted
    assert accepted["body_hash"].to_pylist() == [stable_id("body", body) for body in accepted["body"].to_pylist()]


def test_a_tagged_row_is_accepted_and_keeps_the_flags_it_came_with(make_table: Any) -> None:
    result = validate(make_table({"published_at": None, "quality_flags": ["date_missing", "from_parse"]}))
    assert result.accepted["quality_flags"].to_pylist() == [["date_missing", "from_parse"]]
    assert [c.check_name for c in result.checks] == ["date_missing", "quarantine_rate"]


def test_a_quarantined_row_becomes_a_rejection_with_all_its_reasons(make_table: Any) -> None:
    result = validate(make_table({}, {"title": None, "published_at": AT + timedelta(days=9)}))
    (rejection,) = result.rejections
    article_id = f"{1:032x}"
    assert result.accepted["article_id"].to_pylist() == [f"{0:032x}"]
    assert rejection.reasons == ("title_missing", "date_future")
    assert rejection.rejection_id == stable_id("r", "validate", article_id)
    assert (rejection.stage, rejection.article_id, rejection.source_id) == ("validate", article_id, "harbour-post")
    assert rejection.url == rejection.url_key == "https://harbour-post.example/1"
    assert (rejection.warc_offset, rejection.warc_length) == (1000, 999)
    assert rejection.rejected_at == AT
    assert rejection.detail == (
        "title_missing: the title is None; date_future: published 217.0 hours after it was captured"
    )
    assert result.tallies["harbour-post"].reasons == {"title_missing": 1}


def test_the_json_of_a_quarantined_row_gives_the_row_back_with_its_tags(make_table: Any) -> None:
    table = make_table({"title": " ", "published_at_utc_offset_min": None})
    (rejection,) = validate(table).rejections
    assert json.loads(rejection.row_json or "")["fetched_at"] == "2026-11-23T06:00:00+00:00"
    released = load_row(rejection.row_json or "")
    index = table.schema.get_field_index("quality_flags")
    tagged = table.set_column(index, table.schema.field(index), pa.array([["tz_naive"]], pa.list_(pa.string())))
    assert released.equals(tagged)


def test_broken_row_json_is_a_broken_contract() -> None:
    for text in ("", "[]", "{}", '{"article_id": 3}'):
        with pytest.raises(ContractError, match="not a parsed article"):
            load_row(text)


def test_a_batch_without_rows_gives_a_clean_result_and_a_tally_of_zeros(make_table: Any) -> None:
    result = validate(make_table(), judge_batch=judge_batch)
    assert (result.accepted.num_rows, result.rejections, result.checks) == (0, [], [])
    assert result.accepted.schema.equals(ARTICLES.schema("validate"))
    assert result.tallies["harbour-post"].in_count == 0


def test_a_source_without_its_file_is_judged_and_counted_too(make_table: Any) -> None:
    result = validate(make_table({"authors": [{"name": "Harbour Post"}]}), sources={})
    assert result.tallies["harbour-post"].in_count == 1
    assert result.accepted["quality_flags"].to_pylist() == [["author_is_source"]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (({"article_id": "x"}, {"article_id": "x"}), "1 article_ids stand in several rows, such as x"),
        (({}, {"article_id": None}), "1 rows have no article_id"),
        (({"content_hash": None},), "1 rows have no content_hash"),
    ],
)
def test_broken_keys_are_a_broken_contract(make_table: Any, changes: Any, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        validate(make_table(*changes))


def test_another_schema_is_a_broken_contract_that_names_the_column(make_table: Any) -> None:
    with pytest.raises(ContractError, match="not the schema of parse: subtitle"):
        validate(make_table({}).drop_columns(["subtitle"]))


def test_checks_count_each_rule_of_each_source_and_its_share_in_quarantine(make_table: Any) -> None:
    rows = [{"source_id": "b", "title": None}] * 3 + [{"source_id": "b"}] * 9 + [{"source_id": "a", "title": None}]
    checks = validate(make_table(*rows)).checks
    assert [(c.source_id, c.check_name, c.failed_count, c.row_count, c.status) for c in checks] == [
        ("a", "title_missing", 1, 1, "fail"),
        ("a", "quarantine_rate", 1, 1, "pass"),
        ("b", "title_missing", 3, 12, "fail"),
        ("b", "quarantine_rate", 3, 12, "fail"),
    ]
    assert checks[2].failing_ids == tuple(f"{number:032x}" for number in range(3))
    assert checks[2].value == checks[3].value == 25.0
    assert checks[1].value is None  # one row is too few for a rate
    assert len({c.check_id for c in checks}) == 4


def test_at_most_a_hundred_ids_are_listed(make_table: Any) -> None:
    first, _ = validate(make_table(*[{"title": None}] * 130)).checks
    assert (first.failed_count, len(first.failing_ids)) == (130, 100)


def test_validating_twice_gives_the_same_result(make_table: Any) -> None:
    table = make_table({}, {"title": None}, {"published_at": None}, {"body": "short"})
    assert validate(table) == validate(table)


def test_accepted_rows_pass_a_second_time_unchanged(make_table: Any) -> None:
    once = validate(make_table({}, {"published_at": None}, {"authors": [{"name": "By X"}]})).accepted
    assert validate(once.drop_columns(["body_hash"])).accepted.equals(once)


def test_a_repair_keeps_the_original_and_the_hash_of_the_page(make_table: Any) -> None:
    paragraphs = [{"kind": "lead", "text": "The vote &amp; the ferry. " * 9}, {"kind": "text", "text": "<b></b>"}]
    table = make_table(
        {"paragraphs": paragraphs, "body": "\n\n".join(p["text"] for p in paragraphs), "title": "A &amp; B"}
        | {"authors": [{"name": "Updated 18:30"}, {"name": "Mara Lindqvist", "role": "editor"}], "byline": None}
    )
    (row,) = validate(table).accepted.to_pylist()
    assert row["title"] == "A & B"
    assert row["paragraphs"] == [{"kind": "lead", "text": ("The vote & the ferry. " * 9).strip()}]
    assert row["body"] == row["paragraphs"][0]["text"]
    assert row["word_count"] == 36
    assert row["authors"] == [{"name": "Mara Lindqvist", "role": "editor", "organisation": None}]
    assert row["content_hash"] == table["content_hash"][0].as_py()
    assert row["quality_flags"] == ["html_residue", "byline_pollution"]
    assert [tuple(repair.values()) for repair in row["repairs"]] == [
        ("html_residue", "title", None, "A &amp; B"),
        ("html_residue", "paragraphs", 0, paragraphs[0]["text"]),
        ("html_residue", "paragraphs", 1, "<b></b>"),
        ("byline_pollution", "authors", 0, "Updated 18:30"),
    ]


def test_an_author_whose_name_is_mended_outlives_the_repair_that_takes_another_out(make_table: Any) -> None:
    authors = [{"name": "JosÃ© FÃ¤lk", "role": "editor"}, {"name": "Updated 18:30"}]
    (row,) = validate(make_table({"title": "CafÃ© opens", "authors": authors})).accepted.to_pylist()
    assert row["authors"] == [{"name": "José Fälk", "role": "editor", "organisation": None}]
    assert [tuple(repair.values()) for repair in row["repairs"]] == [
        ("mojibake", "title", None, "CafÃ© opens"),
        ("mojibake", "authors", 0, "JosÃ© FÃ¤lk"),
        ("byline_pollution", "authors", 1, "Updated 18:30"),
    ]


def test_a_row_that_a_repair_left_empty_is_kept_as_it_was_parsed(make_table: Any) -> None:
    notice = "All pictures, sounds and films of the week are listed on the front page of our site. " * 3
    texts = [[notice]] + [[f"Story {number}. " + "The council voted. " * 20, notice] for number in range(11)]
    table = make_table(
        *({"paragraphs": [{"kind": "text", "text": t} for t in some], "body": "\n\n".join(some)} for some in texts)
    )
    (rejection,) = validate(table).rejections
    assert rejection.reasons == ("body_empty",)
    (released,) = load_row(rejection.row_json or "").to_pylist()
    (parsed,) = table.slice(0, 1).to_pylist()
    assert released.pop("quality_flags") == ["repeated_paragraph"]
    assert released == {name: value for name, value in parsed.items() if name != "quality_flags"}


def test_a_mended_row_passes_the_check_of_its_source_and_one_that_could_not_be_mended_fails_it(make_table: Any) -> None:
    mended = validate(make_table({"authors": [{"name": "Mara Falk"}, {"name": "Updated 18:30"}]})).checks
    assert [(c.check_name, c.status, c.failed_count) for c in mended[:1]] == [("byline_pollution", "pass", 1)]
    judged = Judged("a", "harbour-post", (), ("byline_pollution", "date_missing"), ("byline_pollution", "date_missing"))
    checks = rule_checks([judged], run_id="r", batch="00", now=AT)
    assert [(c.check_name, c.status) for c in checks[:2]] == [("date_missing", "fail"), ("byline_pollution", "fail")]


def test_a_paragraph_that_many_articles_repeat_is_taken_out(make_table: Any) -> None:
    def article(number: int, *extra: str) -> dict[str, Any]:
        texts = [f"Story {number}: " + "the council voted on a ferry line. " * 5, *extra]
        return {"paragraphs": [{"kind": "text", "text": text} for text in texts], "body": "\n\n".join(texts)}

    rows = [article(number, "Write to the desk.") for number in range(4)] + [article(number) for number in range(4, 10)]
    accepted = validate(make_table(*rows)).accepted.to_pylist()
    assert not any("Write to" in row["body"] for row in accepted)
    assert [row["quality_flags"] for row in accepted] == [["repeated_paragraph"]] * 4 + [[]] * 6
    assert accepted[0]["repairs"][0]["original"] == "Write to the desk."
    too_few = validate(make_table(*rows[:9])).accepted.to_pylist()
    assert "Write to" in too_few[0]["body"]


def test_copies_of_one_article_do_not_make_its_paragraphs_furniture(make_table: Any) -> None:
    texts = ["The council voted on a ferry line. " * 5, "It opens in spring."]
    copy = {"paragraphs": [{"kind": "text", "text": text} for text in texts], "body": "\n\n".join(texts)}
    assert all(row["quality_flags"] == [] for row in validate(make_table(*[copy] * 20)).accepted.to_pylist())


_TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
_TEXTS = st.none() | st.text(max_size=80) | st.sampled_from(["http://", "https://[", "&amp;<p>", "…", "\x00", "Ã©Ã©Ã©"])
_ROWS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("url", "final_url", "title", "byline", "body", "language", "access"), _TEXTS),
        **dict.fromkeys(("published_at_precision", "modified_at_precision", "extractor"), st.text(max_size=6)),
        "published_at": _TIMES,
        "modified_at": _TIMES,
        "fetched_at": st.datetimes(timezones=st.just(UTC)),
        "published_at_utc_offset_min": st.none() | st.integers(-2000, 2000),
        "paragraphs": st.none() | st.lists(st.none() | st.fixed_dictionaries({"text": _TEXTS}), max_size=3),
        "authors": st.none() | st.lists(st.none() | st.fixed_dictionaries({"name": _TEXTS}), max_size=3),
        "quality_flags": st.none() | st.lists(_TEXTS, max_size=2),
        "field_origin": st.none() | st.lists(st.tuples(st.text(max_size=4), _TEXTS), max_size=3),
        "confidence": st.none() | st.floats(),
        "source_id": st.sampled_from(["harbour-post", "other", ""]),
    },
)


@given(st.lists(_ROWS, max_size=5))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_row_is_either_accepted_or_quarantined_exactly_once(make_table: Any, rows: list[dict[str, Any]]) -> None:
    table = make_table(*rows)
    result = validate(table)
    accepted = result.accepted["article_id"].to_pylist()
    quarantined = [rejection.article_id for rejection in result.rejections]
    assert sorted(accepted + quarantined) == sorted(table["article_id"].to_pylist())
    StageReport("r", "validate", "00", result.tallies, 0.0, AT).assert_balanced()
    for rejection in result.rejections:
        assert rejection.reasons and set(rejection.reasons) <= set(BY_NAME)
        assert load_row(rejection.row_json or "").num_rows == 1
