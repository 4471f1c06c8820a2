from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import ConfigError
from newshouse.quality.advance import advance
from newshouse.quality.causes import CAUSES
from newshouse.quality.incidents import Incident, act
from newshouse.records import CheckResult

DAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


def check(name: str, *, fails: bool = True, source: str | None = "post", severity: str = "warning") -> CheckResult:
    status = "fail" if fails else "pass"
    return CheckResult(
        name, "r", "all", source, name, "history", severity, status, DAY, value=3.0, threshold="9 or more"
    )


class Mornings:
    """Assessments, one a day."""

    def __init__(self) -> None:
        self.known: dict[str, Incident] = {}
        self.day = -1

    def __call__(self, *checks: CheckResult) -> list[Incident]:
        self.day += 1
        return self.again(*checks)

    def again(self, *checks: CheckResult, sources: set[str] | None = None) -> list[Incident]:
        made = [replace(one, checked_at=self.now) for one in checks]
        changed = advance(self.known.values(), made, run_id=f"daily-{self.day}", now=self.now, sources=sources)
        self.known |= {incident.incident_id: incident for incident in changed}
        return changed

    @property
    def now(self) -> datetime:
        return DAY + timedelta(days=self.day)

    def act(self, action: str, **options: object) -> Incident:
        (incident,) = self.known.values()
        changed = act(incident, action, who="ada", why="looked at it", now=self.now, **options)  # type: ignore[arg-type]
        self.known[changed.incident_id] = changed
        return changed


@pytest.fixture
def morning() -> Mornings:
    return Mornings()


def test_a_failing_check_opens_an_incident_that_says_what_was_found(morning: Mornings) -> None:
    (incident,) = morning(check("volume_drop", severity="critical"), check("length", fails=False))
    assert (incident.source_id, incident.cause, incident.status) == ("post", "delivery", "open")
    assert (incident.severity, incident.summary) == ("critical", "volume_drop: 3, expected 9 or more")
    assert (incident.opened_at, incident.opened_run_id, incident.days) == (DAY, "daily-0", 1)


def test_checks_of_one_cause_are_one_incident_and_those_of_two_causes_two(morning: Mornings) -> None:
    changed = morning(check("volume_drop"), check("freshness"), check("length"), check("length", source="echo"))
    assert [(i.source_id, i.cause, i.check_names) for i in changed] == [
        ("post", "delivery", ("volume_drop", "freshness")),
        ("post", "parser", ("length",)),
        ("echo", "parser", ("length",)),
    ]


def test_nothing_opens_twice_for_one_cause(morning: Mornings) -> None:
    morning(check("field_origin"))
    changed = morning(check("field_origin"), check("length"))
    (incident,) = morning.known.values()
    assert changed == [incident]
    assert (incident.days, incident.check_names) == (2, ("field_origin", "length"))


def test_an_incident_that_gets_worse_says_so(morning: Mornings) -> None:
    morning(check("length"))
    (incident,) = morning(check("empty_share", severity="critical"))
    assert (incident.severity, incident.events[-1].action) == ("critical", "worse")


def test_recovery_resolves_and_a_relapse_within_three_days_reopens(morning: Mornings) -> None:
    morning(check("length"))
    (incident,) = morning(check("length", fails=False))
    assert (incident.status, incident.resolved_at) == ("resolved", morning.now)
    (again,) = morning(check("length"))
    assert (again.incident_id, again.status, again.resolved_at) == (incident.incident_id, "open", None)
    morning(check("length", fails=False))
    for _ in range(3):
        assert morning(check("length", fails=False)) == []
    (other,) = morning(check("length"))
    assert other.incident_id != incident.incident_id


def test_a_cause_that_was_not_judged_is_left_as_it_is(morning: Mornings) -> None:
    morning(check("length"))
    assert morning(check("volume_drop", fails=False)) == []
    assert [i.status for i in morning.known.values()] == ["open"]


def test_assessing_a_run_again_changes_nothing(morning: Mornings) -> None:
    morning(check("length"))
    assert morning.again(check("length")) == morning.again(check("length", fails=False)) == []


