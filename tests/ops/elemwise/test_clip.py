import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(11).normal(size=(4, 5)) * 3
LIMITS = {"a_min": -1.5, "a_max": 2}


def clip(x, a_min, a_max):
    return np.minimum(np.maximum(x, a_min), a_max)


CASES = [
    Case("clip", [X], clip, attrs=LIMITS, dtypes=FLOATS, second=True),
    Case("clip", [np.arange(9.0)], clip, attrs={"a_min": 2, "a_max": 5}, dtypes=ALL, grad=False),
    Case("clip", [np.array([np.nan, np.inf, -np.inf])], clip, attrs=LIMITS, grad=False),
    Case(
        "clip",
        [np.array([-2.0, -1.5, 2, 3])],
        clip,
        attrs=LIMITS,
        name="clip-ends",
        grad_reference=lambda x, d, a_min, a_max: d * ((x >= a_min) & (x <= a_max)),
    ),
    Case("clip", [np.arange(9.0)], clip, {"a_min": -1e10, "a_max": 1e10}, ALL, grad=False),
    Case("clip", [np.arange(9.0)], clip, {"a_min": -2.0, "a_max": 300.0}, ALL, grad=False),
]
FAULTS = [Fault("clip", [X], "clip: a_max is missing", attrs={"a_min": 0})]
TestClip = operator_tests(CASES, FAULTS)
