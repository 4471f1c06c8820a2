"""Exchanges as WARC records, and the way back to their bytes."""
