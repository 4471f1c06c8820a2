"""What the parse tests share."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("parse_pages", Path(__file__).with_name("pages.py"))
assert _spec and _spec.loader
pages = importlib.util.module_from_spec(_spec)
sys.modules["parse_pages"] = pages
_spec.loader.exec_module(pages)


@pytest.fixture
def read() -> Callable[..., Any]:
    """Parse a page of the fictional publisher; extra keywords go to `parse_page`."""
    from newshouse.parse.page import parse_page

    def _read(body: bytes, url: str = pages.URL, headers: dict[str, str] | None = None, **more: Any) -> Any:
        return parse_page(body, url, pages.CAPTURED, headers or {"Content-Type": "text/html"}, **more)

    return _read
