import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(24)
X = R.normal(size=(3, 4)) * 2
X3 = R.normal(size=(2, 3, 4))


def softmax(x, length=None, axis=-1, temperature=None, use_length=False, dtype=None):
    x = x / (temperature or 1)
    if length is not None:
        places = np.arange(x.shape[axis]).reshape(
            [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)]
        )
        inside = places < np.expand_dims(length, axis)
        x = np.where(inside, x, -np.inf)
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def softmin(x, **attrs):
    return softmax(-x, **attrs)


def log_softmax(x, **attrs):
    with np.errstate(divide="ignore"):
        return np.log(softmax(x, **attrs))


def lengths(*shape, limit):
    return np.random.default_rng(25).integers(0, limit + 1, size=shape).astype("int32")


def masked(function):
    """The function with 0 where the length has ended, also where no element counts at all."""

    def reference(x, length, axis=-1, use_length=True):
        places = np.arange(x.shape[axis]).reshape(
            [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)]
        )
        inside = places < np.expand_dims(length, axis)
        lowest = np.where(inside, x, -1e30)
        return np.where(inside, function(lowest, axis=axis), 0)

    return reference


# Rows one after the other and side by side, long and short, in one block and in several.
LAYOUTS = [((5, 70), -1), ((3, 1100), 1), ((1200, 3), 1), ((2, 70, 3), 1), ((300, 5, 3), 1)]
LAYOUTS += [((2, 70, 9), 1), ((2, 5, 600), 1)]
HALVES = {"oracle": "1.9.1 has no bfloat16", "rtol": 2e-5, "atol": 2e-6}
CASES = [
    Case("softmax", [X], softmax, {}, FLOATS, **HALVES),
    Case("softmax", [X3], softmax, {"axis": 1}, second=True),
    Case("softmax", [X3], softmax, {"axis": 0, "temperature": 2.0}, second=True),
    Case(
        "softmax",
        [X3, np.array([[1, 2, 4, 3], [4, 4, 2, 1]], "int32")[:, :3]],
        softmax,
        {"use_length": True},
        grad=False,
    ),
    Case("softmax", [X + 1000], softmax, grad=False, rtol=1e-4),
    Case("softmin", [X], softmin, {}, FLOATS, **HALVES),
    Case("softmin", [X], softmin, {"temperature": 0.5}, second=True),
    Case("log_softmax", [X], log_softmax, {}, FLOATS, **HALVES),
    Case("log_softmax", [X3], log_softmax, {"axis": 1, "temperature": 0.5}, second=True),
]
for shape, axis in LAYOUTS:
    data, attrs = R.normal(size=shape) * 3, {"axis": axis}
    length = lengths(*np.delete(shape, axis), limit=shape[axis])
    for name, function in [("softmax", softmax), ("log_softmax", log_softmax)]:
        CASES.append(Case(name, [data], function, attrs, FLOATS, **HALVES))
        CASES.append(
            Case(
                name,
                [data, length],
                masked(function),
                {**attrs, "use_length": True},
                grad=False,
                oracle="1.9.1 gives NaN for a row of length 0",
            )
        )
FAULTS = [
    Fault("softmax", [X], "softmax: axis=2", {"axis": 2}, kind=IndexError),
    Fault("softmax", [X, np.ones(4, "int32")], r"softmax: length=\(4,\)", {"use_length": True}),
]
TestSoftmax = operator_tests(CASES, FAULTS)
