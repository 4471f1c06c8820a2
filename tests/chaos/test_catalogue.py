from __future__ import annotations

from .catalogue import PAGE, text


def test_the_page_that_lists_the_behaviours_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: python tests/chaos/catalogue.py"
