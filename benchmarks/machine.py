"""Describe where a figure was measured: what matters for it, and nothing that tells whose machine it was."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version


def described(*packages: str) -> str:
    """CPU count, Python and the versions of these packages, on one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}, {versions}"
