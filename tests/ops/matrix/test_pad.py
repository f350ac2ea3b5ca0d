import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(11)
X = R.normal(size=(1, 2, 3, 4))
DEEP = R.normal(size=(1, 2, 2, 3, 4))
WIDTH, DEEP_WIDTH = (0, 0, 0, 0, 1, 2, 3, 2), (0, 0, 0, 0, 1, 1, 2, 2, 3, 3)


def pad(x, mode, pad_width, constant_value=0):
    pairs = np.reshape(pad_width, (-1, 2)).tolist()
    extra = {"constant_values": constant_value} if mode == "constant" else {}
    return np.pad(x, pairs, mode, **extra)


def case(x, mode, width, **options):
    attrs = {"mode": mode, "pad_width": width}
    if mode == "constant":
        attrs["constant_value"] = -1.5
    return Case("Pad", [x], pad, attrs=attrs, second=True, **options)


MODES = ("constant", "edge", "reflect")
CASES = [
    *(case(X, mode, WIDTH, dtypes=FLOATS[:3]) for mode in MODES),
    *(case(DEEP, mode, DEEP_WIDTH) for mode in MODES),
]
FAULTS = [
    Fault("Pad", [X], "pads axis 1 by 1", {"mode": "edge", "pad_width": (0, 0, 1, 0, 1, 1, 1, 1)}),
    Fault(
        "Pad",
        [X],
        "too large to reflect",
        {"mode": "reflect", "pad_width": (0, 0, 0, 0, 1, 9, 1, 1)},
    ),
    Fault("Pad", [X[0]], "has 3 dimensions", {"mode": "edge", "pad_width": (0,) * 6}),
    Fault("Pad", [X], "pad_width=.* has 4 numbers", {"mode": "edge", "pad_width": (0,) * 4}),
    Fault("Pad", [X], "mode=wrap is not valid", {"mode": "wrap", "pad_width": WIDTH}),
]
TestPad = operator_tests(CASES, FAULTS)
