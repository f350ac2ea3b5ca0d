"""Another path to `mx.npx`, which is the same module: ``F.npx`` where F is `mx.nd`."""

import sys

from .. import numpy_extension

for _name in ("image", "random"):
    sys.modules[f"{__name__}.{_name}"] = getattr(numpy_extension, _name)
sys.modules[__name__] = numpy_extension
