"""Writes the losses of MXNet 1.9.1 for tests/compat/gluon/resnet20.py to resnet20.json beside it.

OMP_NUM_THREADS=1 MXNET_SUBGRAPH_BACKEND=NONE PYTHON_OF_MXNET tools/oracle/write_resnet20_losses.py
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "compat" / "gluon"
sys.path.insert(0, str(FOLDER))

import resnet20  # noqa: E402

results = {name: resnet20.losses(name, True) for name in resnet20.OPTIMIZERS}
(FOLDER / "resnet20.json").write_text(json.dumps(results).replace("], ", "],\n") + "\n")
