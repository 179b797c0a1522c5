"""The command line: parse, call, print. One file a group of commands; heavy libraries are imported where they are used.

Results go to standard output, progress and messages to standard error. Exit status: 0 done; 1 done with findings, or an
ASK that is false; 2 usage; 3 some inputs refused, the rest done; 4 the store or the disk; 5 a limit; 130 interrupted;
70 a fault of wenmai itself.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence

from wenmai.cli.status import FAULT, INTERRUPTED
from wenmai.errors import WenmaiError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (by default the process's) and return the exit status."""
    from wenmai.cli.commands import parse
    from wenmai.cli.output import complain

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parse(arguments)
    if options.debug:
        os.environ["WENMAI_DEBUG"] = "1"
    if arguments is None:  # the process is this command's own: asked to end, it ends as by Ctrl-C, at a whole article
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has what it wanted (`wenmai export | head`); keep the interpreter from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WenmaiError as error:
        if options.debug:
            raise
        complain(str(error))
        return error.status
    except Exception as error:
        if options.debug:
            raise
        return _unexpected(error, getattr(options, "store", None))
    return status


def _unexpected(error: Exception, store: str | None) -> int:
    from wenmai.cli.output import complain

    what = " ".join(str(error).split())[:300]
    if isinstance(error, MemoryError):
        complain("there is not enough memory for this; give fewer sources or --workers 1")
        return 5
    if isinstance(error, OSError) and error.strerror:
        complain(f"{error.filename or 'standard output'}: {error.strerror}")
        return 4
    if store is not None and isinstance(error, RuntimeError):
        from wenmai.store.native import explain, is_damage

        if is_damage(error):  # met while rows were read, outside of the store's own room
            complain(str(explain(error, store)))
            return 4
    complain(f"this is a fault of wenmai ({type(error).__name__}: {what}); add --debug to see where, and report it")
    return FAULT
