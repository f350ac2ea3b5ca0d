"""ROIAlign with a huge sample_ratio looked at every one of its points, which took minutes."""

import subprocess
import sys

PROGRAM = """
import mxnet as mx
data, rois = mx.nd.arange(64).reshape((1, 1, 8, 8)), mx.nd.array([[0, 0, 0, 7, 7]])
def run(ratio):
    return mx.nd.contrib.ROIAlign(data, rois, (2, 2), 1.0, sample_ratio=ratio).asnumpy()
many = run(1 << 16)
assert abs(many - run(64)).max() < 0.1, many
try:
    run((1 << 31) - 1)
except mx.error.ValueError as error:
    print(error)
"""


def test_the_number_of_points_is_bounded():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert "ROIAlign: sample_ratio=2147483647" in done.stdout, done.stderr
