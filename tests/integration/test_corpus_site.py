"""Real pages of many publishers, served on loopback as one site with a feed, through the whole DAG under Airflow."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape

import pytest
from deltalake import DeltaTable

from newshouse.layout import DataLayout

# Every page of the site is an article, so every one must land; one that does not is named with its reason.
LANDED = 125
SOURCE = """\
id: corpus
name: Corpus
country: DE
language: en
timezone: UTC
homepage: {root}/
feeds: [{root}/feed.xml]
politeness: {{delay_seconds: 0}}
allow_private: true
"""


class Site(BaseHTTPRequestHandler):
    """Answers /robots.txt with 404, /feed.xml with all pages, /<id> with the page's bytes."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        name = self.path.strip("/")
        body = self._feed() if name == "feed.xml" else self.pages.get(name)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/rss+xml" if name == "feed.xml" else "text/html")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def _feed(self) -> bytes:
        date = format_datetime(datetime(2026, 3, 4, tzinfo=UTC))
        items = "".join(
            f"<item><title>{escape(name)}</title><link>/{escape(name)}</link><pubDate>{date}</pubDate></item>"
            for name in self.pages
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>c</title>{items}</channel></rss>".encode()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(shared: Path) -> Iterator[str]:
    folder = shared / "corpora" / "fundus_dev" / "html"
    Site.pages = {p.name.removesuffix(".html.gz"): gzip.decompress(p.read_bytes()) for p in sorted(folder.glob("*.gz"))}
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_site_of_real_pages_lands_through_the_dag(site: str, tmp_path: Path, committed_rows) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "corpus.yaml").write_text(SOURCE.format(root=site))
    data = tmp_path / "data"
    command = [sys.executable, "-m", "newshouse", "airflow", "run", "--day", "2026-03-05"]

    done = subprocess.run(
        [*command, "--sources", str(tmp_path / "sources"), "--data", str(data)],
        capture_output=True, text=True, check=False, env=os.environ | {"NEWSHOUSE_CONTACT": "test@example.org"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    rows = committed_rows(DataLayout(data))
    pages = len(Site.pages)
    dropped = [row for row in rows["rejections"] if row["stage"] != "discover"]
    assert pages == LANDED
    assert len([row for row in rows["fetches"] if row["purpose"] == "article"]) == pages
    assert len(rows["articles"]) + len(dropped) == pages
    assert len(rows["articles"]) == LANDED, json.dumps([(row["url"], row["reasons"]) for row in dropped])
    assert DeltaTable(str(DataLayout(data).table("runs"))).to_pyarrow_table().num_rows == 5
