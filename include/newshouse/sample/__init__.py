"""The sample newsroom: fictional publishers on loopback, so that the first run needs no network."""
