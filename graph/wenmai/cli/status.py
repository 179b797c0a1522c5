"""Exit statuses that no error class carries; `wenmai.errors` has the others."""

REFUSED = 3
"""Some inputs were refused, the rest is done."""
FAULT = 70
"""EX_SOFTWARE of sysexits.h: a fault of wenmai itself."""
INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
