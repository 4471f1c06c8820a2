"""The data root in a bucket: how it is named, and what is said when it cannot be reached."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.fs as pa_fs
import pytest

from newshouse import cli
from newshouse.console.doctor import CHECKS
from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.lineage.datasets import lasting_place
from newshouse.schemas import ARTICLES
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket, opened
from newshouse.warehouse.tables import snapshot


def test_a_bucket_is_read_from_the_environment_with_its_store_and_its_folder(tmp_path: Path) -> None:
    env = {
        "NEWSHOUSE_DATA": "s3://the-news/daily/",
        "NEWSHOUSE_LOCAL": str(tmp_path),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9000/",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    settings = Settings.from_env(env)
    assert settings.data == Bucket("the-news", "daily", tmp_path, "http://127.0.0.1:9000", "eu-west-1")
    assert settings.folder == DataLayout(settings.data).root == tmp_path
    assert Settings.from_env(env | settings.as_env()) == settings


@pytest.mark.parametrize(("url", "folder"), [("s3://the-news", "the-news"), ("s3://the-news/a/b", "the-news--a--b")])
def test_each_bucket_has_a_folder_of_its_own_by_default(url: str, folder: str) -> None:
    settings = Settings.from_env({"NEWSHOUSE_DATA": url})
    assert settings.folder == Path("data/s3").absolute() / folder
    assert Settings.from_env(settings.as_env()).folder == settings.folder


def test_a_folder_beside_no_bucket_changes_nothing(tmp_path: Path) -> None:
    env = {"NEWSHOUSE_DATA": str(tmp_path / "data"), "NEWSHOUSE_LOCAL": str(tmp_path / "here")}
    assert Settings.from_env(env).folder == tmp_path / "data"


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///prefix", "s3://Not_A_Bucket", "s3://the-news/a//b", "s3://the-news/a b", "s3://the-news/../up",
     "s3://the-news/a%20b", "gs://the-news", "https://the-news.s3.amazonaws.com"],
)  # fmt: skip
def test_what_is_no_address_of_a_bucket_is_refused_by_the_name_of_its_key(url: str) -> None:
    with pytest.raises(ConfigError, match="NEWSHOUSE_DATA") as refused:
        Settings.from_env({"NEWSHOUSE_DATA": url})
    assert "s3://bucket" in str(refused.value) or "prefix" in str(refused.value)


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError, match="no credentials in the address") as refused:
        Settings.from_env({"NEWSHOUSE_DATA": "s3://AKIAKEY:the-secret@the-news/daily"})
    assert "the-secret" not in str(refused.value)
    with pytest.raises(ConfigError, match="AWS_ENDPOINT_URL") as refused:
        Settings.from_env({"NEWSHOUSE_DATA": "s3://the-news", "AWS_ENDPOINT_URL": "http://me:the-secret@store"})
    assert "the-secret" not in str(refused.value)


def test_a_setting_that_would_lose_commits_is_refused() -> None:
    with pytest.raises(ConfigError, match="AWS_S3_ALLOW_UNSAFE_RENAME"):
        Settings.from_env({"NEWSHOUSE_DATA": "s3://the-news", "AWS_S3_ALLOW_UNSAFE_RENAME": "true"})


def published(
    patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, endpoint: str, local: Path
) -> tuple[int, str]:
    """The exit code of a verb that wants the tables, and what it says."""
    patch.setenv("AWS_ENDPOINT_URL", endpoint)
    patch.setenv("NEWSHOUSE_LOCAL", str(local))
    code = cli.main(["publish", "--data", url])
    return code, capsys.readouterr().err


def test_a_missing_bucket_is_named(
    s3_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = published(monkeypatch, capsys, "s3://no-such-news/daily", s3_address, tmp_path)
    assert code == ConfigError.exit_code
    assert "s3://no-such-news/daily: NEWSHOUSE_DATA: no such bucket" in said
    assert not (tmp_path / "bucket").exists()  # the folder is free for the right one


def test_wrong_credentials_are_told_without_repeating_them(
    guarded_s3_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = published(monkeypatch, capsys, "s3://the-news", guarded_s3_address, tmp_path)
    assert code == ConfigError.exit_code
    assert "does not know these credentials" in said
    assert "AWS_SECRET_ACCESS_KEY" in said
    assert "AKIATEST" not in said
    assert "a-secret-of-the-tests" not in said


def test_credentials_of_a_profile_are_found(bucket_at: Callable[[Path], Bucket], tmp_path: Path) -> None:
    bucket = bucket_at(tmp_path / "here")
    known = tmp_path / "credentials"
    known.write_text("[press]\naws_access_key_id = AKIAPRESS\naws_secret_access_key = hush\n")
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    env = {name: value for name, value in os.environ.items() if name not in keys}
    env |= {
        "AWS_PROFILE": "press",
        "AWS_SHARED_CREDENTIALS_FILE": str(known),
        "AWS_ENDPOINT_URL": bucket.endpoint or "",
    }
    env |= {"NEWSHOUSE_LOCAL": str(bucket.local), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "newshouse", "publish", "--data", bucket.url]
    assert subprocess.run(command, env=env, check=False, timeout=120).returncode == 0


def test_a_store_that_does_not_answer_is_told_from_a_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = published(monkeypatch, capsys, "s3://the-news", "http://127.0.0.1:1", tmp_path)
    assert code == StorageError.exit_code
    assert "does not answer" in said
    assert "AWS_ENDPOINT_URL" in said


def test_a_store_that_goes_away_half_way_is_an_error_of_the_storage(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path
) -> None:
    bucket = bucket_at(tmp_path)
    opened(bucket)
    gone = replace(bucket, endpoint="http://127.0.0.1:1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newshouse.storage.folders.opened", lambda _: opened(bucket))
        with pytest.raises(StorageError, match="does not answer"):
            snapshot(DataLayout(gone), ARTICLES)


def test_a_folder_that_belongs_to_other_data_is_not_used(bucket_at: Callable[[Path], Bucket], tmp_path: Path) -> None:
    bucket = bucket_at(tmp_path / "here")
    opened(bucket)
    with pytest.raises(ConfigError, match=rf"NEWSHOUSE_LOCAL.*belongs to {bucket.url}"):
        opened(replace(bucket, prefix="another"))
    (tmp_path / "old" / "warehouse").mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"NEWSHOUSE_LOCAL.*a data folder of its own"):
        opened(replace(bucket, local=tmp_path / "old"))


def test_a_bucket_of_the_same_name_in_another_store_is_other_data(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path
) -> None:
    bucket = bucket_at(tmp_path)
    opened(bucket)
    elsewhere = replace(bucket, endpoint="http://127.0.0.1:1")
    for other, store in ((elsewhere, "http://127.0.0.1:1"), (replace(bucket, endpoint=None), "AWS")):
        with pytest.raises(ConfigError, match=rf"belongs to {bucket.url} at {bucket.endpoint}.*{store}.*delete"):
            opened(other)


def test_a_mark_that_names_no_store_is_taken_and_written_anew(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path
) -> None:
    bucket = bucket_at(tmp_path)
    (tmp_path / "bucket").write_text(f"{bucket.url}\n")
    opened(bucket)
    assert (tmp_path / "bucket").read_text().split() == [bucket.url, bucket.endpoint]


def test_a_store_that_ignores_the_condition_of_commits_is_refused_before_and_after_it_is_known(
    bucket_at: Callable[[Path], Bucket], tmp_path: Path
) -> None:
    new, known = bucket_at(tmp_path / "new"), bucket_at(tmp_path / "known")
    opened(known)
    for bucket in (new, known):
        urllib.request.urlopen(f"{bucket.endpoint}/_careless?{bucket.name}", timeout=10).close()  # noqa: S310 -- ours
    with pytest.raises(ConfigError, match=rf"{new.url}.*If-None-Match.*Use a store"):
        opened(new)
    assert not (tmp_path / "new" / "bucket").exists()
    with pytest.raises(ConfigError, match="If-None-Match"):
        dict(CHECKS)["object store"](Settings(data=known))
    left = opened(known).get_file_info(pa_fs.FileSelector(known.path(), recursive=True))
    assert not [info.path for info in left if info.type == pa_fs.FileType.File]


def test_lineage_names_what_lasts_by_bucket_and_key(tmp_path: Path) -> None:
    layout = DataLayout(Bucket.at("s3://the-news/daily", local=tmp_path))
    assert lasting_place(layout, "archive") == ("s3://the-news", "daily/archive")
    assert lasting_place(DataLayout(tmp_path), "archive") == ("file", str(tmp_path / "archive"))
