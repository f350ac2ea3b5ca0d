import itertools

import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(7)


def reduce_window(values, pool_type, p_value, counted):
    if pool_type == "max":
        return (
            values.max((-1), initial=-np.inf) if values.size else np.full(values.shape[:-1], np.nan)
        )
    if pool_type == "lp":
        total = (values**p_value).sum(-1)
        return np.sign(total) * abs(total) ** (1 / p_value)
    return values.sum(-1) / (max(counted, 1) if pool_type == "avg" else 1)


def windows(sizes, kernel, stride, pad, convention):
    """For each output, slices of the data and the number of positions on data and padding."""
    outs, before, after = [], [], []
    for n, k, s, p in zip(sizes, kernel, stride, pad):
        if convention == "same":
            out = -(-n // s)
            missing = max((out - 1) * s + k - n, 0)
            before.append(missing // 2)
            after.append(missing - missing // 2)
        else:
            out = (n + 2 * p - k) // s + 1
            if convention == "full":
                out = -(-(n + 2 * p - k) // s) + 1
            before.append(p)
            after.append(p)
        outs.append(out)
    for place in itertools.product(*(range(o) for o in outs)):
        slices, counted = [], 1
        for i, at in enumerate(place):
            first = at * stride[i] - before[i]
            slices.append(slice(max(first, 0), max(min(first + kernel[i], sizes[i]), 0)))
            counted *= max(0, min(first + kernel[i], sizes[i] + after[i]) - first)
        yield tuple(outs), place, tuple(slices), counted


def pooling(
    x,
    kernel=(),
    pool_type="max",
    global_pool=False,
    pooling_convention="valid",
    stride=(),
    pad=(),
    p_value=None,
    count_include_pad=True,
    layout=None,
):
    last = (layout or "NCW")[-1] == "C"
    if last:
        x = np.moveaxis(x, -1, 1)
    sizes = x.shape[2:]
    rank = len(sizes)
    if global_pool:
        kernel, stride, pad, pooling_convention = sizes, (1,) * rank, (0,) * rank, "valid"
    stride, pad = tuple(stride) or (1,) * rank, tuple(pad) or (0,) * rank
    out = None
    for outs, place, at, counted in windows(sizes, kernel, stride, pad, pooling_convention):
        if out is None:
            out = np.zeros((*x.shape[:2], *outs))
        values = x[(Ellipsis, *at)].reshape(*x.shape[:2], -1)
        count = counted if count_include_pad else values.shape[-1]
        out[(Ellipsis, *place)] = reduce_window(values, pool_type, p_value, count)
    return np.moveaxis(out, 1, -1) if last else out


def pooling_v1(x, kernel=(), pool_type="max", **attrs):
    if pool_type == "avg":
        return pooling(x, kernel, "sum", **attrs) / np.prod(kernel)
    return pooling(x, kernel, pool_type, **attrs)


def data(*shape):
    """Distinct values, so that maxima have a derivative."""
    values = R.permutation(int(np.prod(shape))).reshape(shape)
    return (values - values.size / 3) / 16.0


def case(shape, op="Pooling", dtypes=("float32",), **attrs):
    options = {k: attrs.pop(k) for k in ("oracle", "grad") if k in attrs}
    is_lp = attrs.get("pool_type", "max") == "lp"
    second = is_lp and attrs["p_value"] > 1
    x = abs(data(*shape)) + 0.1 if is_lp else data(*shape)
    reference = pooling if op == "Pooling" else pooling_v1
    return Case(
        op,
        [x],
        reference,
        attrs,
        dtypes,
        second=second,
        rtol=1e-5,
        atol=2e-6,
        grad_tol=1e-4,
        **options,
    )


SQUARE = [
    {"kernel": (2, 2), "stride": (2, 2)},
    {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1)},
    {"kernel": (3, 2), "stride": (1, 2), "pad": (1, 0)},
]
CASES = [
    case((1, 2, 5, 6), pool_type=kind, pooling_convention=convention, **attrs)
    for kind in ("max", "avg", "sum")
    for convention in ("valid", "full")
    for attrs in SQUARE
]
CASES += [
    case((1, 2, 5, 6), pool_type="avg", count_include_pad=False, pooling_convention=c, **SQUARE[1])
    for c in ("valid", "full")
]
CASES += [case((1, 2, 4, 4), pool_type="lp", p_value=p, **SQUARE[0]) for p in (1, 2, 3)]
CASES += [
    case((2, 3, 4, 5), pool_type=kind, global_pool=True, p_value=2)
    for kind in ("max", "avg", "sum", "lp")
]
CASES += [
    case((2, 3, 4, 5), kernel=(2, 2), pad=(1, 1), stride=(3, 3), global_pool=True),
    case(
        (2, 18, 9, 9),
        dtypes=("float64", "float16", "bfloat16"),
        kernel=(3, 3),
        stride=(2, 2),
        oracle="1.9.1 has no bfloat16",
    ),
    case(
        (2, 18, 9, 9),
        dtypes=("bfloat16",),
        kernel=(3, 3),
        pool_type="avg",
        pad=(1, 1),
        oracle="1.9.1 has no bfloat16",
    ),
    case((2, 2, 7), kernel=(3,), stride=(2,)),
    case((2, 2, 7), kernel=(3,), stride=(2,), pool_type="avg", pooling_convention="full"),
    case((1, 2, 3, 4, 4), kernel=(2, 2, 3), stride=(1, 2, 1)),
    case((1, 2, 3, 4, 4), kernel=(2, 2, 3), pool_type="avg", pad=(1, 0, 1)),
    case((1, 4, 5, 3), kernel=(2, 3), layout="NHWC"),
    case((1, 4, 5, 3), kernel=(2, 3), layout="NHWC", pool_type="avg", pad=(1, 1)),
    case((1, 5, 3), kernel=(2,), layout="NWC", stride=(2,)),
    case((1, 1, 5), kernel=(2,), stride=(2,), pooling_convention="same", oracle="1.9.1 fails"),
    case(
        (1, 1, 5, 4),
        kernel=(3, 3),
        stride=(2, 2),
        pooling_convention="same",
        pool_type="avg",
        oracle="1.9.1 fails",
    ),
]
CASES += [
    case((1, 2, 5, 5), op="Pooling_v1", pool_type=kind, pooling_convention=convention, **SQUARE[i])
    for kind in ("max", "avg", "sum")
    for convention in ("valid", "full")
    for i in (0, 1)
]


X = np.ones((1, 2, 5, 5))


def fault(match, oracle=True, data=X, **attrs):
    return Fault("Pooling", [data], "Pooling: " + match, attrs, oracle=oracle)


FAULTS = [
    fault(r"kernel=\(\) has 0 numbers; expected 1 to 3"),
    fault(r"data=\(1, 2, 5, 5\) is smaller than the window", kernel=(7, 7)),
    fault(r"pad=\(2, 2\) leaves windows without data", kernel=(2, 2), pad=(2, 2)),
    fault(r"kernel=\(0, 2\) is out of range", kernel=(0, 2)),
    fault(r"stride=\(0, 1\) is out of range", kernel=(2, 2), stride=(0, 1)),
    fault(r"data=\(1, 2, 5, 5\) has 4 axes; expected 3", kernel=(2,)),
    fault("p_value is missing", kernel=(2, 2), pool_type="lp"),
    fault("p_value=4 is out of range", kernel=(2, 2), pool_type="lp", p_value=4),
    Fault(
        "Pooling",
        [np.ones((1, 1, 4), "int32")],
        "data has dtype int32",
        {"kernel": (2,)},
        kind=TypeError,
    ),
]
TestPooling = operator_tests(CASES, FAULTS)


def test_window_without_data():
    """A window that lies behind the data: the least number as maximum, 0 as average."""
    x = mx.nd.ones((1, 1, 5, 5))
    attrs = {"kernel": (1, 1), "stride": (3, 3), "pooling_convention": "full"}
    least = mx.nd.Pooling(x, **attrs).asnumpy()
    assert least[0, 0, 2, 2] == np.finfo("float32").min
    assert mx.nd.Pooling(x, pool_type="avg", **attrs).asnumpy()[0, 0, 2, 2] == 0


def take_windows(x, indices, kernel, stride, pad, data_shape):
    """From each window the element at a position that counts the kernel's rows and columns."""
    result = np.zeros(indices.shape)
    for place in np.ndindex(*indices.shape):
        inside = np.unravel_index(int(indices[place]), kernel)
        at = [p * s - q + i for p, s, q, i in zip(place[2:], stride, pad, inside)]
        result[place] = x[(*place[:2], *at)]
    return result


def take_case(shape, kernel, stride, pad):
    """Positions of maxima, which always lie on data."""
    x = data(*shape)
    attrs = {"kernel": kernel, "stride": stride, "pad": pad}
    indices = mx.nd._internal._pooling_indices(mx.nd.array(x), **attrs).asnumpy()
    return Case(
        "_pooling_take",
        [x, indices],
        take_windows,
        {**attrs, "data_shape": shape},
        second=True,
        oracle="1.9.1 has no such operator",
    )


TestPoolingTake = operator_tests(
    [
        take_case((2, 3, 7), (3,), (2,), (1,)),
        take_case((1, 2, 5, 6), (2, 3), (1, 2), (0, 1)),
        take_case((1, 2, 4, 3, 5), (2, 2, 2), (2, 1, 2), (1, 0, 0)),
    ]
)


def test_large_pooling_take():
    x = mx.nd.array(data(4, 16, 70, 80))
    attrs = {"kernel": (3, 2), "stride": (1, 1), "pad": (1, 0)}
    indices = mx.nd._internal._pooling_indices(x, **attrs)
    taken = mx.nd._internal._pooling_take(x, indices, data_shape=x.shape, **attrs)
    np.testing.assert_array_equal(taken.asnumpy(), mx.nd.Pooling(x, **attrs).asnumpy())


def test_first_of_equal_maxima_gets_the_gradient():
    for shape in ((1, 1, 2, 2), (1, 16, 2, 2)):
        x = mx.nd.ones(shape)
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.Pooling(x, kernel=(2, 2))
        y.backward()
        assert (x.grad.asnumpy()[0, 0] == [[1, 0], [0, 0]]).all()


def test_gradient_of_both_kernels_agrees():
    """The positions of maxima that one kernel keeps mean the same to the others."""
    from harness.kernels import forced_kernel, kernel_names

    attrs = {"kernel": (3, 2), "stride": (2, 1), "pad": (1, 0)}
    x = mx.nd.array(data(2, 20, 9, 8))
    grads = []
    for forward in kernel_names("Pooling"):
        for backward in kernel_names("_backward_Pooling"):
            x.attach_grad()
            with forced_kernel("Pooling", forward), mx.autograd.record():
                y = mx.nd.Pooling(x, **attrs)
            with forced_kernel("_backward_Pooling", backward):
                y.backward(mx.nd.arange(y.size).reshape(y.shape))
            grads.append(x.grad.asnumpy())
    for grad in grads[1:]:
        np.testing.assert_allclose(grad, grads[0], rtol=1e-6)
