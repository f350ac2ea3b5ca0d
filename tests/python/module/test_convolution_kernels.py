"""Convolution kernels of compiled graphs against the same layers computed one by one."""

import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(Path(__file__).parent))
from compiled_kernels import difference, needs_vectors  # noqa: E402

ACTIVATIONS = {
    "none": lambda x: x,
    "relu": lambda x: mx.sym.Activation(x, act_type="relu"),
    "leaky": lambda x: mx.sym.LeakyReLU(x, act_type="leaky", slope=0.1),
    "relu6": lambda x: mx.sym.clip(x, 0, 6),
    "tanh": lambda x: mx.sym.Activation(x, act_type="tanh"),
}


def conv(data, filters, name, kernel=3, **options):
    return mx.sym.Convolution(
        data, kernel=(kernel, kernel), num_filter=filters, name=name, **options
    )


@needs_vectors
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("shape", [(1, 16, 14, 15), (3, 48, 28, 28), (1, 48, 13, 13)])
def test_winograd(activation, shape):
    data = mx.sym.Variable("data")
    net = ACTIVATIONS[activation](conv(data, 32, "first", pad=(1, 1)))
    net = ACTIVATIONS[activation](conv(net, 160, "second", no_bias=True))
    error, plan = difference(net, shape)
    assert error < 1e-5
    assert ("kernel=winograd" in plan) == (activation != "tanh")


@needs_vectors
def test_winograd_adds_a_residual():
    data = mx.sym.Variable("data")
    first = mx.sym.relu(conv(data, 64, "first", pad=(1, 1)))
    net = mx.sym.relu(conv(first, 64, "second", pad=(1, 1)) + first)
    error, plan = difference(net, (2, 32, 20, 12))
    assert error < 1e-5
    assert plan.count("kernel=winograd") == 2 and "elemwise_add" not in plan


@pytest.mark.parametrize(
    "options",
    [
        {"stride": (2, 2)},
        {"dilate": (2, 2)},
        {"num_group": 2},
        {"kernel": 5},
        {"filters": 33},
    ],
    ids=str,
)
def test_other_convolutions_are_left_to_others(options):
    options = {"filters": 32, "pad": (1, 1), **options}
    net = conv(mx.sym.Variable("data"), options.pop("filters"), "layer", **options)
    error, plan = difference(net, (2, 32, 18, 18))
    assert error < 1e-5
    assert "kernel=winograd" not in plan


def test_a_classifier_of_one_pixel_is_a_fast_convolution():
    """MobileNet's last layer: oneDNN has only a reference for 1x1 images in plain order."""
    net = mx.sym.Pooling(mx.sym.Variable("data"), global_pool=True, pool_type="avg", kernel=(1, 1))
    net = mx.sym.Flatten(conv(net, 1000, "layer", kernel=1, no_bias=True))
    error, plan = difference(net, (1, 1280, 7, 7))
    assert error < 1e-5


@needs_vectors
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 1)])
@pytest.mark.parametrize("activation", ["none", "leaky", "relu6"])
def test_pointwise(activation, stride):
    data = mx.sym.Variable("data")
    net = ACTIVATIONS[activation](conv(data, 48, "first", kernel=1, stride=stride))
    net = ACTIVATIONS[activation](conv(net, 144, "second", kernel=1, no_bias=True) + 0.5)
    error, plan = difference(net, (3, 20, 13, 11))
    assert error < 2e-6
    assert "kernel=pointwise" in plan


@needs_vectors
def test_pointwise_adds_a_residual():
    first = mx.sym.relu(conv(mx.sym.Variable("data"), 64, "first", kernel=1))
    net = mx.sym.relu(conv(first, 64, "second", kernel=1) + first)
    error, plan = difference(net, (2, 32, 20, 12))
    assert error < 2e-6
    assert plan.count("kernel=pointwise") == 2 and "elemwise_add" not in plan


@needs_vectors
@pytest.mark.parametrize("filters", [15, 24, 1000])
def test_pointwise_filters_between_whole_vectors(filters):
    first = mx.sym.relu(conv(mx.sym.Variable("data"), filters, "first", kernel=1))
    net = mx.sym.clip(conv(first, filters, "second", kernel=1) + first, 0, 6)
    error, plan = difference(net, (2, 32, 9, 7))
    assert error < 2e-6
    assert plan.count("kernel=pointwise") == 2 and "elemwise_add" not in plan


