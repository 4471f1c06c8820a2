"""An archived page, shown harmlessly: in a sandbox of its own, where nothing of it runs and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException
from fastapi.responses import Response

from newshouse.archive.reader import read_response
from newshouse.dashboard.defence import ARCHIVED_POLICY
from newshouse.layout import DataLayout

_MOST_BYTES = 5_000_000  # a page, not a film
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)


def archived_page(layout: DataLayout, row: Mapping[str, Any]) -> Response:
    """The bytes that a row of `articles`, `revisions` or `rejections` points at.

    HTML is given as HTML, everything else as text: what a server of the web calls a picture is not taken at its word.

    Raises:
        HTTPException: 404, the row points at nothing; 413, it is too large to be shown.
        StorageError: the archive is damaged; the message names file and offset.
    """
    if row["warc_file"] is None or row["warc_offset"] is None:
        raise HTTPException(404, "nothing of it was archived")
    response = read_response(layout.archive, row["warc_file"], row["warc_offset"], row["warc_length"])
    if len(response.body) > _MOST_BYTES:
        raise HTTPException(413, f"{len(response.body):,} bytes: too large to be shown; newshouse show --raw gives it")
    said = response.header("Content-Type") or ""
    kind = "text/html" if "html" in said.lower() else "text/plain"
    charset = _CHARSET.search(said)
    headers = {
        "Content-Security-Policy": ARCHIVED_POLICY,
        "Content-Type": f"{kind}; charset={charset[1]}" if charset else kind,
    }
    return Response(response.body, headers=headers)
