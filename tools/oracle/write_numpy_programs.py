"""Write tests/data/numpy_programs.json: what the programs with mx.np compute with MXNet 1.9.1.

Run it with the Python of MXNet 1.9.1:
    MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python tools/oracle/write_numpy_programs.py
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import numpy_programs  # noqa: E402

path = ROOT / "tests/data/numpy_programs.json"
answers = {name: numpy_programs.run(name) for name in numpy_programs.PROGRAMS}
path.write_text(json.dumps(answers, indent=1) + "\n")
print(answers)