def test_an_older_run_that_is_assessed_again_resolves_nothing(morning: Mornings) -> None:
    morning(check("length", fails=False))
    (incident,) = morning(check("length"))
    before = replace(check("length", fails=False), checked_at=DAY)
    later = morning.now + timedelta(hours=1)
    assert advance([incident], [before], run_id="daily-0", now=later) == []
    (resolved,) = morning(check("length", fails=False))
    stale = replace(check("length"), checked_at=incident.last_failed_at)
    assert advance([resolved], [stale], run_id="daily-1", now=later) == []


def test_what_is_muted_opens_again_only_when_the_mute_has_ended(morning: Mornings) -> None:
    morning(check("length"))
    muted = morning.act("mute", until=DAY + timedelta(days=2))
    assert (muted.status, muted.events[-1].who) == ("muted", "ada")
    (worse,) = morning(check("empty_share", severity="critical"))
    assert worse.status == "muted"
    (open_again,) = morning(check("length"))
    assert (open_again.status, open_again.muted_until) == ("open", None)
    assert [event.action for event in open_again.events] == ["open", "mute", "worse", "unmuted"]


def test_what_a_person_resolved_is_a_new_incident_when_it_happens_again(morning: Mornings) -> None:
    (before,) = morning(check("length"))
    morning.act("resolve")
    (after,) = morning(check("length"))
    assert after.incident_id != before.incident_id


def test_an_acknowledged_incident_stays_so_until_recovery(morning: Mornings) -> None:
    morning(check("length"))
    morning.act("mute", until=DAY + timedelta(days=9))
    morning.act("ack")
    (incident,) = morning(check("length"))
    assert (incident.status, incident.muted_until) == ("acknowledged", None)
    assert [event.action for event in incident.events] == ["open", "mute", "ack"]
    assert morning(check("length", fails=False))[0].status == "resolved"


def test_a_mute_without_an_end_and_an_act_on_what_is_resolved_are_errors(morning: Mornings) -> None:
    (incident,) = morning(check("length"))
    with pytest.raises(ConfigError, match="until when"):
        act(incident, "mute", who="ada", why=None, now=DAY, until=DAY)
    done = act(incident, "resolve", who="ada", why=None, now=DAY)
    with pytest.raises(ConfigError, match="is resolved since"):
        act(done, "ack", who="ada", why=None, now=DAY)


def test_the_suite_of_a_batch_is_one_incident_and_information_is_none(morning: Mornings) -> None:
    suite = replace(check("same_body", source=None), suite="great_expectations")
    (incident,) = morning(suite, check("section_new", severity="info"), check("date_missing"))
    assert (incident.source_id, incident.cause) == (None, "batch")


@given(st.lists(st.lists(st.tuples(st.sampled_from(sorted(CAUSES)), st.booleans()), max_size=6), max_size=12))
def test_at_most_one_incident_of_a_cause_lasts_at_any_time(days: list[list[tuple[str, bool]]]) -> None:
    morning = Mornings()
    for checks in days:
        morning(*(check(name, fails=fails) for name, fails in checks))
        lasting = [incident for incident in morning.known.values() if incident.lasts]
        assert len({incident.cause for incident in lasting}) == len(lasting)
        heard = {name for incident in lasting for name in incident.check_names}
        assert {name for name, fails in checks if fails} <= heard


def test_another_layout_is_an_incident_of_its_own(morning: Mornings) -> None:
    (incident,) = morning(check("layout_drift"), check("length", fails=False))
    assert (incident.cause, incident.check_names) == ("layout", ("layout_drift",))
    (incident,) = morning(check("layout_drift", fails=False), check("length", fails=False))
    assert incident.status == "resolved"


def test_another_layout_that_breaks_the_parser_is_one_incident_of_the_parser(morning: Mornings) -> None:
    (incident,) = morning(check("layout_drift"), check("empty_share", severity="critical"))
    assert (incident.cause, incident.check_names) == ("parser", ("empty_share", "layout_drift"))


def test_rows_that_are_kept_out_are_one_incident_whoever_counts_them(morning: Mornings) -> None:
    (incident,) = morning(check("quarantine_rate"), check("rejected_share"))
    assert (incident.cause, incident.check_names) == ("parser", ("rejected_share", "quarantine_rate"))


def test_rows_that_rules_keep_out_of_a_source_without_a_past_are_an_incident_of_their_own(morning: Mornings) -> None:
    (incident,) = morning(check("quarantine_rate"), replace(check("rejected_share", fails=False), value=None))
    assert incident.cause == "quarantine"


