"""``python stack/demo --chat http://127.0.0.1:8085``: needs nothing but Python."""

import sys
from pathlib import Path

if not __package__:  # run as a folder: its parent is where the package is found
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from demo.command import main

sys.exit(main())
