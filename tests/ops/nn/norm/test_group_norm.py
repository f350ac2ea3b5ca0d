import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(19)


def group_norm(x, gamma, beta, num_groups=1, eps=1e-5, output_mean_var=False):
    rows = x.reshape(x.shape[0], num_groups, -1)
    mean, std = rows.mean(-1), np.sqrt(rows.var(-1) + eps)
    out = (rows - mean[:, :, None]) / std[:, :, None] * gamma[:, None] + beta[:, None]
    return [out.reshape(x.shape), mean, std] if output_mean_var else out.reshape(x.shape)


def case(shape, groups, **attrs):
    options = {k: attrs.pop(k) for k in ("grad", "second", "dtypes", "oracle") if k in attrs}
    inputs = [R.normal(size=shape), R.normal(size=groups), R.normal(size=groups)]
    attrs["num_groups"] = groups
    return Case("GroupNorm", inputs, group_norm, attrs, rtol=1e-4, atol=2e-5, **options)


CASES = [
    case((2, 4, 3), 2),
    case((2, 4, 3), 2, grad=(0, 1), second=True),
    case((2, 6, 2, 2), 3, eps=0.1),
    case((2, 4, 3), 1),
    case((2, 4, 3), 2, output_mean_var=True, grad=False),
    case((2, 6, 70), 2, dtypes=FLOATS, oracle="1.9.1 has no bfloat16"),
    case((2, 6, 70), 3, output_mean_var=True, grad=False),
]
ONES = [np.ones((2, 4, 3)), np.ones(3), np.ones(3)]
FAULTS = [
    Fault("GroupNorm", ONES, r"has 4 channels; expected a multiple", {"num_groups": 3}),
    Fault("GroupNorm", ONES, r"GroupNorm: gamma=\(3,\)", {"num_groups": 2}),
]
TestGroupNorm = operator_tests(CASES, FAULTS)
