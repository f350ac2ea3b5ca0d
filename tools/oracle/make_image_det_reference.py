"""Writes tests/data/image/detection.json: what detection in mxnet.image gives in MXNet 1.9.1.

Run with the interpreter that has mxnet 1.9.1:
`python tools/oracle/make_image_det_reference.py`. The test runs the same programs.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import image_detection_programs  # noqa: E402

path = ROOT / "tests" / "data" / "image" / "detection.json"
path.write_text(json.dumps(image_detection_programs.results(), indent=0) + "\n")
