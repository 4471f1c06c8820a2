"""Feeds and sitemaps -> candidates."""
