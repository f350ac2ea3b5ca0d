import numpy as np
from harness import ALL, Case, operator_tests

INPUTS = [np.float64(7), np.arange(3.0), np.ones((2, 3)), np.ones((2, 1, 3)), np.ones((2, 1, 1, 2))]
AT_LEAST = {1: np.atleast_1d, 2: np.atleast_2d, 3: np.atleast_3d}
CASES = [
    *(
        Case(f"_np_atleast_{n}d", [x], function, name=f"{n}-{x.ndim}")
        for n, function in AT_LEAST.items()
        for x in map(np.asarray, INPUTS)
    ),
    *(
        Case(f"_np_atleast_{n}d", INPUTS[1:3], function, dtypes=ALL, second=True)
        for n, function in AT_LEAST.items()
    ),
    *(Case(f"_np_atleast_{n}d", [np.zeros(0)], function) for n, function in AT_LEAST.items()),
]
TestAtLeast = operator_tests(CASES)
