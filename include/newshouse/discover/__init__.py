"""Feeds and sitemaps -> Candidate.

feeds.py          bytes -> Feed: RSS, RDF and Atom (xmlfeed.py, forgiving.py), JSON Feed (jsonfeed.py)
sitemaps.py       bytes -> Sitemap: news sitemaps, plain ones, indexes, gzip
visit.py          reads all feeds and sitemaps of one source through the fetcher
frontier.py       what is worth fetching, given what is known
stage.py          the stage: entries and revisits -> candidates and rejections, in balance
autodiscovery.py  the feeds that a page announces
"""
