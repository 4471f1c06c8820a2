from __future__ import annotations

from pathlib import Path

import pytest

from newshouse.alerts.config import Alerts, Email, Route, Slack, Webhook, load_alerts
from newshouse.errors import ConfigError
from newshouse.launcher.home import PROJECT
from newshouse.sources.load import load_sources
from newshouse.sources.model import Source
from newshouse.sources.strict import keys_of

WHOLE = """
dashboard: https://airflow.example.org/newshouse
slack:
  - name: newsroom
    url_from: SLACK_NEWSROOM_URL
email:
  - name: desk
    host: smtp.example.org
    sender: newshouse@example.org
    to: [ada@example.org, bo@example.org]
    user: newshouse
    password_from: SMTP_PASSWORD
webhook:
  - name: pager
    url: https://pager.example.org/in
    secret_from: PAGER_SECRET
routes:
  - to: [newsroom]
  - to: [desk]
    owners: [ada]
    digest: true
  - to: [pager, newsroom]
    severity: critical
"""


def read(tmp_path: Path, text: str) -> Alerts:
    path = tmp_path / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    return load_alerts(path)


def test_a_whole_file_is_read_as_channels_and_routes(tmp_path: Path) -> None:
    alerts = read(tmp_path, WHOLE)
    assert list(alerts.channels) == ["newsroom", "desk", "pager"]
    assert alerts.channels["newsroom"] == Slack("newsroom", "SLACK_NEWSROOM_URL")
    assert isinstance(alerts.channels["desk"], Email)
    assert (alerts.channels["desk"].port, alerts.channels["desk"].security) == (587, "starttls")
    assert isinstance(alerts.channels["pager"], Webhook)
    assert [route.severity for route in alerts.routes] == ["warning", "warning", "critical"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("    digest: true", "    digets: true"),
            "20: routes[1].digets: no such key. Nearest valid key: digest.",
        ),
        (
            ("to: [pager, newsroom]", "to: [pagr]"),
            "21: routes[2].to[0]: there is no channel 'pagr'. Nearest channel: pager.",
        ),
        (
            ("severity: critical", "severity: critcal"),
            "22: routes[2].severity: expected 'warning' or 'critical' (did you mean 'critical'?)",
        ),
        (
            ("name: pager", "name: desk"),
            "13: webhook[0].name: 'desk' is the name of the channel in line 6.",
        ),
        (
            ("    password_from: SMTP_PASSWORD\n", ""),
            "6: email[0]: user and password_from belong together",
        ),
        (
            ("    user: newshouse\n", "    user: newshouse\n    security: none\n"),
            "6: email[0]: a password without encryption",
        ),
        (
            ("to: [ada@example.org, bo@example.org]", 'to: ["ada@example.org\\nBcc: all@example.org"]'),
            "9: email[0].to[0]: expected an e-mail address",
        ),
        (
            ("url_from: SLACK_NEWSROOM_URL", "url_from: https://hooks.slack.example/T0"),
            "4: slack[0].url_from: expected the name of an environment variable",
        ),
        (
            ("url_from: SLACK_NEWSROOM_URL", "url_from: NEWSHOUSE_SLACK"),
            "4: slack[0].url_from: expected the name of an environment variable, not of NEWSHOUSE_",
        ),
        (
            ("    url: https://pager.example.org/in\n", ""),
            "13: webhook[0]: give url or url_from",
        ),
        (
            ("dashboard: https", "dashboard: ftp"),
            "1: dashboard: expected an absolute http(s) address",
        ),
    ],
)
def test_each_mistake_is_told_with_file_line_and_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = WHOLE.strip() + "\n"
    assert change[0] in text
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text.replace(*change))
    line, _, what = said.partition(": ")
    assert f"alerts.yaml:{line}: {what}" in str(raised.value)


def test_the_example_in_the_manual_loads_and_shows_every_key(tmp_path: Path) -> None:
    manual = (PROJECT / "docs" / "alerts.md").read_text(encoding="utf-8")
    example = manual.partition("```yaml\n")[2].partition("```")[0]
    assert list(read(tmp_path, example).channels) == ["newsroom", "desk", "pager"]
    records = (Alerts, Slack, Email, Webhook, Route)
    assert [key for record in records for key in keys_of(record) if f"{key}:" not in manual] == []


def test_a_file_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSHOUSE_ALERTS"):
        load_alerts(tmp_path / "alerts.yaml")


def source(**keys: object) -> Source:
    given = {"id": "post", "name": "Post", "country": "GB", "language": "en", "timezone": "Europe/London"}
    return Source(**given | {"homepage": "https://post.example"} | keys)  # type: ignore[arg-type]


def test_a_route_takes_the_sources_that_it_names_and_all_if_it_names_none() -> None:
    of_ada = source(owner="ada", tags=("local",))
    assert Route(("desk",)).takes("post", of_ada)
    assert Route(("desk",)).takes(None, None)
    assert Route(("desk",), owners=("ada",)).takes("post", of_ada)
    assert not Route(("desk",), owners=("bo",)).takes("post", of_ada)
    assert Route(("desk",), tags=("local", "wire")).takes("post", of_ada)
    assert not Route(("desk",), owners=("ada",), tags=("wire",)).takes("post", of_ada)
    assert Route(("desk",), sources=("post",)).takes("post", None)
    assert not Route(("desk",), sources=("post",)).takes(None, None)


def test_a_source_file_may_name_its_owner(tmp_path: Path) -> None:
    text = "id: post\nname: Post\ncountry: GB\nlanguage: en\ntimezone: Europe/London\nhomepage: https://post.example\n"
    (tmp_path / "post.yaml").write_text(text + "owner: ada\n")
    assert load_sources(tmp_path)["post"].owner == "ada"
