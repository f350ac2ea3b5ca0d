import numpy as np
import pytest
from harness import Case, Fault, operator_tests

import mxnet as mx

TRUE, MIXED = np.ones((2, 3), "bool"), np.array([True, False])
CASES = [
    Case("_npx_constraint_check", [x], lambda x, **_: np.True_, attrs=attrs, dtypes=("bool",))
    for x, attrs in ((TRUE, {}), (TRUE[0], {"msg": "never"}), (TRUE[:0], {}))
]
FAULTS = [
    Fault("_npx_constraint_check", [MIXED], "Constraint violated."),
    Fault("_npx_constraint_check", [MIXED], "scale is negative", {"msg": "scale is negative"}),
    Fault("_npx_constraint_check", [np.ones(2)], "input", kind=TypeError),
]
TestConstraintCheck = operator_tests(CASES, FAULTS)


def test_a_bound_symbol():
    x = mx.sym.Variable("x")
    checked = mx.sym._internal._npx_constraint_check(
        mx.sym._internal._npi_greater_scalar(x, scalar=0)
    )
    result = mx.sym._internal._npi_multiply(x, checked)
    executor = result.bind(mx.cpu(), {"x": mx.nd.array([1, 2])})
    np.testing.assert_array_equal(executor.forward()[0].asnumpy(), [1, 2])
    executor.arg_dict["x"][:] = mx.nd.array([1, -2])
    with pytest.raises(ValueError, match="Constraint violated."):
        executor.forward()[0].asnumpy()
