"""Writes tests/data/control_flow: loops in symbols as MXNet 1.9.1 saves and computes them.

Run with the Python of an environment that has MXNet 1.9.1:
    MXNET_SUBGRAPH_BACKEND=NONE python tools/oracle/control_flow.py
"""

import json
import pathlib
import sys

import mxnet as mx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "ops" / "control_flow"))

import branch_cases  # noqa: E402
import foreach_cases  # noqa: E402

if __name__ == "__main__":
    folder = ROOT / "tests" / "data" / "control_flow"
    folder.mkdir(exist_ok=True)
    for name, make in foreach_cases.CASES.items():
        with mx.name.NameManager():
            symbol, shapes = make(mx)
        result = foreach_cases.run(mx, symbol, shapes, name not in foreach_cases.WITHOUT_GRADIENT)
        (folder / f"{name}-symbol.json").write_text(symbol.tojson())
        (folder / f"{name}.json").write_text(json.dumps(result))
    # Of these files alone: 1.9.1 leaves rows behind the last step of a loop as they are.
    for name, make in branch_cases.CASES.items():
        with mx.name.NameManager():
            (folder / f"{name}-symbol.json").write_text(make(mx).tojson())
