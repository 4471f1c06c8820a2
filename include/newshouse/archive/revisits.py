"""Which record an answer becomes: a payload that the archive holds already is referred to, not stored again."""

from __future__ import annotations

from newshouse.archive import members
from newshouse.archive.exchange import Exchange
from newshouse.archive.members import Record
from newshouse.archive.reader import find_original
from newshouse.archive.shelf import Archive
from newshouse.errors import StorageError
from newshouse.records import Original


def answer(archive: Archive, hop: Exchange, original: Original | None) -> Record:
    """A revisit record where `original` still gives these very bytes, a response record in all other cases.

    Args:
        original: the capture that this answer is said not to differ from. A revisit among them leads to the
            response behind it, so a revisit always refers to a record with a payload.
    """
    if original is None:
        return members.response(hop)
    try:
        target = find_original(archive, original.warc_file, original.warc_offset, original.warc_length)
    except StorageError:  # moved away or damaged: what we hold now is the better original
        return members.response(hop)
    if hop.status == 304:
        return members.revisit(hop, target, "server-not-modified")
    # The same page may come in another gzip stream: another payload by the standard, though we call it unchanged.
    if members.payload_digest(hop.body) == target.payload_digest:
        return members.revisit(hop, target, "identical-payload-digest")
    return members.response(hop)
