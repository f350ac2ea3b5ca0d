"""Writes tests/data/records/augmented.json: pictures of record files, augmented by MXNet 1.9.1.

Run with the interpreter that has mxnet 1.9.1:
`python tools/oracle/make_record_reference.py`. The test runs the same programs.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python" / "io"))

import record_programs  # noqa: E402

record_programs.STORED.parent.mkdir(exist_ok=True)
record_programs.STORED.write_text(
    json.dumps(record_programs.results()).replace("], ", "],\n") + "\n"
)
