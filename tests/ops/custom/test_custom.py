import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx


class _Cube(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] ** 3)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], 3 * in_data[0] ** 2 * out_grad[0])


@mx.operator.register("table_cube")
class _CubeProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, in_shapes, in_dtypes):
        return _Cube()


X = np.random.default_rng(7).normal(size=(3, 4))
CASES = [
    Case(
        "Custom",
        [X],
        lambda x, op_type: x**3,
        attrs={"op_type": "table_cube"},
        dtypes=("float32", "float64"),
        oracle="the class is registered here",
    )
]
FAULTS = [Fault("Custom", [X], attrs={}, match="Custom: op_type is missing")]


class TestCustom(operator_tests(CASES, FAULTS)):
    # These apply kernels; user code writes new arrays, whatever becomes of them.
    test_write_modes = test_large = None
