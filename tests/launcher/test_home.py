from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from newshouse.errors import ConfigError, StorageError
from newshouse.launcher.home import AirflowHome
from newshouse.settings import Settings


def test_the_environment_carries_every_setting_to_the_child(settings: Settings) -> None:
    given = replace(
        settings, proxy="http://127.0.0.1:1", contact="desk@example.org", revisit_hours=(2.0, 5.5), batches=7
    )
    environment = AirflowHome.prepare(given).environment(given)
    assert Settings.from_env(environment) == given


def test_an_airflow_that_the_user_has_elsewhere_does_not_leak_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("AIRFLOW__SENTRY__SENTRY_ON", "true")
    monkeypatch.setenv("AIRFLOW_HOME", "/home/somebody/airflow")
    monkeypatch.setenv("AIRFLOW_CONN_MAIL", "smtp://mail.example")
    environment = AirflowHome.prepare(settings).environment(settings)
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["AIRFLOW_HOME"] == str(settings.data / "airflow")
    assert "AIRFLOW__SENTRY__SENTRY_ON" not in environment
    assert environment["AIRFLOW_CONN_MAIL"] == "smtp://mail.example"  # a connection is wanted


def test_all_addresses_name_the_same_loopback_port(settings: Settings) -> None:
    environment = AirflowHome.prepare(settings).environment(settings, port=9999)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__PORT"] == "9999"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:9999"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:9999/execution/"


def test_secrets_are_made_once_and_nobody_else_can_read_them(settings: Settings, tmp_path: Path) -> None:
    home = AirflowHome.prepare(settings)
    first, second = home.environment(settings), home.environment(settings)
    other = replace(settings, data=tmp_path / "other")
    elsewhere = AirflowHome.prepare(other).environment(other)
    names = ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__CORE__FERNET_KEY")
    assert [first[name] for name in names] == [second[name] for name in names]
    assert not {first[name] for name in names} & {elsewhere[name] for name in names}
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_the_password_is_kept_and_private(settings: Settings) -> None:
    home = AirflowHome.prepare(settings)
    home.make_password()
    password = json.loads(home.passwords.read_text())["admin"]
    home.make_password()
    assert json.loads(home.passwords.read_text()) == {"admin": password}
    assert len(password) >= 20
    assert stat.S_IMODE(home.passwords.stat().st_mode) == 0o600


def test_a_damaged_secrets_file_is_named(settings: Settings) -> None:
    home = AirflowHome.prepare(settings)
    (home.path / "secrets.json").write_text("[")
    with pytest.raises(ConfigError, match=r"secrets\.json: damaged .* Delete it"):
        home.environment(settings)


def test_a_data_folder_that_cannot_be_made_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="a file is where a folder should be"):
        AirflowHome.prepare(replace(settings, data=tmp_path / "file" / "data"))


def test_only_one_launcher_at_a_time(settings: Settings) -> None:
    home = AirflowHome.prepare(settings)
    with home.reserved(), pytest.raises(ConfigError, match=f"in use by another .* {os.getpid()}"), home.reserved():
        pass
    with home.reserved():
        pass
