import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(9)


def batch_norm(
    x,
    gamma,
    beta,
    mean,
    var,
    eps=1e-3,
    momentum=0.9,
    fix_gamma=True,
    use_global_stats=False,
    output_mean_var=False,
    axis=1,
    train=False,
):
    others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
    shape = [1 if i in others else n for i, n in enumerate(x.shape)]
    averages = [mean, var]
    if train and not use_global_stats:
        mean, var = x.mean(others), x.var(others)
        momentum = float(np.float32(momentum))
        averages = [momentum * a + (1 - momentum) * b for a, b in zip(averages, (mean, var))]
    inverse = 1 / np.sqrt(var + eps)
    scale = inverse * (1 if fix_gamma else gamma)
    out = (x - mean.reshape(shape)) * scale.reshape(shape) + beta.reshape(shape)
    return [out, mean, inverse, *averages] if output_mean_var else [out, *averages]


def training(*arrays, **attrs):
    return batch_norm(*arrays, **attrs, train=True)


def training_v1(*arrays, **attrs):
    """The third output is the variance itself."""
    out, mean, inverse, *averages = training(*arrays, **attrs)
    return [out, mean, 1 / inverse**2 - 1e-3, *averages]


def inputs(shape, axis=1):
    n = shape[axis]
    return [
        R.normal(size=shape) * 2 + 1,
        R.normal(size=n),
        R.normal(size=n),
        R.normal(size=n),
        R.uniform(0.5, 2, size=n),
    ]


def case(shape, train, dtypes=("float32", "float64"), **attrs):
    arrays = inputs(shape, attrs.get("axis", 1))
    options = {k: attrs.pop(k) for k in ("grad", "second", "oracle") if k in attrs}
    options = {"grad": (0, 2) if attrs.get("fix_gamma", True) else (0, 1, 2), **options}
    # An executor computes gradients with what a forward in training kept.
    options["symbol"] = train or attrs.get("use_global_stats", False) or not options["grad"]
    options.setdefault("second", train and bool(options["grad"]) and 1 in options["grad"])
    if options["second"]:
        options["grad"] = (0, 1)  # beta's gradient does not depend on the inputs
    return Case(
        "BatchNorm",
        arrays,
        training if train else batch_norm,
        attrs,
        dtypes,
        train=train,
        rtol=1e-4,
        atol=2e-5,
        grad_tol=2e-5,
        **options,
    )


CASES = [
    case((3, 2, 4), train, fix_gamma=fix, use_global_stats=fixed, eps=2e-2)
    for train in (False, True)
    for fix in (False, True)
    for fixed in (False, True)
]
CASES += [
    case((2, 3, 4, 5), True, fix_gamma=False, grad=False),
    case((2, 20, 7, 7), False, fix_gamma=False, grad=False),
    case((4, 3), True, fix_gamma=False),
    case((4, 3, 5), True, fix_gamma=False, axis=-1),
    case((4, 3, 2), True, fix_gamma=False, axis=0, grad=False),
    case((2, 3, 2, 2, 3), True, fix_gamma=False, grad=False),
    Case(
        "BatchNorm",
        inputs((2, 3, 4)),
        training,
        {"output_mean_var": True},
        train=True,
        rtol=1e-4,
        atol=1e-5,
        grad=False,
    ),
    Case(
        "BatchNorm",
        inputs((2, 3, 4)),
        batch_norm,
        {"output_mean_var": True},
        rtol=1e-4,
        atol=1e-5,
        grad=False,
    ),
    Case(
        "BatchNorm_v1",
        inputs((2, 3, 4, 4)),
        training,
        {"fix_gamma": False},
        ["float64"],
        train=True,
        rtol=1e-4,
        grad=(0, 1, 2),
        oracle="1.9.1 stops at it",
    ),
    Case(
        "BatchNorm_v1",
        inputs((2, 3, 4, 4)),
        training_v1,
        {"output_mean_var": True},
        train=True,
        rtol=1e-4,
        grad=False,
    ),
]


def backward(d_out, x, gamma, mean, inverse, eps=1e-3, fix_gamma=True, axis=1):
    others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
    shape = [1 if i in others else n for i, n in enumerate(x.shape)]
    normal = (x - mean.reshape(shape)) * inverse.reshape(shape)
    d_beta, d_gamma = d_out.sum(others), (d_out * normal).sum(others)
    n = x.size / len(gamma)
    inner = d_out - (d_beta.reshape(shape) + normal * d_gamma.reshape(shape)) / n
    scale = inverse * (1 if fix_gamma else gamma)
    return [inner * scale.reshape(shape), d_gamma * (0 if fix_gamma else 1), d_beta]


