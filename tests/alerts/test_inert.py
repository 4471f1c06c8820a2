from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from newshouse.alerts.inert import inert


def test_line_breaks_directions_and_controls_go() -> None:
    assert inert("Sport\r\nBcc: all@x\N{RIGHT-TO-LEFT OVERRIDE}moc\x00") == "Sport Bcc: all@\N{WORD JOINER}x moc"


def test_nobody_is_called() -> None:
    assert "@channel" not in inert("@channel @here look")


def test_a_long_text_is_cut() -> None:
    assert inert("a" * 50, 10) == "a" * 9 + "…"


def test_joiners_that_letters_need_stay() -> None:
    persian = "می\N{ZERO WIDTH NON-JOINER}خواهم"
    assert inert(persian) == persian


@given(st.text(), st.integers(2, 80))
def test_any_text_becomes_one_short_line(text: str, most: int) -> None:
    line = inert(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
    assert not re.search(r"@\w", line)
    assert not {unicodedata.category(sign) for sign in line} & {"Cc", "Cs", "Zl", "Zp"}
    line.encode("utf-8")
