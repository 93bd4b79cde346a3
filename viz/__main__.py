"""``python -m viz`` is the command ``pathgrad``."""

import sys

from viz.command.cli import main

if __name__ == "__main__":
    sys.exit(main())
