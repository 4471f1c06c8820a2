from __future__ import annotations

from newshouse.fetch.client import Fetcher
from newshouse.sources.model import Source


def test_a_page_is_fetched_archived_and_read_back(site, fetcher: Fetcher, source: Source, respond) -> None:
    site.routes["/a"] = respond(b"<p>News\x00</p>", ETag='"v1"', X_Odd="caf\xe9")
    capture = fetcher.get(f"{site.url}/a#top", source=source, purpose="article")
    assert (capture.outcome, capture.status, capture.attempts, capture.etag) == ("fetched", 200, 1, '"v1"')
    assert capture.host == f"127.0.0.1:{site.port}"
    assert fetcher.body(capture) == b"<p>News\x00</p>"
    assert site.paths == ["/robots.txt", "/a"]
