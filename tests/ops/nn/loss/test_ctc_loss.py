import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(71)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def fits(label, steps):
    return len(label) + sum(a == b for a, b in zip(label, label[1:])) <= steps


def negative_log_likelihood(scores, label, blank):
    """By the probabilities of all prefixes, in plain numbers."""
    states = [blank]
    for symbol in label:
        states += [symbol, blank]
    y = np.exp(log_softmax(scores))
    now = np.zeros(len(states))
    now[: min(2, len(states))] = y[0, states[:2]]
    for row in y[1:]:
        before = now
        now = np.zeros(len(states))
        for s, symbol in enumerate(states):
            total = before[s] + (before[s - 1] if s > 0 else 0)
            if s > 1 and symbol != blank and symbol != states[s - 2]:
                total += before[s - 2]
            now[s] = total * row[symbol]
    with np.errstate(divide="ignore"):
        return -np.log(now[-2:].sum())


def ctc(
    data, label, *lengths, use_data_lengths=False, use_label_lengths=False, blank_label="first"
):
    lengths = list(lengths)
    steps, _, classes = data.shape
    steps = lengths.pop(0) if use_data_lengths else [steps] * len(label)
    blank, padding = (0, 0) if blank_label == "first" else (classes - 1, -1)
    losses = []
    for n, row in enumerate(label.astype(int).tolist()):
        count = row.index(padding) if padding in row else len(row)
        count = int(lengths[0][n]) if use_label_lengths else count
        scores = data[: int(steps[n]), n]
        possible = fits(row[:count], len(scores)) and len(scores) > 0
        losses.append(negative_log_likelihood(scores, row[:count], blank) if possible else 0.0)
    return np.array(losses)


X = R.normal(size=(6, 3, 5))
FIRST = np.array([[1.0, 2, 0], [3, 3, 4], [0, 0, 0]])
GAPS = np.array([[1.0, 0, 2], [0, 3, 1], [2, 1, 1]])
LAST = np.array([[0.0, 1, -1], [2, 2, -1], [-1, -1, -1]])
STEPS, COUNTS = np.array([4.0, 6, 1]), np.array([2.0, 3, 0])
WIDE, LONG = R.normal(size=(40, 2, 70)) * 3, R.integers(1, 70, (2, 17)).astype(float)
ONE_TYPE = "1.9.1 computes float32 alone"


def case(data, label, *lengths, dtypes="float32", oracle=True, **attrs):
    if lengths and "use_data_lengths" not in attrs and "use_label_lengths" not in attrs:
        attrs.update(use_data_lengths=True, use_label_lengths=True)
    oracle = oracle if dtypes == "float32" else ONE_TYPE
    return Case(
        "CTCLoss",
        [data, label, *lengths],
        ctc,
        attrs,
        dtypes,
        rtol=1e-5,
        atol=1e-5,
        grad=(0,),
        grad_tol=1e-4,
        oracle=oracle,
    )


CASES = [
    case(X, FIRST),
    case(X, FIRST, dtypes=("float64", "float16", "bfloat16")),
    case(X, FIRST.astype("int32")),
    case(X, GAPS),
    case(X, LAST, blank_label="last"),
    case(X, LAST.astype("int64"), blank_label="last"),
    case(X, FIRST, STEPS, COUNTS),
    case(X, FIRST, STEPS, use_data_lengths=True),
    case(X, FIRST, COUNTS, use_label_lengths=True),
    case(X, LAST, STEPS, COUNTS - 1 * (COUNTS > 0), blank_label="last"),
    # Labels that need more steps than there are.
    case(X[:3], np.array([[1.0, 1, 1], [1, 2, 3], [1, 1, 0]])),
    case(X, FIRST, np.array([1.0, 3, 0]), use_data_lengths=True, dtypes="float64"),
    # A blank among the labels.
    case(X, GAPS, np.array([3.0, 2, 3]), use_label_lengths=True),
    case(WIDE, LONG, dtypes=("float32",)),
    case(X[:1, :, :1], np.zeros((3, 1)), oracle="1.9.1 gives what the memory held"),
]
NEGATIVE = np.array([[-1.0, 1], [2, 2], [1, 0]])
UNCHECKED = "1.9.1 reads or writes outside of the arrays"
FAULTS = [
    Fault("CTCLoss", [X[0], FIRST], "has 2 axes; expected 3"),
    Fault("CTCLoss", [X, FIRST[0]], "has 1 axes; expected 2"),
    Fault("CTCLoss", [X, FIRST[:2]], "CTCLoss: label"),
    Fault("CTCLoss", [X[:2], FIRST], "more labels than data has steps"),
    Fault(
        "CTCLoss", [X, NEGATIVE], r"label\[0, 0\]=-1 is no class", kind=IndexError, oracle=UNCHECKED
    ),
    Fault(
        "CTCLoss",
        [X, FIRST, np.array([9.0, 1, 1])],
        r"data_lengths\[0\]=9 is out of range",
        {"use_data_lengths": True},
        oracle=UNCHECKED,
    ),
    Fault(
        "CTCLoss",
        [X, FIRST, np.array([1.0, 1, 9])],
        r"label_lengths\[2\]=9 is out of range",
        {"use_label_lengths": True},
        oracle=UNCHECKED,
    ),
    Fault("CTCLoss", [X.astype("int32"), FIRST], "int32", kind=TypeError),
    Fault("CTCLoss", [X, FIRST], "blank_label", {"blank_label": "middle"}),
]
TestCtcLoss = operator_tests(CASES, FAULTS)
