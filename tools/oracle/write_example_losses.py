"""Stores the first losses of the examples under MXNet 1.9.1 (tests/data/examples/losses.json).

usage: MXNET_SUBGRAPH_BACKEND=NONE python write_example_losses.py       (run under MXNet 1.9.1)
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEPS = 4  # afterwards rounding decides more and more


def main():
    if os.environ.get("MXNET_SUBGRAPH_BACKEND") != "NONE":
        raise SystemExit("set MXNET_SUBGRAPH_BACKEND=NONE")
    losses = {}
    for path in sorted(ROOT.glob("examples/*.py")):
        if path.stem in ("demo", "shared"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            # A process each: 1.9.1 hung in `mixed` when all shared one.
            command = [sys.executable, str(path), "--quick", "--out", folder]
            subprocess.run(command, check=True, timeout=600)
            written = json.loads((Path(folder) / f"{path.stem}.json").read_text())
        losses[path.stem] = written["losses"][:STEPS]
    target = ROOT / "tests/data/examples/losses.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(losses, indent=1) + "\n")


if __name__ == "__main__":
    main()
