"""The errors of the house. The class decides the fate, so nobody needs to read a message to act.

NewshouseError
├── ConfigError       a setting or a source file is wrong: the message names the file, line, key and what to do
├── TransientError    may work later: retried with backoff, `retry_after_seconds` honoured
├── PermanentError    will not work: the thing is rejected with `reason`, the run goes on
│   └── RefusedError    one message is not taken by a channel that takes others
├── StorageError      the disk is full, read-only or broken: nothing half-done stays visible, the task fails
│   └── DamagedRecordError  one archived record is damaged: that row is rejected, the rest goes on
│       └── ForgottenRecordError  it was overwritten on purpose, by `newshouse forget` or by retention
└── ContractError     a stage broke its promise (counts do not balance, schema differs): the task fails loudly
"""

from __future__ import annotations


class NewshouseError(Exception):
    """Anything this package raises on purpose. The text is meant for the person who runs it."""

    exit_code = 1


class ConfigError(NewshouseError):
    """A setting or a source file is wrong. Names the file, line and key, and what to do."""

    exit_code = 2


class TransientError(NewshouseError):
    """May work later.

    Attributes:
        reason: short machine-readable name, e.g. ``timeout``.
        retry_after_seconds: what the server asked for, if it did.
    """

    exit_code = 3

    def __init__(self, reason: str, detail: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


class PermanentError(NewshouseError):
    """Will not work, however often it is tried.

    Attributes:
        reason: short machine-readable name, e.g. ``private_address``.
    """

    exit_code = 4

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class RefusedError(PermanentError):
    """The other side does not take this message; it may take the next one."""


class StorageError(NewshouseError):
    """The data folder cannot be written or read. The old state is intact."""

    exit_code = 5


class DamagedRecordError(StorageError):
    """The bytes of one archived record are not what was written. Names the file and the offset."""


class ForgottenRecordError(DamagedRecordError):
    """The bytes of one archived record were overwritten on purpose."""


class ContractError(NewshouseError):
    """A stage broke its promise. This is a bug or damaged data, never a reason to go on."""

    exit_code = 6
