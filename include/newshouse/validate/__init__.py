"""Row rules and Great Expectations -> accepted or quarantined."""
