import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(6)
X = R.normal(size=(4, 7))
H = R.integers(0, 5, (1, 7)).astype(float)
S = R.choice([-1.0, 1.0], (1, 7))


def count_sketch(x, h, s, out_dim, **_):
    out = np.zeros((*x.shape[:-1], out_dim))
    for i, (place, sign) in enumerate(zip(h[0].astype(int), s[0])):
        out[..., place] += sign * x[..., i]
    return out


def case(x, dtypes="float32", **attrs):
    return Case(
        "_contrib_count_sketch",
        [x, H, S],
        count_sketch,
        {"out_dim": 5, **attrs},
        dtypes,
        grad=(0, 2),
        oracle="1.9.1 has it for GPUs alone",
    )


CASES = [case(X, FLOATS), case(X[0]), case(X.reshape(2, 2, 7), processing_batch_size=8)]
FAULTS = [Fault("_contrib_count_sketch", [X, H[:, :3], S], "h=", {"out_dim": 5})]
TestCountSketch = operator_tests(CASES, FAULTS)
