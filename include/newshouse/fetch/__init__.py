"""Candidates -> HTTP exchanges, politely."""
