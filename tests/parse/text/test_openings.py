"""What stands between the headline and the text: the standfirst, key points, a day, how long it takes to read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from parse_pages import CAPTURED, EN, URL, meta, page

from newshouse.parse.page import parse_page
from newshouse.records import Article

POINTS = ("Nine members voted for the old terminal, four against", "Opponents of the plan say they will go to court")
BOX = f"<ul class=css-1abc>{''.join(f'<li>{point}</li>' for point in POINTS)}</ul>"
TOLD = "Crews and port return to the table. The offer on rest may change. Traders count what the summer has cost them."


def texts(*blocks: str, head: str = "", paragraphs: tuple[str, ...] = EN) -> list[str]:
    found = parse_page(page(*blocks, head=head, paragraphs=paragraphs), URL, CAPTURED or datetime.now(UTC), {})
    assert isinstance(found, Article)
    return [paragraph.text for paragraph in found.paragraphs]


def test_key_points_in_their_own_container_above_the_text_are_text():
    assert texts(BOX) == [*POINTS, *EN]


def test_key_points_of_a_machine_are_none():
    assert texts(f"<div>{BOX}</div>", "<div>Summary by AI, checked by our newsroom desk</div>")[: len(EN)] == list(EN)


def test_links_and_buttons_in_a_list_above_the_text_are_no_key_points():
    links = "".join(f"<li><a href=/n>{point}</a></li>" for point in POINTS)
    assert texts(f"<ul>{links}</ul><ul><li>Save</li><li>Listen to it</li></ul>") == list(EN)


def test_the_sentences_of_a_standfirst_that_stand_apart_are_text_by_the_description():
    lines = [f"{line}." for line in TOLD.rstrip(".").split(". ")]
    assert texts(*(f"<div><p>{line}</p></div>" for line in lines), head=meta(og__description=TOLD)) == [*lines, *EN]


def test_a_standfirst_in_the_frame_of_the_byline_is_text_where_the_description_repeats_it():
    frame = f"<header class=article-top-info><p>{TOLD}</p><span>4 July 2026</span></header>"
    assert texts(frame, head=meta(og__description=TOLD)) == [TOLD, *EN]


def test_a_standfirst_that_is_a_caption_as_well_stays():
    told = meta(og__description=TOLD)
    picture = f"<figure><img src=a.jpg><figcaption>{TOLD}</figcaption></figure>"
    assert texts(f"<p class=summary>{TOLD}</p>", picture, head=told) == [TOLD, *EN]


@pytest.mark.parametrize(
    "day",
    ["4 July 2026", "4. Juli 2026, 18:05 Uhr", "Arlen, 04.07.2026 | 10:00", "17:41 JST, July 4, 2026", "5 min"],
)
def test_a_day_or_a_reading_time_above_the_first_paragraph_is_no_text(day):
    assert texts(paragraphs=(day, *EN)) == list(EN)


@pytest.mark.parametrize("line", ["It happened on 4 July 2026.", "On 4 July 2026 the old harbour of Arlen burned down"])
def test_a_first_line_that_tells_what_happened_on_a_day_stays(line):
    assert texts(paragraphs=(line, *EN))[0] == line


OFFER = ("Unlimited access to all news on web and app", "Two of our papers a week at your own door")


@pytest.mark.parametrize("items", [OFFER, tuple(f"<img src=a.jpg>{point}" for point in POINTS)])
def test_what_subscribers_get_and_lines_below_pictures_are_no_key_points(items):
    assert texts(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>") == list(EN)


def test_the_first_paragraph_may_stand_in_a_field_named_teaser(read):
    field = f"<div class='field field--name-field-teaser field--type-text-long field__item'><p>{EN[0]}</p></div>"
    body = "".join(f"<p>{text}</p>" for text in EN[1:])
    body = f"<h1>Ferry strike talks resume</h1>{field}<div class='field field--name-body'>{body}</div>"
    page = f"<html><head><title>Ferry strike talks resume</title></head><body><article>{body}</article></body></html>"
    found = read(page.encode())
    assert [paragraph.text for paragraph in found.paragraphs] == list(EN)
