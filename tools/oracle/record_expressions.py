"""Write tests/data/expressions: what MXNet 1.9.1 answers to the snippets of the tests.

Run it with the Python of MXNet 1.9.1:
    export MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1
    python tools/oracle/record_expressions.py [FAMILY...]
"""

import importlib
import json
import pathlib
import sys

import mxnet as mx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import expressions  # noqa: E402

FAMILIES = [
    path.stem
    for path in sorted((ROOT / "tests/python/expressions").glob("*.py"))
    if path.stem != "__init__"
]


def main():
    for family in sys.argv[1:] or FAMILIES:
        snippets = importlib.import_module(f"expressions.{family}").SNIPPETS
        answers = {snippet: expressions.evaluate(mx, snippet, family) for snippet in snippets}
        path = ROOT / "tests/data/expressions" / f"{family}.json"
        path.write_text(json.dumps(answers, indent=0, sort_keys=True) + "\n")
        print(path.name, len(answers))


main()
