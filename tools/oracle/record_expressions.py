"""Write tests/data/expressions.json: what MXNet 1.9.1 answers to the snippets of the tests.

Run it with the Python of MXNet 1.9.1:
    MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python tools/oracle/record_expressions.py
"""

import importlib
import json
import pathlib
import sys

import mxnet as mx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import expressions  # noqa: E402

FAMILIES = (
    "arrays",
    "indexing",
    "gradients",
    "symbols",
    "executors",
    "sparse",
    "parameters",
    "blocks",
    "modules",
    "training",
)


def main():
    answers = {}
    for family in FAMILIES:
        snippets = importlib.import_module(f"expressions.{family}").SNIPPETS
        answers[family] = {snippet: expressions.evaluate(mx, snippet) for snippet in snippets}
    path = ROOT / "tests" / "data" / "expressions.json"
    path.write_text(json.dumps(answers, indent=0, sort_keys=True) + "\n")
    print(path.name, {family: len(found) for family, found in answers.items()})


main()
