import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(8)


def rows_of(x, multi_output=False, preserve_shape=False, **_):
    """Data as (rows, classes), and how to bring that back."""
    if multi_output:
        moved = np.moveaxis(x, 1, -1)
        return moved.reshape(-1, x.shape[1]), lambda y: np.moveaxis(y.reshape(moved.shape), -1, 1)
    classes = x.shape[-1] if preserve_shape else int(np.prod(x.shape[1:]))
    return x.reshape(-1, classes), lambda y: y.reshape(x.shape)


def softmax_output(x, label, **attrs):
    rows, restore = rows_of(x, **attrs)
    e = np.exp(rows - rows.max(-1, keepdims=True))
    return restore(e / e.sum(-1, keepdims=True))


def gradient(
    x,
    label,
    head,
    grad_scale=1.0,
    ignore_label=-1,
    use_ignore=False,
    normalization="null",
    smooth_alpha=0.0,
    out_grad=False,
    **attrs,
):
    y = softmax_output(x, label, **attrs)
    if label.shape == x.shape:
        return [(y - label) * grad_scale, None]
    rows, restore = rows_of(y, **attrs)
    count, classes = rows.shape
    wanted = label.reshape(-1)[:count].astype(int)
    smooth = 0.0 if attrs.get("multi_output") else smooth_alpha
    target = np.full(rows.shape, smooth / (classes - 1))
    known = (wanted >= 0) & (wanted < classes)
    target[np.arange(count)[known], wanted[known]] = 1 - smooth
    d = rows - target
    if use_ignore:
        d[wanted == ignore_label] = 0
    if normalization == "valid":
        d = d / max(1, (wanted != ignore_label).sum())
    else:
        places = int(np.prod(x.shape[2:])) if attrs.get("multi_output") else 1
        examples = count // places
        d = d / places / (examples if normalization == "batch" else 1)
    d = restore(d * grad_scale)
    return [d * head if out_grad else d, None]


X, X4 = R.normal(size=(4, 3)), R.normal(size=(2, 3, 2, 2))
LABEL = np.array([0.0, 2, 1, 1])
LONG = R.normal(size=(5, 35))
PLACES = np.array([0.0, 1, 2, 2, 1, 1, 0, 2])


def case(x, label, **attrs):
    options = {k: attrs.pop(k) for k in ("oracle", "name") if k in attrs}
    return Case(
        "SoftmaxOutput",
        [x, label],
        softmax_output,
        attrs,
        ["float32", "float64"],
        grad=(0,),
        grad_reference=gradient,
        train=True,
        **options,
    )


CASES = [
    case(X, LABEL, **attrs)
    for attrs in [
        {},
        {"grad_scale": 2.0},
        {"use_ignore": True, "ignore_label": 1},
        {"use_ignore": True, "ignore_label": 1, "normalization": "valid"},
        {"ignore_label": 1, "normalization": "valid"},
        {"normalization": "batch"},
        {"smooth_alpha": 0.1},
        {"smooth_alpha": 0.1, "use_ignore": True, "ignore_label": 1, "normalization": "valid"},
        {"out_grad": True, "oracle": "1.9.1 multiplies by the output instead"},
    ]
]
CASES += [
    case(X, np.array([0.0, 7, -3, 1]), name="out_of_range"),
    case(X, np.abs(X), grad_scale=2.0, normalization="batch", name="probabilities"),
    case(X4, R.integers(0, 2, (2, 3, 2)).astype(float), preserve_shape=True),
    case(X4, np.eye(6, 2).reshape(2, 3, 2), preserve_shape=True, normalization="batch"),
    case(X4[:, :, :, 0], np.arange(6.0).reshape(2, 3), name="flat"),
]
CASES += [
    case(X4, PLACES.reshape(shape), multi_output=True, **attrs)
    for shape in [(2, 4), (2, 2, 2), (2, 1, 2, 2)]
    for attrs in [
        {},
        {"normalization": "batch"},
        {"normalization": "valid", "use_ignore": True, "ignore_label": 1},
    ]
]
CASES += [
    # Rows that are longer than a vector.
    case(LONG, np.array([0.0, 16, 17, 34, 35]), name="long", **attrs)
    for attrs in [{"smooth_alpha": 0.1}, {"use_ignore": True, "ignore_label": 17}]
]
FAULTS = [
    Fault(
        "SoftmaxOutput",
        [X4, np.zeros((2, 2, 1, 2))],
        r"label=\(2, 2, 1, 2\)",
        {"multi_output": True},
    ),
    Fault("SoftmaxOutput", [X, np.zeros(5)], r"SoftmaxOutput: label=\(5,\)"),
    Fault("SoftmaxOutput", [np.zeros(3), np.zeros(1)], r"data=\(3,\) has 1 axes"),
    Fault("SoftmaxOutput", [X, LABEL], "smooth_alpha=2 is out of range", {"smooth_alpha": 2.0}),
]
TestSoftmaxOutput = operator_tests(CASES, FAULTS)
