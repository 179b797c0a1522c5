"""`python -m wenmai.cli`: the command line where the script is not on the path."""

from __future__ import annotations

import sys

from wenmai.cli import main

sys.exit(main())
