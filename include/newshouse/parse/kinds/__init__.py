"""Pages that are no article.

refusals.py  each kind, by name    cards.py  blurbs below links    players.py  videos, podcasts, galleries
site_pages.py  pages on which a site speaks of itself
"""
