import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(5)
X = R.normal(size=(2, 3, 4))
THREES = R.normal(size=(2, 9, 3))
N = None


def box(begin, end, step=()):
    step = step or (None,) * len(begin)
    return tuple(slice(*bounds) for bounds in zip(begin, end, step))


def slice_(x, **attrs):
    return x[box(**attrs)]


def slice_axis(x, axis, begin, end):
    return np.take(x, np.arange(x.shape[axis])[begin:end], axis)


def slice_like(x, like, axes=()):
    axes = axes or range(x.ndim)
    sizes = {a % x.ndim: like.shape[a % x.ndim] for a in axes}
    return x[tuple(slice(sizes.get(i)) for i in range(x.ndim))]


def assign(x, y, **attrs):
    result = x.copy()
    result[box(**attrs)] = y
    return result


def assign_scalar(x, scalar=0, **attrs):
    return assign(x, scalar, **attrs)


BOXES = [
    {"begin": (0,), "end": (1,)},
    {"begin": (0, 1), "end": (2, 3)},
    {"begin": (N, -2), "end": (N, N)},
    {"begin": (0, 2), "end": (2, 0), "step": (1, -1)},
    {"begin": (N, N, N), "end": (N, N, N), "step": (-1, -1, -2)},
    {"begin": (0,), "end": (5,)},
    {"begin": (0, 0, 9), "end": (1, 1, N), "step": (1, 1, -2)},
    {"begin": (0, 0, 3), "end": (1, 1, -6), "step": (1, 1, -1)},
]
NO_GRADIENT = "1.9.1 has no gradient of it; results agree"
CASES = [
    *(Case("slice", [X], slice_, attrs=b, second=i < 5, dtypes=ALL) for i, b in enumerate(BOXES)),
    Case("slice", [X], slice_, attrs={"begin": (2,), "end": (3,)}, grad=False, symbol=False),
    Case("slice", [X], slice_, attrs={"begin": (1,), "end": (0,)}, grad=False, symbol=False),
    *(
        Case("_slice_assign", [X, X[box(**b)] + 9], assign, attrs=b, grad=i < 3, second=i == 1)
        for i, b in enumerate(BOXES)
    ),
    *(
        Case("_slice_assign_scalar", [X], assign_scalar, attrs={"scalar": -3.5, **b}, grad=i < 2)
        for i, b in enumerate(BOXES)
    ),
    *(
        Case("slice_axis", [X], slice_axis, attrs={"axis": a, "begin": b, "end": e}, second=a == 1)
        for a, b, e in ((0, 0, 1), (-1, -2, N), (1, 0, -1), (2, 1, 3))
    ),
    Case("slice_like", [X, np.zeros((1, 2, 3))], slice_like, grad=[0], second=True),
    Case("slice_like", [X, np.zeros((1, 2, 3))], slice_like, attrs={"axes": (0, -1)}, grad=[0]),
    Case("slice_like", [X, np.zeros((1,))], slice_like, attrs={"axes": (0,)}, grad=[0]),
    *(
        Case("slice", [THREES], slice_, attrs=b, dtypes=ALL, name=f"threes-{i}")
        for i, b in enumerate(
            (
                {"begin": (N, 1), "end": (N, N)},
                {"begin": (N, 1), "end": (N, N), "step": (1, 3)},
                {"begin": (1, N), "end": (N, 2), "step": (-1, -2)},
            )
        )
    ),
]
FAULTS = [
    Fault("slice", [X], "begin=.* has 4 numbers", {"begin": (0,) * 4, "end": (1,) * 4}),
    Fault("slice", [X], r"end=\(1,\) has 1 numbers", {"begin": (0, 0), "end": (1,)}),
    Fault("slice", [X], "step=.* holds 0", {"begin": (0, 0), "end": (1, 1), "step": (1, 0)}),
    Fault("slice", [X], "slice: end is missing", {"begin": (0, 0)}),
    Fault("slice_axis", [X], "end=1 leaves nothing", {"axis": 1, "begin": 2, "end": 1}),
    Fault("slice_axis", [X], "end=9 is out of range", {"axis": 1, "begin": 0, "end": 9}),
    Fault("slice_axis", [X], "begin=-9 is out of", {"axis": 1, "begin": -9, "end": 1}),
    Fault("slice_axis", [X], "axis=3", {"axis": 3, "begin": 0, "end": 1}, IndexError),
    Fault("slice_like", [X, np.zeros((1, 2, 9))], "shape_like=.* is larger than data"),
    Fault("slice_like", [X, np.zeros((1, 2))], "shape_like=.* has 2 dimensions"),
    Fault("_slice_assign", [X, X], "rhs=.* has the wrong shape", {"begin": (0,), "end": (1,)}),
]
TestSlice = operator_tests(CASES, FAULTS)


def test_none_survives_json():
    import mxnet as mx

    symbol = mx.sym.slice(mx.sym.Variable("a"), begin=(None, 1), end=(2, None), name="s")
    again = mx.sym.load_json(symbol.tojson())
    assert again.attr_dict()["s"]["begin"] == "(None, 1)"
    assert again.infer_shape(a=(4, 5))[1] == [(2, 4)]
