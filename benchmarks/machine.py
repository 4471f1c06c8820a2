"""Describe where a figure was measured: what matters for it, and nothing that tells whose machine it was."""

from __future__ import annotations

import os
import platform
import resource
from importlib.metadata import version
from pathlib import Path


def described(*packages: str) -> str:
    """CPU count, Python and the versions of these packages, on one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}, {versions}"


def peak_memory_bytes() -> int:
    """The most resident memory that this process has had since its program began.

    Not `ru_maxrss` where it can be helped: Linux hands that of the parent down to a child, so that a small process
    started by a large one seems to be as large.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024
