"""Whether a store keeps the condition that commits rest on: what is there already is not put again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import uuid4

import pyarrow as pa
import pyarrow.fs as pa_fs
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError

from newshouse.errors import ConfigError, StorageError
from newshouse.storage.bucket import Bucket, refusal

_MOST_TRIES = 20
_WRITERS = 2
_SCHEMA = pa.schema([("nothing", pa.int64())])


def check_condition(bucket: Bucket, files: pa_fs.FileSystem) -> None:
    """Let two writers put the first version of an empty table at once, and demand that one is refused.

    Delta looks before it puts. So a try tells something only where both looked before one of them put; else it is done
    again, nearly always for the first or second time.

    Args:
        files: Arrow's view of the store; paths are `bucket/key`.

    Raises:
        ConfigError: both were let in, or the store refuses access.
        StorageError: the store does not answer, or let the two never meet.
    """
    name = f"doctor/{uuid4().hex}"
    try:
        for number in range(_MOST_TRIES):
            ends = _put_at_once(bucket, f"{bucket.url}/{name}/{number}")
            if ends.count(True) > 1:
                raise ConfigError(
                    f"{bucket.url}: the store of NEWSHOUSE_DATA ignores `If-None-Match: *`. Of two commits at once it "
                    "would lose one without a word. Use a store that keeps it, as AWS, MinIO, Cloudflare R2 and Ceph "
                    "do, or a newer release of this one."
                )
            if True in ends and False in ends:
                return
    finally:
        with suppress(OSError):
            files.delete_dir(bucket.path(name))
    raise StorageError(f"{bucket.url}: two commits at once could not be tried, the store was too busy. Run again.")


def _put_at_once(bucket: Bucket, address: str) -> list[bool | None]:
    """Whether each of the writers was let in; None for one that came too late to put anything."""
    start = Barrier(_WRITERS)

    def put(_: int) -> bool | None:
        start.wait()
        try:
            once = CommitProperties(max_commit_retries=0)
            DeltaTable.create(address, _SCHEMA, storage_options=bucket.options(), commit_properties=once)
        except CommitFailedError:
            return False
        except (DeltaError, OSError) as error:
            if "already exists" in str(error):
                return None
            raise refusal(bucket.url, error) from error
        return True

    with ThreadPoolExecutor(_WRITERS, "condition") as pool:
        return list(pool.map(put, range(_WRITERS)))
