"""The process of one query. It reads one line of JSON, writes the result to standard output, and ends.

An error is one line of JSON on standard error and exit code 1. The end of standard input ends the process, also in the
middle of a query, so none outlives the dashboard, however that ended.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from newshouse.dashboard.console.lockdown import MEMORY_BYTES, checked, limit_process, locked

if TYPE_CHECKING:
    import duckdb

_LONGEST_CPU_SECONDS = 1300  # two threads for the longest download, and a little


def main() -> int:
    """Answer one query."""
    limit_process(_LONGEST_CPU_SECONDS)
    from newshouse.dashboard.console.grid import write_grid  # noqa: PLC0415

    line = sys.stdin.readline()
    if not line:
        return 0
    order = json.loads(line)
    threading.Thread(target=_end_with_the_dashboard, daemon=True).start()
    try:
        connection = locked(Path(order["database"]), Path(order["warehouse"]), order["seconds"])
        query = checked(connection, order["query"])
        if order["form"] == "grid":
            write_grid(connection.execute(query), sys.stdout.buffer)
        else:
            _write_file(order["form"], connection.sql(query))
        sys.stdout.buffer.flush()
    except Exception as error:  # noqa: BLE001 -- every failure is told to whoever wrote the query
        sys.stderr.write("\n" + json.dumps({"error": _told(error, order["seconds"])}))
        return 1
    return 0


def _end_with_the_dashboard() -> None:
    """The pipe from the dashboard ends when the dashboard does, even if it was killed."""
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock would be held at exit
    os._exit(1)


def _write_file(form: str, found: duckdb.DuckDBPyRelation) -> None:
    from newshouse.dashboard.console.downloads import write_csv, write_parquet  # noqa: PLC0415 -- few queries need them

    (write_csv if form == "csv" else write_parquet)(found, sys.stdout.buffer)


def _told(error: Exception, seconds: float) -> str:
    """What went wrong and what to do; DuckDB's own words where they help."""
    text = str(error).replace("\nStack Trace", "\n\0").split("\0")[0].strip()
    name = type(error).__name__
    if isinstance(error, MemoryError) or name == "OutOfMemoryException" or "bad allocation" in text:
        return (
            f"The query needs more than {MEMORY_BYTES // 10**6} MB of memory. Ask for fewer columns or days, "
            "or add a LIMIT; the duckdb client has no such limit."
        )
    if name == "InterruptException" or "max_execution_time" in text or "timeout" in text.lower():
        return f"The query took longer than {seconds:.0f} s. Ask for fewer days or sources, or download the result."
    if name == "PermissionException":
        return "That is not for the console: it reaches beyond the tables of the warehouse."
    return re.sub(r"^TransactionContext Error: ", "", text) or name


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing to tidy up, and DuckDB's own end takes longer than many queries
