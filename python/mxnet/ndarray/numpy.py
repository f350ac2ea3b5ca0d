"""Another path to `mx.np`, which is the same module: ``F.np`` where F is `mx.nd`."""

import sys

from .. import numpy

for _name in ("linalg", "random"):
    sys.modules[f"{__name__}.{_name}"] = getattr(numpy, _name)
sys.modules[__name__] = numpy
