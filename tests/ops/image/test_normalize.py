import numpy as np
from harness import FLOATS, INTS, Case, Fault, operator_tests

X = np.random.default_rng(0).normal(size=(3, 5, 6))
BYTES = np.arange(3.0, 93).reshape(3, 5, 6)
OP = "_image_normalize"
EACH = {"mean": (0.1, 0.2, -0.3), "std": (0.5, 0.25, 2.0)}


def normalize(data, mean, std):
    # The numbers are float32, whatever the pictures are.
    mean, std = (np.float32(each).astype(float).reshape(-1, 1, 1) for each in (mean, std))
    out = (data - mean) / std
    return np.trunc(out) if data.dtype.kind in "iu" else out


CASES = [
    Case(OP, [X], normalize, attrs=EACH, dtypes=FLOATS, second=True),
    Case(OP, [X], normalize, attrs={"mean": (0.5,), "std": (0.25,)}, name="one"),
    Case(OP, [X[:1]], normalize, attrs={"mean": (0.5,), "std": (0.25,)}, name="gray"),
    Case(OP, [np.stack([X, X + 1])], normalize, attrs=EACH, name="batch"),
    Case(OP, [BYTES], normalize, attrs={"mean": (3,), "std": (2,)}, dtypes=INTS, grad=()),
]
FAULTS = [
    Fault(OP, [X], "mean has 2 numbers .* expected one, or one for each of 3", {"mean": (1, 2)}),
    Fault(OP, [X], "std has 2 numbers", {"mean": (1,), "std": (1, 2)}),
    Fault(OP, [X[:1]], "mean has 4 numbers"),
    Fault(OP, [X[:2]], "has 2 channels; expected 1 or 3", EACH),
    Fault(OP, [X[0]], r"has 2 axes; expected \(channels, height, width\)", EACH),
]
TestNormalize = operator_tests(CASES, FAULTS)
