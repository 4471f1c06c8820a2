"""The text of an article among the blocks of its page.

body.py        the paragraphs; asks fallback.py (trafilatura) where confidence.py says that the selection is not sure
selection.py   which blocks are the article    containers.py  what holds most of it    outside.py  what stands beside it
labels.py      labels and bylines among the blocks    asides.py  lines that speak of something else
notices.py     what a page says of itself    comments.py  where readers begin    gates.py  the offer to subscribe
loose_ends.py  what a text ends with    live.py  entries of a live blog
unrendered.py  the text that a page holds as data only    stated.py  its paragraphs
"""
