"""Captured bytes -> Article or NoArticle. Never the network.

dom/      bytes -> one lexbor DOM, shared by everything below, and the text blocks that one walk finds in it
kinds/    pages that are no article, each refused by name
text/     which blocks are the article, in paragraphs of a kind; the second opinion where we are not sure
people/   who wrote it
dates/    when it was published and changed
media/    pictures, captions, credits
facts/    headline, section, language, access, rights, dateline
dumps/    articles in text files
words.py      white space, entities, texts compared
collector.py  no search for cyclic garbage while a page is read
page.py       puts an Article together
columns.py    an Article as table columns
batch.py      record batch of pages -> record batch of articles
stage.py      the captures of a batch -> rows and rejections
"""

PARSER_VERSION = "10"
"""Grows whenever the same bytes may give another row."""
