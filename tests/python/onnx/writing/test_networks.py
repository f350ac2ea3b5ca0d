"""Whole networks: ONNX Runtime gives what they give here.

``make check-onnx-export`` exports every network of the catalogue and of the model zoo; the suite
those in `QUICK`.
"""

import importlib.util
import os
import pathlib
import sys

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
pytest.importorskip("onnxruntime")
nn = mx.gluon.nn

ROOT = pathlib.Path(__file__).parents[4]
ALL = os.environ.get("REMX_TEST_ALL_ONNX") == "1"


def load(path):
    spec = importlib.util.spec_from_file_location(f"onnx_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


running = load(pathlib.Path(__file__).with_name("running.py"))


def of_networks(name):
    """A module of tests/networks."""
    sys.path.insert(0, str(ROOT / "tests" / "networks"))
    try:
        return load(ROOT / "tests" / "networks" / f"{name}.py")
    finally:
        sys.path.remove(str(ROOT / "tests" / "networks"))


NETWORKS = of_networks("catalog").NETWORKS
Encoder = of_networks("encoder").Encoder
QUICK = ["inception_bn", "mobilenetv2_0_25", "mtcnn_det2", "squeezenet1_1"]


@pytest.mark.parametrize("name", NETWORKS if ALL else [n for n in QUICK if n in NETWORKS])
def test_catalogue(name, tmp_path):
    network = NETWORKS[name]
    symbol = network.symbol(mx)
    if network.labels:
        pytest.skip("its outputs are what training looks at")
    args, auxs = network.parameters(symbol)
    params = {key: mx.nd.array(value) for key, value in {**args, **auxs}.items()}
    running.check(
        symbol, params, {"data": network.data()[:1]}, tmp_path / "net.onnx", rtol=1e-5, atol=1e-5
    )


def exported(net, tmp_path, *inputs):
    """Symbol and parameters of a network, from the files that ``export`` writes."""
    net.hybridize()
    net(*(mx.nd.array(each) for each in inputs))
    net.export(str(tmp_path / "net"))
    symbol = mx.sym.load(str(tmp_path / "net-symbol.json"))
    params = mx.nd.load(str(tmp_path / "net-0000.params"))
    return symbol, {key.partition(":")[2]: value for key, value in params.items()}


ZOO = """alexnet densenet121 densenet161 densenet169 densenet201 inceptionv3 mobilenet0.25
    mobilenet0.5 mobilenet0.75 mobilenet1.0 mobilenetv2_0.25 mobilenetv2_0.5 mobilenetv2_0.75
    mobilenetv2_1.0 resnet18_v1 resnet18_v2 resnet34_v1 resnet34_v2 resnet50_v1 resnet50_v2
    resnet101_v1 resnet101_v2 resnet152_v1 resnet152_v2 squeezenet1.0 squeezenet1.1 vgg11 vgg11_bn
    vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn""".split()


@pytest.mark.parametrize(
    "name", ZOO if ALL else ["densenet121", "mobilenet0.25", "resnet18_v1", "resnet18_v2"]
)
def test_zoo(name, tmp_path):
    mx.random.seed(1)
    net = mx.gluon.model_zoo.vision.get_model(name)
    net.initialize(mx.init.Xavier())
    size = 299 if "inception" in name else 224
    data = np.random.default_rng(1).uniform(-1, 1, (1, 3, size, size)).astype("f")
    symbol, params = exported(net, tmp_path, data)
    running.check(symbol, params, {"data": data}, tmp_path / "net.onnx")


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_bidirectional_layers(kind, tmp_path):
    mx.random.seed(2)
    net = nn.HybridSequential()
    layer = getattr(mx.gluon.rnn, kind)(5, num_layers=2, bidirectional=True, layout="NTC")
    net.add(layer, nn.Dense(3, flatten=False))
    net.initialize(mx.init.Xavier())
    data = np.random.default_rng(2).normal(size=(2, 7, 4)).astype("f")
    symbol, params = exported(net, tmp_path, data)
    running.check(symbol, params, {"data": data}, tmp_path / "net.onnx")


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_sequences_of_any_length(kind, tmp_path):
    """The states to begin with, zeros, have the batch's size."""
    mx.random.seed(5)
    net = nn.HybridSequential()
    net.add(getattr(mx.gluon.rnn, kind)(5, bidirectional=True, layout="NTC"))
    net.initialize(mx.init.Uniform(1))
    random = np.random.default_rng(5)
    data = random.normal(size=(2, 7, 4)).astype("f")
    symbol, params = exported(net, tmp_path, data)
    path = tmp_path / "net.onnx"
    shapes = {"dynamic": True, "dynamic_input_shapes": [("batch", "steps", 4)]}
    mx.onnx.export_model(symbol, params, [(2, 7, 4)], np.float32, str(path), **shapes)
    for batch, steps in ((2, 7), (3, 5), (1, 1)):
        data = random.normal(size=(batch, steps, 4)).astype("f")
        ours = [net(mx.nd.array(data)).asnumpy()]
        running.compare(ours, running.run_file(path, {"data": data}), symbol.list_outputs())


def test_half_precision(tmp_path):
    mx.random.seed(8)
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, in_channels=3), nn.BatchNorm(in_channels=4), nn.GELU(), nn.Dense(3))
    net.initialize(mx.init.Xavier())
    data = np.random.default_rng(8).normal(size=(2, 3, 6, 6)).astype("f")
    net(mx.nd.array(data))
    net.cast("float16")
    ours = net(mx.nd.array(data, dtype="float16")).asnumpy()
    symbol = net(mx.sym.Variable("data"))
    params = {name: value.data() for name, value in net.collect_params().items()}
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, params, [data.shape], np.float16, str(path))
    (theirs,) = running.run_file(path, {"data": data.astype("f2")}).values()
    assert theirs.dtype == np.float16
    np.testing.assert_allclose(theirs, ours, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("opset", [13, 18])
@pytest.mark.parametrize("interleaved", [True, False])
def test_encoder_of_any_size(interleaved, opset, tmp_path):
    """Batch and length may vary from run to run."""
    mx.random.seed(3)
    net = Encoder(interleaved)
    net.initialize(mx.init.Xavier())
    random = np.random.default_rng(3)
    tokens = random.integers(0, 30, (2, 7)).astype("f")
    symbol, params = exported(net, tmp_path, tokens, np.array([7, 4], "f"))
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(
        symbol,
        params,
        [(2, 7), (2,)],
        np.float32,
        str(path),
        dynamic=True,
        dynamic_input_shapes=[("batch", "length"), ("batch",)],
        opset_version=opset,
    )
    for batch, length in ((2, 7), (1, 1), (3, 10)):
        feeds = {
            "data0": random.integers(0, 30, (batch, length)).astype("f"),
            "data1": random.integers(1, length + 1, batch).astype("f"),
        }
        ours = net(*(mx.nd.array(each) for each in feeds.values()))
        theirs = running.run_file(path, feeds)
        running.compare([each.asnumpy() for each in ours], theirs, symbol.list_outputs())


def test_detector_of_any_batch(tmp_path):
    """Boxes on two grids, their classes and offsets, and what stays of them."""
    layer = mx.sym.Activation(
        mx.sym.Convolution(mx.sym.Variable("data"), kernel=(3, 3), stride=(2, 2), num_filter=8),
        act_type="relu",
    )
    anchors, classes, offsets = [], [], []
    for i, sizes in enumerate([(0.2, 0.3), (0.5, 0.6)]):
        layer = mx.sym.Pooling(layer, kernel=(2, 2), stride=(2, 2), pooling_convention="full")
        anchors.append(mx.sym.contrib.MultiBoxPrior(layer, sizes=sizes, ratios=(1, 2), clip=True))
        for found, per_box in ((classes, 3), (offsets, 4)):
            head = mx.sym.Convolution(
                layer, kernel=(3, 3), pad=(1, 1), num_filter=3 * per_box, name=f"head{i}_{per_box}"
            )
            found.append(mx.sym.flatten(mx.sym.transpose(head, axes=(0, 2, 3, 1))))
    scores = mx.sym.reshape(mx.sym.concat(*classes, dim=1), shape=(0, -1, 3))
    symbol = mx.sym.contrib.MultiBoxDetection(
        mx.sym.softmax(mx.sym.transpose(scores, axes=(0, 2, 1)), axis=1),
        mx.sym.concat(*offsets, dim=1),
        mx.sym.concat(*anchors, dim=1),
        nms_threshold=0.4,
        threshold=0.2,
        nms_topk=40,
        name="found",
    )
    random = np.random.default_rng(6)
    shapes, _, _ = symbol.infer_shape(data=(1, 3, 32, 32))
    params = {
        name: mx.nd.array(random.normal(size=shape, scale=0.3))
        for name, shape in zip(symbol.list_arguments(), shapes)
        if name != "data"
    }
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, params, [(1, 3, 32, 32)], np.float32, str(path), dynamic=True)
    for batch in (1, 3):
        data = random.normal(size=(batch, 3, 32, 32)).astype("f")
        ours = running.run_symbol(symbol, {**params, "data": mx.nd.array(data)})
        assert (ours[0][..., 0] >= 0).sum() > batch
        running.compare(ours, running.run_file(path, {"data": data}), ["found"])


def test_convolutions_of_any_size(tmp_path):
    """A network without dense layers takes pictures of any size."""
    mx.random.seed(4)
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(4, 3, strides=2, padding=1),
        nn.BatchNorm(),
        nn.LeakyReLU(0.1),
        nn.MaxPool2D(3, 2, 1),
        nn.Conv2DTranspose(3, 4, strides=2, padding=1),
        nn.GlobalAvgPool2D(),
        nn.Flatten(),
    )
    net.initialize(mx.init.Xavier())
    random = np.random.default_rng(4)
    data = random.normal(size=(1, 3, 32, 32)).astype("f")
    symbol, params = exported(net, tmp_path, data)
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(
        symbol,
        params,
        [data.shape],
        np.float32,
        str(path),
        dynamic=True,
        dynamic_input_shapes=[(None, 3, None, None)],
    )
    for shape in ((1, 3, 32, 32), (2, 3, 40, 17)):
        data = random.normal(size=shape).astype("f")
        ours = [net(mx.nd.array(data)).asnumpy()]
        running.compare(ours, running.run_file(path, {"data": data}), symbol.list_outputs())
