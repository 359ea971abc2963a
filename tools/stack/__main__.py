"""``python3 -m tools.stack``; this file alone is read by a Python that is too old for the others."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # who has an older one is told so, and not by a traceback
    sys.exit("The planner needs Python 3.11 or newer; if there is one beside this: make stack PYTHON=python3.11")

from tools.stack.command import main

sys.exit(main())