@pytest.mark.parametrize("filters", [1, 9, 17])
def test_pointwise_filters_that_would_leave_lanes_empty(filters):
    net = conv(mx.sym.Variable("data"), filters, "layer", kernel=1)
    error, plan = difference(net, (2, 32, 9, 7))
    assert error < 2e-6
    assert "kernel=pointwise" not in plan


@needs_vectors
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (1, 3)])
@pytest.mark.parametrize("activation", ["none", "leaky", "relu6"])
@pytest.mark.parametrize("window", [{"kernel": 3, "pad": (1, 1)}, {"kernel": 5, "pad": (0, 3)}])
def test_depthwise(activation, window, stride):
    data = mx.sym.Variable("data")
    net = conv(data, 48, "first", num_group=48, stride=stride, **window)
    net = ACTIVATIONS[activation](net)
    net = conv(net, 48, "second", num_group=48, no_bias=True, pad=(2, 1), dilate=(2, 1)) + net
    error, plan = difference(net, (2, 48, 33, 19))
    assert error < 2e-6
    assert plan.count("kernel=depthwise") == 2


@needs_vectors
def test_depthwise_windows_beside_the_image():
    net = conv(mx.sym.Variable("data"), 16, "layer", num_group=16, pad=(5, 4), kernel=5)
    error, plan = difference(net, (1, 16, 2, 1))
    assert error < 2e-6
    assert "kernel=depthwise" in plan


@needs_vectors
@pytest.mark.parametrize(
    "options",
    [
        {"kernel": (5, 5), "pad": (2, 2)},
        {"kernel": (1, 7), "pad": (0, 3)},
        {"kernel": (3, 3), "stride": (2, 1), "pad": (1, 1)},
        {"kernel": (3, 2), "dilate": (2, 3), "pad": (4, 5)},
        {"kernel": (2, 3), "stride": (3, 3)},
    ],
    ids=str,
)
@pytest.mark.parametrize("shape", [(2, 20, 19, 23), (1, 64, 5, 7)])
def test_direct(options, shape):
    data = mx.sym.Variable("data")
    first = mx.sym.Convolution(data, num_filter=176, name="first", **options)
    net = mx.sym.relu(mx.sym.Convolution(data, num_filter=176, name="second", **options) + first)
    error, plan = difference(net, shape)
    assert error < 2e-6
    assert plan.count("kernel=direct") == 2 and "elemwise_add" not in plan


@needs_vectors
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(
    "options",
    [
        {"kernel": 7, "stride": (2, 2), "pad": (3, 3)},
        {"kernel": 3, "pad": (1, 1)},
        {"kernel": 11, "stride": (4, 4)},
        {"kernel": 5, "stride": (1, 3), "pad": (0, 4)},
    ],
    ids=str,
)
def test_few_channels(channels, options):
    net = mx.sym.relu(conv(mx.sym.Variable("data"), 80, "first", **options))
    error, plan = difference(net, (2, channels, 29, 33))
    assert error < 2e-6
    assert "kernel=direct" in plan


def gradients_of_graph(layer, arrays, head):
    """Output and gradients of a convolution between others, compiled."""
    executor = layer.bind(
        mx.cpu(), arrays, args_grad={k: mx.nd.zeros(v.shape) for k, v in arrays.items()}
    )
    executor.forward(is_train=True)
    executor.backward(head)
    return executor.outputs[0], executor.grad_dict, executor.debug_str()


def gradients_of_tape(options, arrays, head):
    for array in arrays.values():
        array.attach_grad()
    with mx.autograd.record():
        bias = None if options.get("no_bias") else arrays["layer_bias"]
        inputs = [v for v in (arrays["data"], arrays["layer_weight"], bias) if v is not None]
        out = mx.nd.Convolution(*inputs, **options)
    out.backward(head)
    return out, {name: array.grad for name, array in arrays.items()}


