"""Writes prepared networks as ONNX files, for the programs that read those.

usage: python symbol_to_onnx.py FOLDER NAME...

NAME-symbol.json and NAME-0000.params become NAME.onnx, whose batch is open.
"""

import sys
from pathlib import Path

import numpy as np

import mxnet as mx


def export(folder, name, image_size):
    """Write FOLDER/NAME.onnx; an existing file is kept."""
    target = folder / f"{name}.onnx"
    if target.exists():
        return
    mx.onnx.export_model(
        str(folder / f"{name}-symbol.json"),
        str(folder / f"{name}-0000.params"),
        [(1, 3, image_size, image_size)],
        np.float32,
        str(target),
        dynamic=True,
    )


if __name__ == "__main__":
    for network in sys.argv[2:]:
        export(Path(sys.argv[1]), network, 299 if network == "inceptionv3" else 224)
