"""What Arrow's allocator is told before it starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pyarrow as pa
import pytest


@pytest.mark.parametrize(("given", "delay"), [({}, 60_000), ({"MIMALLOC_PURGE_DELAY": "50"}, 50)])
def test_freed_memory_is_kept_for_the_next_table_unless_the_user_says_otherwise(
    given: dict[str, str], delay: int
) -> None:
    if "mimalloc" not in pa.supported_memory_backends():
        pytest.skip("this pyarrow has no mimalloc")
    env = {name: value for name, value in os.environ.items() if not name.startswith("MIMALLOC_")}
    env |= {"ARROW_DEFAULT_MEMORY_POOL": "mimalloc", "MIMALLOC_VERBOSE": "1"} | given
    script = "import newshouse, pyarrow; pyarrow.array([1])"
    told = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert re.findall(r"'purge_delay': (\d+)", told.stdout + told.stderr)[:1] == [str(delay)]
