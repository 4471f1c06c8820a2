"""Captured bytes -> Article or NoArticle. Never the network.

charset.py    bytes -> text, also when the declared encoding is wrong
document.py   text -> one lexbor DOM, its meta elements, links and JSON-LD; shared by everything below
kinds.py      is this an article at all?    cards.py  blurbs below links    gates.py  the offer to subscribe
players.py    videos, podcasts and galleries
appended.py   where the next article begins, on pages that show several
blocks.py     DOM -> text blocks, of elements.py    furniture.py  what names say
selection.py  which blocks are the article    containers.py  what holds most of it    outside.py  what stands beside it
labels.py     labels and bylines among the blocks    loose_ends.py  what a text ends with
asides.py     lines that speak of something else    notices.py  what a page says of itself between paragraphs
comments.py   where the comments of readers begin    site_pages.py  pages on which a site speaks of itself
collector.py  no search for cyclic garbage while a page is read
template.py   the make of the page: its containers down to the text
body.py       the paragraphs; asks fallback.py (trafilatura) where confidence.py says that the selection is not sure
unrendered.py  the text that a page holds as data only    states.py  these data    stated.py  its paragraphs
live.py       entries of a live blog
small_words.py  what a language is told by
headline.py, authors.py, dates.py, media.py, language.py, access.py, rights.py   one field each
site_names.py  what is cut from titles    credit_places.py  where authors are named
lone_names.py  names beside the date    place_names.py  which of them are places    months.py  names of the months
printed_dates.py  dates that readers see
pictures.py, captions.py   what a picture is of and who took it    crumbs.py  the section, from the way to the page
closing.py    how an article is signed at its end
bylines.py    a line that credits somebody    byline_words.py  "By", "Updated on"    byline_chunks.py  name, role, house
names.py      what a name looks like    agencies.py  news agencies
moments.py    what a date looks like    apart.py  what stands beside the article    statements.py  "Posted on …"
day_order.py  04/07 in July or in April    local_clock.py  the offset of a time stated in UTC
zone_signs.py  EST in Australia
page.py       puts an Article together        dump.py   the same for text dumps, front_matter.py  what stands above them
columns.py    an Article as table columns   batch.py      record batch of pages -> record batch of articles
stage.py      the captures of a batch -> rows and rejections
"""

PARSER_VERSION = "9"
"""Grows whenever the same bytes may give another row."""
