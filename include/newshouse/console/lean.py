"""Arrow without pandas, for as long as nobody asks for a frame."""

from __future__ import annotations

import sys

import pyarrow as pa


class _NotNow:
    """A finder that says of pandas that it is not there."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def without_pandas() -> None:
    """Let Arrow believe that there is no pandas, in a process that is the command line.

    The first time that it makes a value out of an object it looks whether the object is one of pandas', and imports
    pandas for that: a quarter of a second of each verb that reads a table. Where a frame is wanted (`to_pandas`), it
    looks again. For processes that are ours alone: Arrow would take a pandas Series for any other sequence.
    """
    finder = _NotNow()
    sys.meta_path.insert(0, finder)  # it only ever refuses
    try:
        pa.scalar(True)
    finally:
        sys.meta_path.remove(finder)
