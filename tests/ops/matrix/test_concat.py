import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(6)


def array(*shape):
    return R.normal(size=shape)


def concat(*arrays, dim=1, num_args=None):
    return np.concatenate(arrays, dim)


def stack(*arrays, axis=0, num_args=None):
    return np.stack(arrays, axis)


A, B, C = array(2, 3, 4), array(2, 1, 4), array(2, 2, 4)
CASES = [
    *(
        Case(
            "_npi_stack",
            [np.arange(6.0).reshape(2, 3) + 10 * i for i in range(3)],
            lambda *xs, axis=0: np.stack(xs, axis),
            attrs={"axis": axis} if axis else {},
            dtypes=ALL if axis == 1 else "float32",
            second=axis == 0,
        )
        for axis in (0, 1, -1)
    ),
    Case("_npi_stack", [np.float64(3), np.float64(4)], lambda *xs: np.stack(xs), name="numbers"),
    Case("Concat", [A, B, C], concat, attrs={"num_args": 3}, dtypes=ALL, second=True),
    Case("Concat", [A, B, C], concat, attrs={"num_args": 3, "dim": -2}),
    Case("Concat", [A], concat, attrs={"num_args": 1}),
    Case("Concat", [A, A[:1]], concat, attrs={"num_args": 2, "dim": 0}),
    Case("Concat", [A, A[..., :1]], concat, attrs={"num_args": 2, "dim": 2}),
    Case(
        "Concat", [array(1, 8, 5, 5), array(1, 16, 5, 5)], concat, attrs={"num_args": 2}, grad=False
    ),
    Case("Concat", [A, np.zeros((2, 0, 4))], concat, attrs={"num_args": 2}, grad=False),
    Case("_rnn_param_concat", [array(3), array(2)], concat, attrs={"num_args": 2, "dim": 0}),
    *(
        Case("stack", [A, 2 * A], stack, attrs={"num_args": 2, "axis": a}, second=a == 1)
        for a in (0, 1, 3, -1, -4)
    ),
]
FAULTS = [
    Fault("Concat", [A, A[0]], r"Concat: arg1=\(3, 4\) does not fit", {"num_args": 2}),
    Fault("Concat", [A, A[:1]], r"Concat: arg1=\(1, 3, 4\) does not fit", {"num_args": 2}),
    Fault("Concat", [A, A], "dim=7 is out of range", {"num_args": 2, "dim": 7}, IndexError),
    Fault("stack", [A, A[0]], r"stack: arg1=\(3, 4\) has the wrong shape", {"num_args": 2}),
    Fault("stack", [A, A], "axis=4 is out of range", {"num_args": 2, "axis": 4}, IndexError),
]
TestConcat = operator_tests(CASES, FAULTS)


def test_result_tells_the_last_input():
    import mxnet as mx

    joined = mx.sym.Concat(mx.sym.Variable("a"), mx.sym.Variable("b"), dim=0)
    arguments, _, _ = (joined + mx.sym.Variable("c")).infer_shape(a=(2, 8), c=(5, 8))
    assert arguments == [(2, 8), (3, 8), (5, 8)]
