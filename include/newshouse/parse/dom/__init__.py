"""From bytes to text blocks, once a page.

charset.py    bytes -> text, also when the declared encoding is wrong
markup.py     what the DOM builder could not do in linear time is cut
document.py   the page, parsed: tree, meta elements, links and JSON-LD
found.py      the one search: the elements that fields are read from    jsonld.py  schema.org data
blocks.py     the one walk: DOM -> text blocks, of elements.py    furniture.py  what names say of elements
appended.py   where the next article begins, on pages that show several
apart.py      what stands beside the article    template.py  the make of the page
states.py     data that a page carries for its scripts
"""
