"""Stores losses and parameters of seeded training under MXNet 1.9.1 (tests/data/training).

usage: MXNET_SUBGRAPH_BACKEND=NONE python training_curves.py       (run under MXNet 1.9.1)
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/networks"))

from training import FOLDER, OPTIMIZERS, RUNS, train  # noqa: E402

import mxnet as mx  # noqa: E402


def main():
    if os.environ.get("MXNET_SUBGRAPH_BACKEND") != "NONE":
        raise SystemExit("set MXNET_SUBGRAPH_BACKEND=NONE")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in RUNS:
        for optimizer in OPTIMIZERS:
            result = train(mx, name, optimizer)
            losses = result["losses"]
            print(name, optimizer, "loss", losses[0], "to", losses[-1])
            (FOLDER / f"{name}_{optimizer}.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
