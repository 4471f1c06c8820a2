"""What the one search of a page finds, and the quick search for a minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newshouse.parse.dates.local_clock import _places
from newshouse.parse.dom.document import Document


def _read(markup: str) -> Document:
    return Document.read(markup.encode(), "https://courier.example/a", {})


def test_an_element_counts_once_for_each_sign_that_it_names_the_author() -> None:
    page = _read(
        "<p class='Byline article-author'>Ines Falk<p rel=author>Jan Moor<address>Pier 4</address><p class=text>No"
    )
    assert [node.text() for node in page.found.credited] == ["Ines Falk", "Ines Falk", "Jan Moor", "Pier 4"]


def test_what_lies_in_a_template_or_script_is_not_found() -> None:
    page = _read("<template><time>1 May</time></template><time>2 May</time><svg><time>3 May</time></svg>")
    assert [node.text() for node in page.found.dated] == ["2 May"]


def test_a_property_is_that_of_its_first_element_and_a_meta_name_keeps_all_contents() -> None:
    page = _read(
        "<meta name=Author content=Ines><meta name=author content=Jan><b itemprop='name x'>1</b><b itemprop=x>2</b>"
    )
    assert list(page.meta["author"]) == ["Ines", "Jan"]
    assert page.found.properties["x"].text() == "1"


@given(st.text(alphabet="1:2", max_size=60), st.sampled_from(("11:22", "12:12", "11:11")))
def test_a_minute_is_found_wherever_it_stands(text: str, clock: str) -> None:
    expected = [at for at in range(len(text)) if text.startswith(clock, at)]
    assert _places(clock.encode(), text.encode()) == expected