def test_a_parser_that_breaks_a_day_after_the_layout_changed_makes_that_incident_worse(morning: Mornings) -> None:
    morning(check("layout_drift"))
    (incident,) = morning(check("layout_drift"), check("length"))
    assert len(morning.known) == 1
    assert (incident.cause, [event.action for event in incident.events]) == ("parser", ["open", "worse"])


def test_a_parser_that_is_mended_while_the_layout_is_still_new_keeps_its_incident(morning: Mornings) -> None:
    morning(check("layout_drift"), check("length"))
    (incident,) = morning(check("layout_drift"), check("length", fails=False))
    assert (incident.cause, incident.status, len(morning.known)) == ("parser", "open", 1)
    (incident,) = morning(check("layout_drift", fails=False), check("length", fails=False))
    assert incident.status == "resolved"


def test_another_layout_while_an_older_break_is_over_is_an_incident_of_its_own(morning: Mornings) -> None:
    morning(check("length"), check("layout_drift", fails=False))
    morning(check("length", fails=False), check("layout_drift", fails=False))
    (incident,) = morning(check("length", fails=False), check("layout_drift"))
    assert incident.cause == "layout"


def test_a_day_with_too_little_to_judge_is_no_recovery(morning: Mornings) -> None:
    morning(check("length"))
    assert morning(replace(check("length", fails=False), value=None)) == []
    (incident,) = morning(check("length", fails=False))
    assert incident.status == "resolved"


def test_a_drop_that_rejected_pages_explain_is_no_second_alarm(morning: Mornings) -> None:
    (incident,) = morning(check("empty_share", severity="critical"), check("volume_drop"), check("section_vanished"))
    assert incident.cause == "parser"
    assert set(incident.check_names) == {"empty_share", "volume_drop", "section_vanished"}


def test_a_drop_beside_a_lost_field_is_another_matter(morning: Mornings) -> None:
    assert {i.cause for i in morning(check("authors_null_rate"), check("volume_drop"))} == {"parser", "delivery"}


def test_a_drop_that_a_vanished_section_explains_is_no_second_alarm(morning: Mornings) -> None:
    (incident,) = morning(check("section_vanished"), check("volume_drop", severity="critical"))
    assert (incident.cause, incident.severity) == ("sections", "critical")


def test_what_is_muted_does_not_hide_what_is_worse(morning: Mornings) -> None:
    morning(check("layout_drift"))
    morning.act("mute", until=DAY + timedelta(days=9))
    (incident,) = morning(check("layout_drift"), check("empty_share", severity="critical"))
    assert (incident.cause, incident.status) == ("parser", "open")


def test_one_good_day_does_not_undo_a_mute(morning: Mornings) -> None:
    morning(check("length"))
    morning.act("mute", until=DAY + timedelta(days=30))
    morning(check("length", fails=False))
    (incident,) = morning(check("length"))
    assert (incident.status, incident.muted_until) == ("muted", DAY + timedelta(days=30))
    assert [event.action for event in incident.events] == ["open", "mute", "resolve", "reopen"]


def test_a_mute_that_ended_on_a_good_day_is_over(morning: Mornings) -> None:
    morning(check("length"))
    morning.act("mute", until=DAY + timedelta(hours=30))
    morning(check("length", fails=False))
    (incident,) = morning(check("length"))
    assert (incident.status, incident.muted_until, incident.events[-1].action) == ("open", None, "reopen")


def test_one_good_day_does_not_undo_an_acknowledgement(morning: Mornings) -> None:
    morning(check("length"))
    morning.act("ack")
    for _ in range(2):
        morning(check("length", fails=False))
        (incident,) = morning(check("length"))
        assert incident.status == "acknowledged"


def test_what_comes_back_worse_says_so(morning: Mornings) -> None:
    morning(check("length"))
    morning(check("length", fails=False))
    (incident,) = morning(check("empty_share", severity="critical"))
    assert [event.action for event in incident.events][-2:] == ["reopen", "worse"]


def test_a_check_that_was_not_made_is_no_recovery(morning: Mornings) -> None:
    suite = [replace(check(name, source=None), suite="great_expectations") for name in ("same_body", "title_filled")]
    morning(*suite)
    passes = [replace(one, status="pass") for one in suite]
    assert morning(passes[0]) == []
    (incident,) = morning(*passes)
    assert incident.status == "resolved"


