"""What else a page says of its article.

headline.py  title, subtitle, section, tags, genre    site_names.py  what is cut from titles
crumbs.py    the way to the page
language.py  declared, else told by the text    small_words.py  what it is told by
dateline.py  the place before the first sentence    access.py  free, metered, paid    rights.py  robots, mining, licence
"""
