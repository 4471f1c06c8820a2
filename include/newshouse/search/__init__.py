"""Full text: an index beside the tables, kept in step with `articles` and rebuilt from it at will.

analysis.py  text -> words, the same way for articles and for queries
index.py     the files: one generation in use, opened by readers at any time
update.py    what changed in `articles` -> the index, in one commit
terms.py     what a person types -> terms
ask.py       terms and filters -> hits
passage.py   the passage of an article that answers best
"""
