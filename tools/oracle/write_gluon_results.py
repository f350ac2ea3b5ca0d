"""Writes what MXNet 1.9.1 gives for tests/compat/gluon/programs.py to results.json beside it.

MXNET_SUBGRAPH_BACKEND=NONE PYTHON_OF_MXNET tools/oracle/write_gluon_results.py
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "compat" / "gluon"
sys.path.insert(0, str(FOLDER))

import programs  # noqa: E402


def main():
    text = json.dumps(programs.results(), indent=None, separators=(",", ":"))
    # A line for each program, so that changes can be read.
    (FOLDER / "results.json").write_text(
        text.replace('},"', '},\n"').replace(']],"', ']],\n"') + "\n"
    )


if __name__ == "__main__":
    main()
