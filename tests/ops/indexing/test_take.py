import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(14)
X, W = R.normal(size=(2, 3, 4)), R.normal(size=(4, 2))
INDICES = np.array([[0, 1], [5, -1], [1, 1]], "int32")


def take(a, indices, axis=0, mode="clip"):
    return np.take(a, indices.astype(int), axis, mode=mode)


def embedding(data, weight, **_):
    return np.take(weight, data.astype(int), 0, mode="clip")


ROWS = {"input_dim": 4, "output_dim": 2}


def sparse_embedding(data, weight, **_):
    return weight[np.clip(data.astype(int), 0, len(weight) - 1)]


CASES = [
    Case(
        "_contrib_SparseEmbedding",
        [np.array([[1.0, 3], [0, 1]]), np.arange(12.0).reshape(4, 3)],
        sparse_embedding,
        {"input_dim": 4, "output_dim": 3},
        grad=(1,),
        oracle="1.9.1 refuses dense gradients",
    ),
    *(
        Case("take", [X, INDICES], take, attrs={"axis": axis, "mode": mode}, second=axis == 1)
        for axis in (0, 1, -1)
        for mode in ("clip", "wrap")
    ),
    Case("take", [X, np.array([0, 2])], take, attrs={"axis": 1, "mode": "raise"}, dtypes=ALL),
    Case("take", [X, np.array([0.9, 1.5])], take, attrs={"axis": 1}, grad=[0]),
    Case("take", [W, np.array([[1]], "uint8")], take),
    Case("take", [W, np.array([3, 0, 2, 0])], take, grad=[0]),
    Case("Embedding", [INDICES, W], embedding, attrs=ROWS, second=True),
    Case(
        "Embedding", [np.array([1, 3, 3]), W], embedding, attrs=ROWS, dtypes=("float32", "float16")
    ),
    *(
        Case(
            "Embedding",
            [INDICES, R.normal(size=(4, width))],
            embedding,
            attrs={"input_dim": 4, "output_dim": width},
        )
        for width in (1, 3, 4, 5, 35)
    ),
]
FAULTS = [
    Fault(
        "take", [X, INDICES], "indices=5 is out of range", {"axis": 1, "mode": "raise"}, IndexError
    ),
    Fault("take", [X, INDICES], "axis=3", {"axis": 3}, IndexError),
    Fault("take", [X, INDICES], "mode=skip is not valid", {"mode": "skip"}),
    Fault(
        "Embedding",
        [INDICES, W],
        r"Embedding: weight=\(4, 2\) has the wrong shape; expected \(5, 2\)",
        {"input_dim": 5, "output_dim": 2},
    ),
]
TestTake = operator_tests(CASES, FAULTS)