def backward_inputs(shape):
    x, gamma = inputs(shape)[:2]
    others = tuple(i for i in range(x.ndim) if i != 1)
    return [R.normal(size=shape), x, gamma, x.mean(others), 1 / np.sqrt(x.var(others) + 1e-3)]


CASES += [
    Case(
        "_backward_BatchNorm",
        backward_inputs(shape),
        backward,
        {"fix_gamma": fix},
        grad=False,
        rtol=2e-4,
        atol=5e-5,
        oracle="1.9.1 has another gradient operator",
    )
    for shape in ((2, 3, 4, 4), (4, 18, 5, 5), (3, 4))
    for fix in (True, False)
]
FAULTS = [
    Fault("BatchNorm", inputs((2, 3, 4)), "BatchNorm: axis=5", {"axis": 5}, kind=IndexError),
    Fault("BatchNorm", [np.ones((2, 4)), *inputs((2, 3))[1:]], r"BatchNorm: gamma=\(3,\)"),
    Fault(
        "BatchNorm",
        [np.ones((2, 3), "int32"), *inputs((2, 3))[1:]],
        "data has dtype int32",
        kind=TypeError,
    ),
]
TestBatchNorm = operator_tests(CASES, FAULTS)


def test_half_precision_keeps_float32_statistics():
    for dtype in ("float16", "bfloat16"):
        x, *channels = [mx.nd.array(a) for a in inputs((4, 3, 5))]
        expected = mx.nd.BatchNorm(x.astype(dtype).astype("float32"), *channels, fix_gamma=False)
        out = mx.nd.BatchNorm(x.astype(dtype), *channels, fix_gamma=False, output_mean_var=True)
        assert dtype in str(out[0].dtype) and out[1].dtype == np.float32
        np.testing.assert_allclose(
            out[0].astype("float32").asnumpy(), expected.asnumpy(), rtol=1e-2, atol=2e-2
        )


def test_training_moves_the_averages():
    arrays = inputs((4, 3, 5))
    x, gamma, beta, mean, var = [mx.nd.array(a) for a in arrays]
    with mx.autograd.train_mode():
        mx.nd.BatchNorm(x, gamma, beta, mean, var, momentum=0.75)
    wanted = 0.75 * arrays[3] + 0.25 * arrays[0].mean((0, 2))
    np.testing.assert_allclose(mean.asnumpy(), wanted, rtol=1e-5)
    wanted = 0.75 * arrays[4] + 0.25 * arrays[0].var((0, 2))
    np.testing.assert_allclose(var.asnumpy(), wanted, rtol=1e-5)


def test_averages_stay_without_training():
    arrays = inputs((4, 3, 5))
    x, gamma, beta, mean, var = [mx.nd.array(a) for a in arrays]
    mx.nd.BatchNorm(x, gamma, beta, mean, var)
    with mx.autograd.train_mode():
        mx.nd.BatchNorm(x, gamma, beta, mean, var, use_global_stats=True)
    np.testing.assert_array_equal(mean.asnumpy(), arrays[3].astype("float32"))
    np.testing.assert_array_equal(var.asnumpy(), arrays[4].astype("float32"))


def test_large_mean_keeps_the_variance():
    x = mx.nd.array(R.normal(size=(8, 2, 64)) + 1000)
    ones, zeros = mx.nd.ones(2), mx.nd.zeros(2)
    with mx.autograd.train_mode():
        out = mx.nd.BatchNorm(x, ones, zeros, mx.nd.zeros(2), mx.nd.ones(2)).asnumpy()
    np.testing.assert_allclose(out.std((0, 2)), 1, rtol=2e-3)


def batch_norm_with_relu(*arrays, **attrs):
    out, *averages = batch_norm(*arrays, **attrs)
    return [np.maximum(out, 0), *averages]


def training_with_relu(*arrays, **attrs):
    return batch_norm_with_relu(*arrays, **attrs, train=True)


WITH_RELU = []
for train, reference in ((True, training_with_relu), (False, batch_norm_with_relu)):
    made = case((3, 2, 4), train, fix_gamma=False, eps=2e-2, second=False)
    made.op, made.reference = "_contrib_BatchNormWithReLU", reference
    made.oracle = "1.9.1 has it for images in float32 only, with MKL-DNN"
    WITH_RELU.append(made)
TestBatchNormWithReLU = operator_tests(WITH_RELU)
