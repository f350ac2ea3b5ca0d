"""Networks that are written to ONNX files and read back.

Tests and benchmarks/onnx_round_trips.py use them: those of the catalogue with its seeded
parameters, all of the model zoo, recurrent layers and encoders, with inputs for one prediction.
"""

import re

import numpy as np
from catalog import NETWORKS
from encoder import Encoder

ZOO = """alexnet densenet121 densenet161 densenet169 densenet201 inceptionv3 mobilenet0.25
    mobilenet0.5 mobilenet0.75 mobilenet1.0 mobilenetv2_0.25 mobilenetv2_0.5 mobilenetv2_0.75
    mobilenetv2_1.0 resnet18_v1 resnet18_v2 resnet34_v1 resnet34_v2 resnet50_v1 resnet50_v2
    resnet101_v1 resnet101_v2 resnet152_v1 resnet152_v2 squeezenet1.0 squeezenet1.1 vgg11 vgg11_bn
    vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn""".split()
CATALOGUE = """lenet mlp caffenet nin googlenet inception_bn resnet152 ssd_vgg16_deploy mtcnn_det1
    mtcnn_det2 mtcnn_det3""".split()
OTHERS = ["bidirectional_lstm", "stacked_gru", "encoder", "encoder_interleaved"]
NAMES = ZOO + CATALOGUE + OTHERS


def network(mx, name, small=False):
    """A network.

    Args:
        mx (module): The package.
        name (str): One of `NAMES`.
        small (bool): Whether pictures and sequences are as small as the network takes them.

    Returns:
        tuple: Symbol, parameters (dict of NDArray), inputs (dict of NumPy arrays).
    """
    if name in CATALOGUE:
        return _of_catalogue(mx, NETWORKS[name])
    mx.random.seed(1)
    return _of_zoo(mx, name, small) if name in ZOO else _other(mx, name, small)


def _of_catalogue(mx, entry):
    symbol = entry.symbol(mx)
    args, auxs = entry.parameters(symbol)
    params = {key: mx.nd.array(value) for key, value in {**args, **auxs}.items()}
    feeds = {"data": entry.data()[:1]}
    shapes = dict(zip(symbol.list_arguments(), symbol.infer_shape(data=feeds["data"].shape)[0]))
    labels = [n for n in symbol.list_arguments() if n not in params and n != "data"]
    return symbol, {**params, **{n: mx.nd.zeros(shapes[n]) for n in labels}}, feeds


def _of_zoo(mx, name, small):
    net = mx.gluon.model_zoo.vision.get_model(name)
    net.initialize(mx.init.Xavier())
    size = 299 if "inception" in name else 224
    if small and "resnet" in name:
        size = 64
    data = np.random.default_rng(1).uniform(-1, 1, (1, 3, size, size)).astype("f")
    return _traced(mx, net, {"data": data})


def _other(mx, name, small):
    rng = np.random.default_rng(2)
    if name.startswith("encoder"):
        sizes = {} if small else {"layers": 6, "units": 768, "heads": 12, "words": 1000}
        count = 12 if small else 128
        net = Encoder(name.endswith("interleaved"), most=count, **sizes)
        feeds = {
            "data0": rng.integers(0, 30, (2, count)).astype("f"),
            "data1": np.array([count, count // 2], "f"),
        }
    else:
        units, steps = (8, 6) if small else (256, 32)
        layer = mx.gluon.rnn.LSTM if "lstm" in name else mx.gluon.rnn.GRU
        both = "bidirectional" in name
        net = mx.gluon.nn.HybridSequential()
        net.add(
            layer(units, num_layers=2, bidirectional=both, layout="NTC"),
            mx.gluon.nn.Dense(10, flatten=False),
        )
        feeds = {"data": rng.normal(size=(2, steps, units)).astype("f")}
    net.initialize(mx.init.Xavier())
    return _traced(mx, net, feeds)


def _traced(mx, net, feeds):
    """Symbol and parameters of a Gluon network, all shapes known."""
    net.hybridize()
    net(*(mx.nd.array(each) for each in feeds.values()))
    symbol = net(*map(mx.sym.var, feeds))
    symbol = mx.sym.Group(list(symbol)) if isinstance(symbol, (list, tuple)) else symbol
    named = net.collect_params()
    return symbol, {name: parameter.data() for name, parameter in named.items()}, feeds


def export(mx, symbol, params, feeds, path):
    """Write a network for its inputs."""
    names = [name for name in symbol.list_inputs() if name in feeds]
    known = {name: array for name, array in params.items() if not name.endswith("label")}
    shapes, types = [feeds[n].shape for n in names], [feeds[n].dtype for n in names]
    mx.onnx.export_model(symbol, known, shapes, types, str(path))


def difference(first, second):
    """The largest difference of two arrays, relative to the largest finite number."""
    if first.shape != second.shape:
        return float("inf")
    first, second = first.astype("d"), second.astype("d")
    scale = np.abs(first[np.isfinite(first)]).max(initial=1e-6)
    return float(np.abs(first - second).max(initial=0) / scale)


def plan(executor):
    """What an executor runs, without names: equal plans are equal work.

    Views are left out, as nothing is done for them; a loss is the softmax that it predicts with.

    Args:
        executor (Executor): A network that is bound for predictions.

    Returns:
        list of str: For each step the operator and the kernel that was chosen, then for each of its
        results the type and the place in memory.
    """
    steps = re.split("^Op:", executor.debug_str(), flags=re.MULTILINE)
    steps[-1] = steps[-1].partition("Intermediate results")[0]
    return [
        re.sub(", Name=.*?(?=, kernel=)", "", step).replace("SoftmaxOutput", "softmax")
        for step in steps
        if step and ", kernel=view\n" not in step
    ]
