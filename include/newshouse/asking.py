"""How a batch asks publishers: when it is its turn, with what earlier runs were told, and whether anybody answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from newshouse.desk import Desk
from newshouse.errors import TransientError
from newshouse.fetch.client import Fetcher
from newshouse.layout import DataLayout
from newshouse.plan import domains_of
from newshouse.records import Capture
from newshouse.sources.model import Source
from newshouse.storage.files import alone
from newshouse.warehouse.known import host_pauses, site_files


@contextmanager
def asking(desk: Desk, stage: str, earlier: Sequence[Capture] = ()) -> Iterator[Fetcher]:
    """Wait for our turn; then a fetcher with the ledger of the stage, until the block ends.

    It knows what earlier runs were asked for and what they read of robots and rights files.

    Args:
        earlier: exchanges of the stage before: what it asked for is not asked again.

    Raises:
        StorageError: the data folder cannot be written or read.
    """
    with turn_at(desk.layout, desk.sources.values()), desk.ledger(stage) as ledger:
        now = desk.settings.now()
        with Fetcher(
            desk.settings,
            ledger,
            run_id=desk.run_id,
            batch=desk.batch,
            earlier=earlier,
            pauses=host_pauses(desk.layout, now=now, run_id=desk.run_id),
            remembered=site_files(desk.layout, now=now, run_id=desk.run_id),
            reads_site_rights=True,
            layout=desk.layout,
        ) as fetcher:
            yield fetcher


@contextmanager
def turn_at(layout: DataLayout, sources: Iterable[Source]) -> Iterator[None]:
    """Wait until no other run asks these publishers, and keep others waiting until the block ends.

    A backfill beside today's run must not halve its pauses. Within a run one task owns a host; between runs a lock file
    a registrable domain does the same. The locks are advisory (flock), also over NFS; a process that dies lets go.

    Raises:
        StorageError: the data folder cannot be written.
    """
    # In one order everywhere, so that two runs that want the same hosts never wait for each other.
    paths = sorted({layout.host_lock(domain) for source in sources for domain in domains_of(source)})
    with ExitStack() as held:
        for path in paths:
            held.enter_context(alone(path))
        yield


def demand_an_answer(desk: Desk, exchanges: Sequence[Capture]) -> None:
    """A publisher may be down; when all of several were asked and none answers, it is our network.

    The day must not end so. Where only the dead ones were due, nothing is wrong with it.

    Raises:
        TransientError: nobody answered. The stage is as if never begun, so a retry asks again.
    """
    domains = {domain for source in desk.sources.values() for domain in domains_of(source)}
    asked = {exchange.source_id for exchange in exchanges}
    if len(domains) > 1 and asked >= set(desk.sources) and all(exchange.status is None for exchange in exchanges):
        desk.forget("discover")
        outcomes = ", ".join(sorted({exchange.outcome for exchange in exchanges}))
        hint = "Is the network up, and NEWSHOUSE_PROXY right?"
        raise TransientError("nothing_reached", f"no publisher of batch {desk.batch} answered ({outcomes}). {hint}")