def _in_suite(name: str, severity: str = "warning", *, fails: bool = True) -> CheckResult:
    return replace(check(name, source=None, severity=severity, fails=fails), suite="great_expectations")


def test_a_check_that_is_mere_information_by_now_ends_its_incident_where_it_passes(morning: Mornings) -> None:
    morning(_in_suite("quarantine_within_limit", "critical"))  # as an earlier version judged it
    passes = _in_suite("same_body", fails=False)
    assert morning(_in_suite("quarantine_within_limit", "info"), passes) == []
    (incident,) = morning(_in_suite("quarantine_within_limit", "info", fails=False), passes)
    assert (incident.status, incident.resolved_at) == ("resolved", morning.now)


def test_an_incident_of_what_is_mere_information_by_now_is_closed_after_two_weeks(morning: Mornings) -> None:
    morning(_in_suite("quarantine_within_limit", "critical"))
    still = [_in_suite("quarantine_within_limit", "info"), _in_suite("same_body", fails=False)]
    for _ in range(13):
        assert morning(*still) == []
    (incident,) = morning(*still)
    assert incident.status == "resolved"


def test_information_opens_no_incident_and_holds_none_open(morning: Mornings) -> None:
    assert morning(_in_suite("first_author_filled", "info")) == []
    morning(_in_suite("same_body"))
    (incident,) = morning(_in_suite("same_body", fails=False), _in_suite("first_author_filled", "info"))
    assert incident.status == "resolved"


def test_an_incident_that_no_check_can_judge_any_more_is_closed_after_two_weeks(morning: Mornings) -> None:
    morning(check("length"))
    unjudged = replace(check("length", fails=False), value=None)
    for _ in range(13):
        assert morning(unjudged) == []
    (incident,) = morning(unjudged)
    assert (incident.status, incident.resolved_at) == ("resolved", morning.now)
    assert (incident.events[-1].action, incident.events[-1].why) == ("resolve", "not judged for 14 days")
    assert morning(unjudged) == []


def test_an_incident_that_fails_for_weeks_is_not_closed(morning: Mornings) -> None:
    morning(check("layout_drift"))
    morning.act("mute", until=DAY + timedelta(days=60))
    for _ in range(20):
        morning(check("layout_drift"), check("length"))
    assert [(i.cause, i.status) for i in morning.known.values()] == [("layout", "muted"), ("parser", "open")]


def test_an_incident_of_a_source_that_is_gone_is_closed(morning: Mornings) -> None:
    morning(check("length"), check("length", source="echo"), check("same_body", source=None))
    (incident,) = morning.again(sources={"post"})
    assert (incident.source_id, incident.status) == ("echo", "resolved")
    assert incident.events[-1].why == "source removed or disabled"


def test_what_is_muted_gets_its_checks_back_when_the_parser_is_mended(morning: Mornings) -> None:
    morning(check("layout_drift"))
    morning.act("mute", until=DAY + timedelta(days=30))
    morning(check("layout_drift"), check("empty_share", severity="critical"))
    changed = morning(check("layout_drift"), check("empty_share", fails=False))
    assert {i.cause: i.status for i in changed} == {"layout": "muted", "parser": "resolved"}


def test_a_parser_that_cannot_be_judged_keeps_what_is_joined_to_it(morning: Mornings) -> None:
    morning(check("layout_drift"))
    morning.act("mute", until=DAY + timedelta(days=30))
    morning(check("layout_drift"), check("empty_share", severity="critical"))
    (incident,) = morning(check("layout_drift"), replace(check("empty_share", fails=False), value=None))
    assert (incident.cause, incident.status) == ("parser", "open")


def test_joined_causes_stay_together_whichever_of_their_checks_fails(morning: Mornings) -> None:
    morning(check("empty_share", severity="critical"), check("freshness"), check("volume_drop", fails=False))
    (incident,) = morning(
        check("empty_share", fails=False), check("freshness", fails=False), check("volume_drop", severity="critical")
    )
    assert (incident.cause, incident.status, len(morning.known)) == ("parser", "open", 1)


def test_a_joined_check_that_cannot_be_judged_does_not_keep_the_incident_open(morning: Mornings) -> None:
    morning(check("empty_share", severity="critical"), check("volume_drop"))
    holiday = replace(check("volume_drop", fails=False), value=None)
    (incident,) = morning(check("empty_share", fails=False), holiday)
    assert incident.status == "resolved"