@needs_vectors
@pytest.mark.parametrize(
    "kernel, options",
    [
        ("winograd", {"kernel": (3, 3), "pad": (1, 1), "no_bias": True}),
        ("winograd", {"kernel": (3, 3), "pad": (1, 1)}),
        ("winograd", {"kernel": (3, 3), "no_bias": True}),
        ("winograd", {"kernel": (3, 3), "pad": (2, 0)}),
        ("winograd", {"kernel": (3, 3), "pad": (4, 3)}),
        ("pointwise", {"kernel": (1, 1)}),
        ("pointwise", {"kernel": (1, 1), "no_bias": True, "stride": (2, 3)}),
    ],
    ids=str,
)
@pytest.mark.parametrize("channels, filters", [(16, 32), (48, 176)])
def test_gradients(kernel, options, channels, filters):
    check_gradients(kernel, {**options, "num_filter": filters}, (6, channels, 15, 14), 2e-5)


@needs_vectors
@pytest.mark.parametrize("name", ["winograd", "pointwise"])
@pytest.mark.parametrize(
    "shape, filters",
    [
        ((3, 48, 101, 99), 80),  # more tiles than are transformed at once
        ((16, 304, 9, 11), 288),  # more blocks of sums than are kept at once
        ((6, 16, 16, 12), 16),  # as little as is taken
    ],
)
def test_gradients_in_parts(name, shape, filters):
    size = (3, 3) if name == "winograd" else (1, 1)
    check_gradients(name, {"kernel": size, "num_filter": filters}, shape, tolerance=4e-5)


@needs_vectors
@pytest.mark.parametrize("size", [1, 2, 4])
def test_tiles_that_are_mostly_empty_spare_nothing(size):
    data = mx.nd.ones((32, 64, size, size))
    layer = conv(mx.sym.Variable("data"), 64, "layer", pad=(1, 1), no_bias=True)
    arrays = {"data": data, "layer_weight": mx.nd.ones((64, 64, 3, 3))}
    plan = gradients_of_graph(layer, arrays, mx.nd.ones(data.shape))[2]
    assert "Convolution" in plan and "kernel=winograd" not in plan


@pytest.mark.parametrize("kernel", [(3, 3), (1, 1)])
@pytest.mark.parametrize(
    "options",
    [
        {"num_group": 2},
        {"dilate": (2, 2), "pad": (2, 1)},
        {"num_filter": 72},
        {"channels": 72},
        {"channels": 24, "num_filter": 40},
        {"stride": (2, 1)},
    ],
    ids=str,
)
def test_gradients_of_other_layers(kernel, options):
    options = {"kernel": kernel, "num_filter": 64, **options}
    shape = (2, options.pop("channels", 64), 13, 18)
    check_gradients(None, options, shape)


def check_gradients(kernel, options, shape, tolerance=1e-5):
    """Output and gradients of a layer in a compiled graph against those of the tape; `kernel`
    computes them where one is named."""
    layer = mx.sym.Convolution(mx.sym.Variable("data"), name="layer", **options)
    generator = np.random.RandomState(0)
    shapes = dict(zip(layer.list_arguments(), layer.infer_shape(data=shape)[0]))
    arrays = {k: mx.nd.array(generator.uniform(-1, 1, s)) for k, s in shapes.items()}
    head = mx.nd.array(generator.uniform(-1, 1, layer.infer_shape(data=shape)[1][0]))
    out, gradients, plan = gradients_of_graph(layer, arrays, head)
    expected, expected_gradients = gradients_of_tape(options, arrays, head)
    if kernel:
        channels, filters = shape[1], options["num_filter"]
        # Forward and both gradients, but for weights of so few channels that transforms do not pay.
        of_weights = kernel == "pointwise" or channels * filters >= 28 * (channels + filters)
        assert plan.count(f"kernel={kernel}") == 2 + of_weights
    for name, actual, wanted in [("out", out, expected)] + [
        (k, gradients[k], v) for k, v in expected_gradients.items()
    ]:
        wanted = wanted.asnumpy()
        error = np.abs(actual.asnumpy() - wanted).max()
        assert error <= tolerance * np.abs(wanted).max(), name
