"""The desk of the warehouse's tests, with a search index."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from newshouse.search.ask import Filters, Found, search
from newshouse.search.update import update

_SPEC = importlib.util.spec_from_file_location("desk", Path(__file__).parents[1] / "warehouse" / "conftest.py")
assert _SPEC and _SPEC.loader
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)


class SearchDesk(_MODULE.Desk):  # type: ignore[misc,name-defined] -- loaded from the other folder
    """Loads articles, indexes them, and asks."""

    def bring(self, run_id: str, accepted: Sequence[dict[str, Any]] = (), **values: Any) -> int:
        self.batch(run_id, accepted, **values)
        self.load(run_id)
        return update(self.layout)

    def ask(self, text: str, **filters: Any) -> Found:
        return search(self.layout, text, Filters(**filters))

    def titles(self, text: str, **filters: Any) -> list[str]:
        return sorted("".join(piece for piece, _ in hit.title) for hit in self.ask(text, **filters).hits)


@pytest.fixture
def desk(tmp_path: Path) -> SearchDesk:
    return SearchDesk(tmp_path / "data")
