"""Makes the harness importable for the tables of operator cases."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
