"""Who wrote it.

authors.py        which statement of the page is believed    credit_places.py  where they stand
bylines.py        a line that credits somebody
byline_words.py   "By", "Updated on"    byline_chunks.py  name, role, house
names.py          what a name looks like    lone_names.py  names beside the date    place_names.py  which are places
near_lines.py     lines that name them though no mark-up says so in English
agencies.py       news agencies    closing.py  how an article is signed at its end
"""
