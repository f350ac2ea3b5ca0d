import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(61)
X = R.normal(size=(3, 8))


def fft(x, **_):
    z = np.fft.fft(x)
    return np.stack([z.real, z.imag], -1).reshape(*x.shape[:-1], 2 * x.shape[-1])


def ifft(x, **_):
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    return (np.fft.ifft(pairs[..., 0] + 1j * pairs[..., 1]) * pairs.shape[-2]).real


def case(function, x, dtypes="float32", **attrs):
    name = "_contrib_" + function.__name__
    options = {"second": True, "atol": 1e-5, "oracle": "1.9.1 has it for GPUs alone"}
    return Case(name, [x], function, attrs, dtypes, **options)


CASES = [
    case(fft, X, FLOATS),
    case(ifft, X, FLOATS),
    *[case(fft, R.normal(size=(2, n))) for n in (1, 2, 3, 5, 7, 12, 31)],
    *[case(ifft, R.normal(size=(2, 2 * n))) for n in (1, 2, 3, 5, 7, 12)],
    case(fft, R.normal(size=(2, 3, 2, 4)), compute_size=2),
    case(ifft, R.normal(size=(2, 3, 2, 4))),
    case(fft, R.normal(size=(6,))),
    case(fft, X[:0]),
]
FAULTS = [
    Fault("_contrib_ifft", [X[:, :7]], "has an odd last size"),
    Fault("_contrib_fft", [X.astype("int32")], "int32", kind=TypeError),
]
TestFft = operator_tests(CASES, FAULTS)


def test_long_rows_stay_exact():
    import mxnet as mx

    for n in (4096, 5000, 9973):
        x = R.normal(size=(2, n))
        found = mx.nd.contrib.fft(mx.nd.array(x, dtype="float64")).asnumpy()
        np.testing.assert_allclose(found, fft(x), rtol=0, atol=1e-9)
