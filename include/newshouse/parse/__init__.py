"""Captured bytes -> Article or NoArticle. Never the network."""
