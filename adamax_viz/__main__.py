"""``python -m adamax_viz``."""

import sys

from adamax_viz.cli import main

sys.exit(main())
