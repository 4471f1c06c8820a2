"""The source of rows that a person brought in and that belong to no source file."""

from __future__ import annotations

from newshouse.sources.model import Source

IMPORTED = Source(
    id="imported",
    name="Imported texts",
    country="ZZ",  # user-assigned in ISO 3166-1: not a country
    language="und",  # ISO 639-2: undetermined
    timezone="UTC",
    homepage="http://imported.invalid/",  # RFC 2606: never resolves
    verified=True,
)
