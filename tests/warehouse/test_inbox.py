"""What a run hands to the load."""

from __future__ import annotations

import pyarrow as pa
import pytest

from newshouse.errors import ContractError
from newshouse.warehouse.inbox import joined

SCHEMA = pa.schema([("words", pa.list_(pa.null()))])


def _batch(words: int) -> pa.Table:
    return pa.table([pa.ListArray.from_arrays(pa.array([0, words], pa.int32()), pa.nulls(words))], schema=SCHEMA)


def test_batches_are_joined_into_one_piece_a_column() -> None:
    assert joined([], SCHEMA).equals(SCHEMA.empty_table())
    rows = joined([_batch(2), _batch(0), _batch(1)], SCHEMA)
    assert [len(words) for words in rows["words"].to_pylist()] == [2, 0, 1]
    assert rows["words"].num_chunks == 1


def test_a_run_that_is_too_large_is_told_what_to_do() -> None:
    with pytest.raises(ContractError, match=r"its 2 rows is over two gigabytes .* Import half as much a run"):
        joined([_batch(2**30), _batch(2**30)], SCHEMA)
