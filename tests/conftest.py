"""What every test gets: a data folder of its own, quick settings, and no way out but loopback."""

from __future__ import annotations

import ipaddress
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import hypothesis
import pyarrow.fs as pa_fs
import pytest

from newshouse import pipeline
from newshouse.archive.exchange import Exchange
from newshouse.desk import desk_for
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.records import Candidate, Capture
from newshouse.report import Tally
from newshouse.settings import Settings
from newshouse.storage.bucket import Bucket

# A slow machine is no bug. In CI the examples are the same each time, so that a red run can be repeated.
hypothesis.settings.register_profile("newshouse", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("newshouse")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own NEWSHOUSE_* settings never reach a test."""
    for name in [n for n in os.environ if n.startswith("NEWSHOUSE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of their own and no pauses."""
    return Settings(
        data=tmp_path / "data",
        delay_seconds=0.0,
        backoff_seconds=0.01,
        connect_timeout_seconds=2.0,
        read_timeout_seconds=2.0,
        exchange_timeout_seconds=4.0,
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development corpora, which are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the development corpora are not here ({SHARED.name}/ beside the project)")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _no_buckets_of_others() -> Iterator[None]:
    """A developer's own settings of AWS never reach a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            patch.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(name, os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIATESTTESTTESTTEST")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-tests")
        yield


@contextmanager
def s3_server(**environment: str) -> Iterator[str]:
    """moto's S3 server, in a process of its own. Gives its address."""
    pytest.importorskip("moto", reason="moto is not installed: pip install -r requirements-dev.txt")
    command = [sys.executable, str(Path(__file__).with_name("s3_server.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"  # type: ignore[union-attr]
        finally:
            server.kill()


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """An S3 server that takes any credentials."""
    with s3_server() as address:
        yield address


@pytest.fixture(scope="session")
def guarded_s3_address() -> Iterator[str]:
    """An S3 server that knows nobody."""
    with s3_server(INITIAL_NO_AUTH_ACTION_COUNT="0") as address:
        yield address


@pytest.fixture(scope="session")
def bucket_at(s3_address: str) -> Callable[[Path], Bucket]:
    """A fresh bucket with its folder on this disk."""
    numbers = itertools.count(1)

    def made(local: Path) -> Bucket:
        name = f"news-{next(numbers)}"
        pa_fs.S3FileSystem(endpoint_override=s3_address, allow_bucket_creation=True).create_dir(name)
        return Bucket.at(f"s3://{name}/daily/house", local=local, endpoint=s3_address, region="eu-west-1")

    return made


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two days of the sample newsroom. Copy it before you change anything."""
    from newshouse import cli

    folder = tmp_path_factory.mktemp("sample") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
        for day in ("2026-11-23", "2026-11-24"):
            assert cli.main(["run", "--day", day, "--data", str(folder)]) == 0
    return folder


_SOURCE = """id: post
name: The Harbour Post
country: SE
language: en
timezone: Europe/Stockholm
homepage: https://harbour-post.example/
"""


def _url(name: str) -> str:
    """The address of a page."""
    return f"https://harbour-post.example/{name}"


def _loaded(root: Path, pages: Mapping[str, str], at: datetime, feed_authors: tuple[str, ...] = ()) -> Settings:
    """Run `r` has these pages (by name), parsed, validated and loaded below `root`."""
    (root / "sources").mkdir()
    (root / "sources" / "post.yaml").write_text(_SOURCE)
    made = Settings(data=root / "data", sources=root / "sources")
    Manifest("r", at, {"00": ("post",)}).write(DataLayout(made.data).run("r").manifest)
    desk = desk_for(made, "r", "00")
    tally = {"post": Tally(in_count=len(pages), out_count=len(pages))}
    wanted = [Candidate("post", _url(name), _url(name), at, feed_authors=feed_authors) for name in pages]
    desk.finish_discover(wanted, [], [], tally)
    with desk.ledger("fetch") as ledger:
        captures = [ledger.record(_capture(name, at), [_answer(name, page, at)]) for name, page in pages.items()]
    desk.finish_fetch(captures, [], tally)
    for step in (pipeline.parse, pipeline.validate):
        step(made, "r", "00")
    pipeline.load(made, "r")
    return made


def _capture(name: str, at: datetime) -> Capture:
    return Capture(
        fetch_id=stable_id("r", name), run_id="r", batch="00", source_id="post", purpose="article", url=_url(name),
        url_key=_url(name), final_url=_url(name), status=200, outcome="fetched", requested_at=at, attempts=1,
    )  # fmt: skip


def _answer(name: str, page: str, at: datetime) -> Exchange:
    return Exchange(_url(name), at, "/", (), "HTTP/1.1", 200, "OK", (("Content-Type", "text/html"),), page.encode())


@pytest.fixture(scope="session")
def loaded() -> Callable[..., Settings]:
    """Load pages of one publisher as a run, without a network."""
    return _loaded
