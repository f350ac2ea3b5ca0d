"""Stores what MXNet 1.9.1 returns for the cases of `frontend` (run under MXNet 1.9.1).

usage: python write_frontend_results.py [FILE]      (default: tests/data/frontend.json)
"""

import json
import sys
import warnings
from pathlib import Path

import mxnet as mx

sys.path.insert(0, str(Path(__file__).resolve().parent))

from frontend import CASES  # noqa: E402


def main():
    default = Path(__file__).resolve().parents[2] / "tests/data/frontend.json"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    warnings.simplefilter("ignore")
    results = {name: case(mx) for name, case in CASES.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(result)}" for name, result in results.items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
