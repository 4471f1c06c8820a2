"""Runs take turns at a publisher: a backfill beside today's run must not halve its pauses.

Within a run one task owns a host; between runs a lock file a registrable domain does the same. The locks are advisory
(flock), also over NFS, and a process that dies lets go of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from newshouse.layout import DataLayout
from newshouse.plan import domains_of
from newshouse.sources.model import Source
from newshouse.storage.files import alone


@contextmanager
def turn_at(layout: DataLayout, sources: Iterable[Source]) -> Iterator[None]:
    """Wait until nobody else asks these publishers, and keep others waiting until the block ends.

    Raises:
        StorageError: the data folder cannot be written.
    """
    # In one order everywhere, so that two runs that want the same hosts never wait for each other.
    paths = sorted({layout.host_lock(domain) for source in sources for domain in domains_of(source)})
    with ExitStack() as held:
        for path in paths:
            held.enter_context(alone(path))
        yield
