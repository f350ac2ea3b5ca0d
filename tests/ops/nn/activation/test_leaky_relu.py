import math

import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(10).normal(size=(2, 3, 4)) * 2
SELU = 1.0507009873554805, 1.6732632423543772


def leaky_relu(x, gamma=None, act_type="leaky", slope=0.25, **_):
    negative = np.expm1(np.minimum(x, 0))
    if act_type == "prelu":
        if gamma.shape != (1,):
            gamma = gamma.reshape(-1, *[1] * (x.ndim - 2))
        return np.where(x > 0, x, gamma * x)
    if act_type == "elu":
        return np.where(x > 0, x, slope * negative)
    if act_type == "selu":
        return SELU[0] * np.where(x > 0, x, SELU[1] * negative)
    if act_type == "gelu":
        return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))
    return np.where(x > 0, x, slope * x)


CASES = [
    Case(
        "LeakyReLU",
        [X],
        leaky_relu,
        {"act_type": kind},
        FLOATS,
        second=kind != "leaky",
        name=kind,
        rtol=2e-5,
        atol=2e-6,
        grad_tol=1e-5 if kind != "gelu" else 2e-5,
        oracle="1.9.1 has no bfloat16",
    )
    for kind in ("leaky", "elu", "selu", "gelu")
]
CASES += [
    Case("LeakyReLU", [X], leaky_relu, {"slope": 0.1}),
    Case("LeakyReLU", [X], leaky_relu, {"act_type": "elu", "slope": 1.5}),
    Case(
        "LeakyReLU",
        [X, np.array([0.1, 0.2, 0.3])],
        leaky_relu,
        {"act_type": "prelu"},
        ["float32", "float64"],
        second=True,
    ),
    Case("LeakyReLU", [X, np.array([0.1])], leaky_relu, {"act_type": "prelu"}, second=True),
    Case("LeakyReLU", [X[:, :, 0], np.array([0.1, 0.2, 0.3])], leaky_relu, {"act_type": "prelu"}),
    Case(
        "LeakyReLU",
        [X],
        lambda x, **_: [np.where(x > 0, x, x * (0.125 + 0.334) / 2), 0 * x],
        {"act_type": "rrelu"},
        grad=False,
    ),
]
FAULTS = [
    Fault("LeakyReLU", [X, np.ones(5)], r"gamma=\(5,\)|LeakyReLU: lhs=", {"act_type": "prelu"}),
    Fault("LeakyReLU", [np.ones(3, "int32")], "data has dtype int32", kind=TypeError),
]
TestLeakyRelu = operator_tests(CASES, FAULTS)


def test_rrelu_draws_slopes_in_training():
    x = -mx.nd.ones((100, 20))
    x.attach_grad()
    with mx.autograd.record():
        out, mask = mx.nd.LeakyReLU(x, act_type="rrelu", lower_bound=0.1, upper_bound=0.3)
    out.backward()
    slopes = mask.asnumpy()
    assert 0.1 <= slopes.min() < 0.11 and 0.29 < slopes.max() <= 0.3
    np.testing.assert_allclose(out.asnumpy(), -slopes)
    np.testing.assert_allclose(x.grad.asnumpy(), slopes)
