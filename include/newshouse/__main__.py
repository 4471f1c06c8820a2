"""`newshouse …` and `python -m newshouse`: the command line, in a process of its own."""

import signal
import sys


def main() -> int:
    """Run one verb. Returns the exit code."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # and not ignored, as behind `nohup … &`
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing has begun: Ctrl-C ends it without a word
    from newshouse.cli import main as command  # noqa: PLC0415 -- takes a third of a second
    from newshouse.console.lean import without_pandas  # noqa: PLC0415

    without_pandas()
    signal.signal(signal.SIGINT, handler)
    return command()


if __name__ == "__main__":
    sys.exit(main())
