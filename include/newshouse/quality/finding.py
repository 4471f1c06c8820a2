"""What a history check says: one judgement on one source and day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    Attributes:
        value: what was measured; `threshold` names its unit. None when there was too little to judge: such a check
            passes, and is no sign of recovery either.
        failed, rows: what it was counted from, where it is a share.
        expected: what the past made of it, where the check has a single number for that.
        detail: why the check could not judge, or what it found by name.
    """

    check: str
    severity: str
    passed: bool
    value: float | None
    threshold: str
    failed: int | None = None
    rows: int | None = None
    detail: str | None = None
    expected: float | None = None
