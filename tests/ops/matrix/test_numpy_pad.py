import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(15).normal(size=(2, 3))
MODES = ("constant", "edge", "reflect", "symmetric", "maximum", "minimum")
NO_GRADIENT = "1.9.1 has gradients of mode constant only"


def np_pad(x, pad_width, mode="constant", constant_value=0):
    options = {"constant_values": constant_value} if mode == "constant" else {}
    return np.pad(x, pad_width, mode, **options)


def pad(x, widths, mode, **options):
    attrs = {"pad_width": widths, "mode": mode, **options.pop("attrs", {})}
    oracle = options.pop(
        "oracle", mode == "constant" or options.get("grad") is False or NO_GRADIENT
    )
    return Case("_npi_pad", [x], np_pad, attrs=attrs, oracle=oracle, **options)


CASES = [
    *(pad(X, ((1, 1), (2, 2)), mode, grad=False, dtypes=FLOATS) for mode in MODES),
    *(pad(X, ((1, 1), (2, 2)), mode, second=mode not in ("maximum", "minimum")) for mode in MODES),
    *(pad(np.floor(9 * X), ((0, 1), (2, 0)), mode, dtypes=ALL, grad=False) for mode in MODES),
    *(pad(X[0], (5, 4), mode, grad=False) for mode in MODES),
    *(pad(X[0, :1], (3, 2), mode, grad=False) for mode in MODES),
    *(pad(X[0], ((1, 2),), mode, oracle="1.9.1 wants (1, 2) of one axis") for mode in MODES),
    pad(X, ((1, 1), (2, 2)), "constant", attrs={"constant_value": 3.5}, second=True),
    pad(np.zeros((0, 3)), ((1, 0), (0, 1)), "constant"),
    pad(np.zeros((0, 3)), ((0, 0), (0, 1)), "edge"),
    pad(X.reshape(1, 2, 3, 1), ((0, 1), (1, 0), (0, 0), (2, 2)), "reflect"),
]
FAULTS = [
    Fault(
        "_npi_pad",
        [X],
        "pad_width=.* has 2 numbers; expected two for each of 2",
        {"pad_width": (1, 1)},
    ),
    Fault("_npi_pad", [X], "has a negative number", {"pad_width": ((-1, 1), (0, 0))}),
    Fault(
        "_npi_pad",
        [np.zeros((0, 3))],
        "has nothing to repeat along axis 0",
        {"pad_width": ((1, 1), (0, 0)), "mode": "edge"},
        oracle="1.9.1 stops its process",
    ),
    Fault(
        "_npi_pad",
        [X],
        "reflect_type=odd is not supported",
        {"pad_width": ((1, 1), (0, 0)), "reflect_type": "odd"},
        oracle="1.9.1 takes it for even",
    ),
]
TestNumpyPad = operator_tests(CASES, FAULTS)
