import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.arange(12.0).reshape(3, 4)


def same(x, *others):
    return x


CASES = [
    Case("_copy", [X], same, dtypes=ALL, second=True),
    Case("_copy", [X > 3], same, out_dtype="bool"),
    Case("identity", [np.zeros((2, 0))], same, name="copy-empty"),
    Case(
        "_contrib_gradientmultiplier",
        [X],
        lambda x, scalar: x,
        {"scalar": -0.5},
        FLOATS,
        grad_reference=lambda x, d, scalar: scalar * d,
    ),
    Case("_copyto", [X], same, dtypes=ALL, oracle="1.9.1 does not infer its types"),
    Case("_CrossDeviceCopy", [X], same, dtypes=FLOATS, oracle="1.9.1 has no kernel"),
    Case("BlockGrad", [X], same, dtypes=ALL, grad_reference=lambda x, d: np.zeros(x.shape)),
    Case(
        "_identity_with_attr_like_rhs",
        [X, X + 1],
        same,
        dtypes=FLOATS,
        grad_reference=lambda x, y, d: [d, np.zeros(y.shape)],
    ),
]
TestCopy = operator_tests(CASES)
