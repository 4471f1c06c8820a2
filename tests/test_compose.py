"""What can be said of the cluster without a container engine: the file is valid, complete and keeps its secrets."""

from __future__ import annotations

import base64
import importlib.util
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from newshouse.launcher.home import PROJECT
from newshouse.settings import Settings

COMPOSE = PROJECT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
AIRFLOW_PARTS = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::([-?])((?:[^{}]|\$\{[^}]*\})*))?\}")  # a default may hold one more


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services with all anchors resolved."""
    found: dict[str, Any] = yaml.safe_load(TEXT)["services"]
    return found


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """What `.env.example` sets; empty values are the secrets."""
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_file_is_valid_by_the_compose_specification() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    command = [str(tool), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout


def test_every_part_of_airflow_is_there_with_its_database_and_queue(services: dict[str, Any]) -> None:
    assert set(services) == AIRFLOW_PARTS | {"postgres", "redis"}


def test_every_dependency_exists_and_can_become_what_is_waited_for(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[other], f"{name} waits for the health of {other}"
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert services[other]["restart"] == "no", f"{other} never completes"


def test_the_parts_wait_for_the_migration_and_the_worker_for_the_api(services: dict[str, Any]) -> None:
    for name in AIRFLOW_PARTS - {"init"}:
        assert {"init", "postgres", "redis"} <= set(services[name]["depends_on"])
    assert "api-server" in services["worker"]["depends_on"]


def test_host_names_in_addresses_are_names_of_services(services: dict[str, Any]) -> None:
    addresses = [v for v in services["worker"]["environment"].values() if "://" in v and "127.0.0.1" not in v]
    hosts = {re.sub(r".*@|.*://|[:/].*", "", VARIABLE.sub("x", address)) for address in addresses}
    assert hosts == {"postgres", "redis", "api-server"}


def test_only_the_ui_is_published_and_only_on_loopback(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(published) == ["api-server"]
    assert all(port.startswith("127.0.0.1:") for port in published["api-server"])


def test_links_to_airflow_lead_where_people_reach_it(services: dict[str, Any]) -> None:
    (found,) = VARIABLE.findall(services["worker"]["environment"]["AIRFLOW__API__BASE_URL"])
    assert found == ("AIRFLOW_URL", "-", "http://127.0.0.1:${AIRFLOW_PORT:-8080}")
    assert "AIRFLOW_URL=" in (PROJECT / ".env.example").read_text(encoding="utf-8")


def test_all_parts_share_one_environment_and_one_data_folder_under_the_same_path(services: dict[str, Any]) -> None:
    for name in AIRFLOW_PARTS:
        assert services[name]["environment"].items() >= services["worker"]["environment"].items()
        source, target = re.split(r"(?<=\}):", services[name]["volumes"][0])
        assert source == target == services[name]["environment"]["NEWSHOUSE_DATA"]


def test_a_secret_has_no_default_and_is_asked_for(example: dict[str, str]) -> None:
    secrets = {name for name, value in example.items() if not value}
    assert secrets == {
        "ADMIN_PASSWORD",
        "FERNET_KEY",
        "JWT_SECRET",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "SECRET_KEY",
    }
    used = {(name, sign) for name, sign, _ in VARIABLE.findall(TEXT)}
    assert {name: sign for name, sign in used if name in secrets} == dict.fromkeys(secrets, "?")
    assert not re.search(r"(?i)(password|secret|key): *[a-z0-9]", TEXT)


def test_every_variable_without_a_default_is_in_the_example(example: dict[str, str]) -> None:
    assert {name for name, sign, _ in VARIABLE.findall(TEXT) if sign != "-"} <= set(example)


def test_the_settings_that_reach_a_container_are_settings_of_newshouse(services: dict[str, Any]) -> None:
    given = {k: "1" for k in services["worker"]["environment"] if k.startswith("NEWSHOUSE_")}
    given |= {
        "NEWSHOUSE_PROXY": "http://proxy.example:3128",
        "NEWSHOUSE_RIGHTS": "obey",
        "NEWSHOUSE_CONTACT": "a@b.example",
    }
    assert Settings.from_env(given).contact == "a@b.example"


def test_every_setting_that_the_readme_names_can_be_set_in_the_env_file(services: dict[str, Any]) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(NEWSHOUSE_[A-Z_]+)` \|", readme, re.MULTILINE)) - {"NEWSHOUSE_LOCAL"}
    assert named
    for name in named - {"NEWSHOUSE_SOURCES"}:  # the image has them
        assert name in {found for found, _, _ in VARIABLE.findall(services["worker"]["environment"][name])}


def test_each_name_of_an_airflow_option_exists(services: dict[str, Any]) -> None:
    spec = importlib.util.find_spec("airflow")  # found, not imported: an import would make a home
    assert spec is not None and spec.origin is not None
    template = Path(spec.origin).parent / "config_templates" / "config.yml"
    sections = yaml.safe_load(template.read_text(encoding="utf-8"))
    for name in services["worker"]["environment"]:
        if name.startswith("AIRFLOW__"):
            _, section, option = name.lower().split("__")
            if section != "celery":  # described by its provider, which only the image has
                assert option in sections[section]["options"], name


def test_make_env_fills_in_secrets_that_nobody_else_can_read(tmp_path: Path, example: dict[str, str]) -> None:
    for name in ("Makefile", ".env.example"):
        (tmp_path / name).write_text((PROJECT / name).read_text())
    subprocess.run(["make", ".env"], cwd=tmp_path, check=True, capture_output=True)
    made = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines() if line[:1].isupper())
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert {name: value for name, value in made.items() if example[name]} == {k: v for k, v in example.items() if v}
    fresh = [value for name, value in made.items() if not example[name]]
    assert len(set(fresh)) == len(fresh) == 6
    assert {len(base64.urlsafe_b64decode(value)) for value in fresh} == {32}
