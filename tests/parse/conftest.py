"""What the parse tests share."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _load(name: str, file: str) -> ModuleType:
    """A module that lies beside the tests, under a name of its own."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(file))
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = _load("parse_pages", "pages.py")
_load("short_items", "short_items.py")


@pytest.fixture
def read() -> Callable[..., Any]:
    """Parse a page of the fictional publisher; extra keywords go to `parse_page`."""
    from newshouse.parse.page import parse_page

    def _read(body: bytes, url: str = pages.URL, headers: dict[str, str] | None = None, **more: Any) -> Any:
        return parse_page(body, url, pages.CAPTURED, headers or {"Content-Type": "text/html"}, **more)

    return _read
