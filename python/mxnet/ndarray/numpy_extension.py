"""Another path to `mx.npx`, which is the same module: ``F.npx`` where F is `mx.nd`."""

import sys

from .. import numpy_extension

sys.modules[f"{__name__}.image"] = numpy_extension.image
sys.modules[__name__] = numpy_extension
