"""What is found when rows and sources are judged: checks, incidents, scorecards, and who was told."""

from __future__ import annotations

import pyarrow as pa

from newshouse.schemas.table import EVENTS, STRINGS, TIMESTAMP, Column, Table

CHECKS = Table(
    "checks",
    "One row a check, source and run.",
    key=("check_id",),
    columns=(
        Column("check_id", pa.string(), "Hash of run, batch, source and check.", True),
        Column("run_id", pa.string(), "The run.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher; NULL for a check on the whole batch."),
        Column("check_name", pa.string(), "Name of the check.", True),
        Column("suite", pa.string(), "rules, great_expectations, pipeline or history.", True),
        Column("severity", pa.string(), "critical, warning or info.", True),
        Column("status", pa.string(), "pass, fail or error.", True),
        Column("value", pa.float64(), "The measured number; NULL when there was too little to judge."),
        Column("threshold", pa.string(), "What was expected, in words."),
        Column("failed_count", pa.int64(), "Rows that failed."),
        Column("row_count", pa.int64(), "Rows looked at."),
        Column("failing_ids", STRINGS, "Article ids that failed, 100 at most."),
        Column("detail", pa.string(), "More, in words."),
        Column("checked_at", TIMESTAMP, "UTC.", True),
    ),
)

INCIDENTS = Table(
    "incidents",
    "What is wrong with a source, from the first failing check to recovery: one row a cause, however long it lasts.",
    key=("incident_id",),
    columns=(
        Column("incident_id", pa.string(), "Hash of source, cause and the time of its opening.", True),
        Column("source_id", pa.string(), "The publisher; NULL for what concerns a whole run."),
        Column("cause", pa.string(), "delivery, flood, parser, layout, dates, sections, quarantine or batch.", True),
        Column("status", pa.string(), "open, acknowledged, muted or resolved.", True),
        Column("severity", pa.string(), "The worst so far: critical, warning or info.", True),
        Column("summary", pa.string(), "What the worst check found when it opened, in words.", True),
        Column("check_names", STRINGS, "The checks that failed so far, in the order of their first failure.", True),
        Column("days", pa.int32(), "Assessments in which one of its checks failed.", True),
        Column("opened_at", TIMESTAMP, "UTC.", True),
        Column("opened_run_id", pa.string(), "The run that was assessed when it opened.", True),
        Column("last_failed_at", TIMESTAMP, "When one of its checks failed last, UTC.", True),
        Column("last_run_id", pa.string(), "The run that was assessed last.", True),
        Column("muted_until", TIMESTAMP, "End of the last mute, UTC: from then on, a failing check opens it again."),
        Column("resolved_at", TIMESTAMP, "UTC; NULL while it lasts."),
        Column(
            "events",
            EVENTS,
            "Everything that was done to it: when, who (a person or newshouse), what (open, worse, reopen, unmuted, "
            "resolve; of people, ack, mute, resolve) and why.",
            True,
        ),
    ),
)


def _part(name: str, what: str) -> Column:
    return Column(name, pa.float64(), f"{what} 0 to 100; NULL when there was nothing to measure.")


SCORECARDS = Table(
    "scorecards",
    "How good the last 24 hours of a source were when a run was assessed: one score, and its parts.",
    key=("run_id", "source_id"),
    columns=(
        Column("run_id", pa.string(), "The run that was assessed.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("day", pa.string(), "UTC day of the assessment, YYYY-MM-DD.", True),
        Column("scored_at", TIMESTAMP, "UTC, the end of the 24 hours.", True),
        _part("score", "Weighted mean of the parts."),
        _part("completeness", "Title, authors and date that are there, percent."),
        _part("validity", "Pages that became articles, percent of those not behind a paywall."),
        _part("freshness", "100 while the newest article is as young as the target asks."),
        _part("uniqueness", "New articles whose body was not there before, percent."),
        _part("volume", "New articles against what was expected; less when there are more than double, too."),
        _part("timeliness", "100 while articles are loaded as soon after publication as the target asks."),
        Column("articles", pa.int64(), "Seen for the first time.", True),
        Column("expected_articles", pa.float64(), "As its past has it; NULL without a past."),
        Column("age_hours", pa.float64(), "Age of the newest article."),
        Column(
            "loaded_hours",
            pa.float64(),
            "Median from publication to load, of articles that came out since the source was first asked.",
        ),
        Column("slo_missed", STRINGS, "Targets of the source file that were missed, with the value.", True),
    ),
)

ALERTS = Table(
    "alerts",
    "What was told to whom: one row a message, channel and incident.",
    key=("alert_id",),
    columns=(
        Column("alert_id", pa.string(), "Hash of channel and of what is told, so that nothing is told twice.", True),
        Column("channel", pa.string(), "Name of the channel in alerts.yaml.", True),
        Column("kind", pa.string(), "opened, worse, reopened, unmuted, resolved, failed (a task) or digest.", True),
        Column("incident_id", pa.string(), "The incident; NULL for a failed task and a digest."),
        Column("source_id", pa.string(), "The publisher; NULL for what concerns no single one."),
        Column("severity", pa.string(), "critical, warning or info.", True),
        Column("title", pa.string(), "The first line of the message.", True),
        Column("told_at", TIMESTAMP, "When the channel had taken it, UTC.", True),
    ),
)
