"""`newshouse sources add`: a draft of a source file, from a homepage."""

from __future__ import annotations

import json

from rich.console import Console

from newshouse.archive.ledger import Ledger
from newshouse.archive.shelf import keep
from newshouse.errors import ConfigError, PermanentError
from newshouse.fetch.client import Fetcher
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.sources.draft import draft_source
from newshouse.sources.model import Source
from newshouse.storage.files import write_text
from newshouse.urls import host_of


def add_source(settings: Settings, url: str, console: Console, *, as_json: bool) -> int:
    """Draft a source file from a homepage and write it into the sources folder.

    Raises:
        ConfigError: the sources folder is the bundled one, the file exists, or `url` is no address.
        PermanentError: the homepage cannot be fetched.
    """
    if settings.sources == SAMPLE_SOURCES:
        raise ConfigError("say which folder the file belongs to: newshouse sources add URL --sources include/sources")
    if not url.lower().startswith(("http://", "https://")):
        raise ConfigError(f"{url}: write the whole address of the homepage, such as https://www.example.com/")
    visitor = Source("draft", "Draft", "ZZ", "und", "UTC", url)
    layout, run_id = DataLayout(settings.data), f"add-{stable_id(url)[:8]}-{settings.now():%Y%m%dT%H%M%S}"
    warc, journal = (
        layout.warc(settings.now(), run_id, "00", "add"),
        layout.run(run_id).batch("00").journal("add"),
    )
    with (
        Ledger.open(archive=layout.archive, warc=warc, journal=journal) as ledger,
        Fetcher(settings, ledger, run_id=run_id, batch="00", layout=layout) as fetcher,
    ):

        def probe(address: str) -> bytes | None:
            capture = fetcher.get(address, source=visitor, purpose="page")
            return fetcher.body(capture) if capture.outcome == "fetched" else None

        homepage = fetcher.get(url, source=visitor, purpose="page")
        if homepage.outcome != "fetched":
            raise PermanentError(homepage.outcome, f"{url}: {homepage.detail or homepage.status}")
        text = draft_source(homepage.final_url or url, fetcher.body(homepage), probe)
    keep(layout.archive, [warc.relative_to(layout.archive / "").as_posix()])
    path = settings.sources / f"{_drafted_id(text, url)}.yaml"
    if path.exists():
        raise ConfigError(f"{path}: exists already. Move it away first.")
    write_text(path, text)
    if as_json:
        console.print_json(json.dumps({"file": str(path)}))
    else:
        check = f"newshouse sources check --sources {settings.sources}"
        console.print(f"{path}: look it over, fill in what is marked, then: {check}", markup=False, soft_wrap=True)
    return 0


def _drafted_id(text: str, url: str) -> str:
    for line in text.splitlines():
        if line.startswith("id:"):
            return line.removeprefix("id:").strip()
    return host_of(url).split(":")[0].replace(".", "-")
