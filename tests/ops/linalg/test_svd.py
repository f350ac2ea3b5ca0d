import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.matrices import transposed

import mxnet as mx

R = np.random.default_rng(48)
OP = "_npi_svd"


def svd(a):
    u, values, v = np.linalg.svd(a, full_matrices=False)
    largest = np.take_along_axis(v, np.abs(v).argmax(-1)[..., None], -1)
    sign = np.sign(largest)
    return [u * transposed(sign), values, v * sign]


def spread(*shape):
    """Matrices whose singular values differ."""
    return (
        np.linspace(3, 1, shape[-2])[:, None]
        * np.linalg.svd(R.normal(size=shape), full_matrices=False)[2]
        @ np.linalg.qr(R.normal(size=(shape[-1], shape[-1])))[0]
    )


OPTIONS = {"dtypes": ("float32", "float64"), "rtol": 1e-3, "atol": 1e-4, "second": True}
CASES = [
    Case(OP, [spread(2, 3)], svd, **OPTIONS),
    Case(OP, [spread(3, 3)], svd, **OPTIONS),
    Case(OP, [spread(2, 2, 4)], svd, **OPTIONS),
    Case(OP, [np.zeros((0, 2, 3))], svd, grad=False),
]
A = np.ones((3, 2))
FAULTS = [
    Fault(OP, [A], "has more rows than columns"),
    Fault(OP, [A.T], "float32 or float64", dtype="float16", kind=TypeError),
    Fault(OP, [A[0]], "has 1 axes"),
]
TestSvd = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("m, n", [(1, 1), (1, 5), (4, 4), (17, 40)])
@pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-5), ("float64", 1e-13)])
def test_product_is_the_matrix(m, n, dtype, tolerance):
    a = np.random.default_rng(n).normal(size=(5, m, n))
    a[0], a[1] = 0, 1  # of rank 0 and 1
    a = a.astype(dtype)
    u, values, v = (x.asnumpy() for x in mx.nd._internal._npi_svd(mx.nd.array(a, dtype=dtype)))
    np.testing.assert_allclose((u * values[:, None, :]) @ v, a, atol=tolerance * np.sqrt(m * n))
    for rows in (transposed(u), v):
        np.testing.assert_allclose(
            rows @ transposed(rows), np.broadcast_to(np.eye(m), (5, m, m)), atol=tolerance * 4
        )
    assert (np.diff(values) <= 0).all()
