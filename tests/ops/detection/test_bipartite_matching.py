import numpy as np
from harness import Case, Fault, operator_tests

OP = "_contrib_bipartite_matching"
R = np.random.default_rng(35)


def matching(data, threshold, is_ascend=False, topk=-1):
    tables = data.reshape(-1, *data.shape[-2:])
    rows, columns = np.full(tables.shape[:2], -1.0), np.full(tables.shape[::2], -1.0)
    for table, row_to, column_to in zip(tables, rows, columns):
        sign = 1 if is_ascend else -1
        matched = 0
        for place in np.argsort(sign * table, axis=None, kind="stable"):
            i, j = np.unravel_index(place, table.shape)
            if sign * (table[i, j] - np.float32(threshold)) >= 0 or 0 < topk < matched:
                break
            if row_to[i] < 0 and column_to[j] < 0:
                row_to[i], column_to[j], matched = j, i, matched + 1
    shape = data.shape[:-2]
    return rows.reshape(*shape, -1), columns.reshape(*shape, -1)


def zero(data, *d_out, **_):
    return [np.zeros(data.shape)]


def case(data, threshold=0.01, dtypes="float32", **attrs):
    attrs = {"threshold": threshold, **attrs}
    return Case(OP, [data], matching, attrs, dtypes, grad_reference=zero)


X = R.uniform(0, 1, (2, 5, 7))
TIES = np.round(X * 4) / 4
CASES = [
    case(X, dtypes=("float32", "float64")),
    case(TIES, dtypes=("float32", "float16", "bfloat16")),
    case(np.swapaxes(X, 1, 2)),
    case(X.reshape(2, 1, 5, 7), threshold=0.6),
    case(X, threshold=0.3, is_ascend=True),
    case(TIES, threshold=0.5),
    case(TIES, threshold=0.5, is_ascend=True),
    case(X, topk=0),
    case(X, topk=1),
    case(X, topk=2),
    case(X[0], topk=100),
]
FAULTS = [
    Fault(OP, [X[0, 0]], "has 1 axes; expected", {"threshold": 0.1}),
    Fault(OP, [X], "threshold is missing"),
    Fault(OP, [X.astype("int32")], "int32", {"threshold": 0.1}, kind=TypeError),
]
TestBipartiteMatching = operator_tests(CASES, FAULTS)
