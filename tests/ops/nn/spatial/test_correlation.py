import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(68)
OP = "Correlation"


def correlate(
    a, b, kernel_size=1, max_displacement=1, stride1=1, stride2=1, pad_size=0, is_multiply=True
):
    width = [(0, 0), (0, 0), (pad_size, pad_size), (pad_size, pad_size)]
    a, b = np.pad(a, width), np.pad(b, width)
    border, reach = max_displacement + kernel_size // 2, max_displacement // stride2
    sizes = [-(-(n - 2 * border) // stride1) for n in a.shape[2:]]
    moves = [
        (i * stride2, j * stride2)
        for i in range(-reach, reach + 1)
        for j in range(-reach, reach + 1)
    ]
    out = np.zeros((a.shape[0], len(moves), *sizes))
    for i, j in np.ndindex(*sizes):
        y, x = i * stride1 + max_displacement, j * stride1 + max_displacement
        window = a[:, :, y : y + kernel_size, x : x + kernel_size]
        for d, (down, right) in enumerate(moves):
            rows = slice(y + down, y + down + kernel_size)
            other = b[:, :, rows, x + right : x + right + kernel_size]
            both = window * other if is_multiply else np.abs(window - other)
            out[:, d, i, j] = both.sum((1, 2, 3)) / (kernel_size**2 * a.shape[1])
    return out


def case(shape=(2, 3, 5, 6), dtypes=("float32",), **attrs):
    return Case(OP, [R.normal(size=shape), R.normal(size=shape)], correlate, attrs, dtypes=dtypes)


CASES = [
    case(dtypes=FLOATS),
    case(kernel_size=3, max_displacement=2, stride1=2, pad_size=3),
    case(max_displacement=2, stride2=2, pad_size=2, is_multiply=False),
    case(shape=(1, 1, 4, 7), max_displacement=3, stride1=2, stride2=2, pad_size=3),
    case(shape=(1, 2, 4, 4), max_displacement=0, kernel_size=3, is_multiply=False),
]
X = np.ones((1, 2, 6, 7))
FAULTS = [
    Fault(OP, [X, X], "is too small in axis 2", {"max_displacement": 5}),
    Fault(OP, [X, X], "kernel_size=2 is even", {"kernel_size": 2, "pad_size": 2}),
    Fault(OP, [X, X], "stride2=0", {"stride2": 0}, oracle="1.9.1 ends its process"),
    Fault(OP, [X, X], "stride1=0", {"stride1": 0}, oracle="1.9.1 ends its process"),
    Fault(OP, [X, X[:, :1]], "expected", oracle="1.9.1 reads beyond the array"),
    Fault(OP, [X, X], "pad_size=4000000000", {"pad_size": 4 * 10**9}, oracle="1.9.1 runs out"),
    Fault(OP, [X[0], X[0]], "expected"),
    Fault(OP, [X.astype("int32"), X], "dtype", kind=TypeError),
]
TestCorrelation = operator_tests(CASES, FAULTS)
