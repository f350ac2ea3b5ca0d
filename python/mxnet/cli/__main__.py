"""``python -m mxnet.cli``."""

import sys

from . import main

sys.exit(main())
