"""Writes what MXNet 1.9.1 gives for tests/compat/gluon/programs.py to results.json beside it.

MXNET_SUBGRAPH_BACKEND=NONE PYTHON_OF_MXNET tools/oracle/write_gluon_results.py
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "compat" / "gluon"
sys.path.insert(0, str(FOLDER))

import programs  # noqa: E402

import mxnet as mx  # noqa: E402


def colors():
    """What operators that draw a factor give where it can be only one (factor, pixels)."""
    found = {}
    whole = programs.picture()
    for kind, factor in (("brightness", 1.3), ("contrast", 0.5), ("hue", 0.3)):
        operator = getattr(mx.nd.image, "random_" + kind)
        rows = [operator(each, factor, factor + 1e-7) for each in (whole, whole.astype("float32"))]
        found[kind] = [factor, *(row.asnumpy().ravel().tolist() for row in rows)]
    noise = (0.1, 0.2, -0.3)
    found["lighting"] = [
        noise,
        mx.nd.image.adjust_lighting(whole, noise).asnumpy().ravel().tolist(),
    ]
    return found


def main():
    found = {**programs.results(), "colors": colors()}
    text = json.dumps(found, indent=None, separators=(",", ":"))
    # A line for each program, so that changes can be read.
    (FOLDER / "results.json").write_text(
        text.replace('},"', '},\n"').replace(']],"', ']],\n"') + "\n"
    )


if __name__ == "__main__":
    main()
