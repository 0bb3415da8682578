"""Entry point of `python -m perimeter365`."""

import sys

from perimeter365.cli import main

if __name__ == "__main__":
    sys.exit(main())
