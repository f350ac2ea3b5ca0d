"""The networks that are compared with MXNet 1.9.1: graph, input, weight scales."""

import gzip
import sys
from pathlib import Path

import numpy as np
from weights import make_input, make_weights

ROOT = Path(__file__).resolve().parents[2]
JSON_FOLDER = ROOT / "tests/compat/networks"
DATA_FOLDER = ROOT / "tests/data/networks"
BATCH = 2


class Network:
    """One network: how to get its symbol, its input shape and its seeded parameters.

    Args:
        shape: shape of the input `data` without the batch.
        gain, head, head_gain: see `weights.make_weights`.
        seed: base of all seeds.
        labels: shapes of label arguments that the outputs depend on.
        expected: name of the network whose stored outputs are this one's too.
    """

    def __init__(self, shape, gain=1.0, head=(), head_gain=1.0, seed=1, labels=None, expected=None):
        self.shape = (BATCH,) + shape
        self.gain, self.head, self.head_gain = gain, head, head_gain
        self.seed = seed
        self.labels = labels or {}
        self.expected = expected
        self.name = None

    def symbol(self, mx):
        """The symbol: from the stored JSON, else from the builder."""
        path = JSON_FOLDER / f"{self.name}-symbol.json.gz"
        if path.exists():
            return mx.sym.load_json(gzip.decompress(path.read_bytes()).decode())
        tools = str(ROOT / "tools/oracle")
        if tools not in sys.path:
            sys.path.insert(0, tools)
        import detection_networks
        import symbolic_networks

        return {**symbolic_networks.BUILDERS, **detection_networks.BUILDERS}[self.name]()

    def label_names(self, symbol):
        """Label arguments of a symbol, in order."""
        return [
            name
            for name in symbol.list_arguments()
            if name in self.labels or name.endswith("_label")
        ]

    def parameters(self, symbol):
        """Dicts of NumPy arguments and auxiliary states for a symbol."""
        shapes, _, aux_shapes = symbol.infer_shape(data=self.shape, **self.labels)
        skipped = set(self.label_names(symbol)) | {"data"}
        args = {
            name: tuple(shape)
            for name, shape in zip(symbol.list_arguments(), shapes)
            if name not in skipped
        }
        auxs = {
            name: tuple(shape) for name, shape in zip(symbol.list_auxiliary_states(), aux_shapes)
        }
        return make_weights(args, auxs, self.seed, self.gain, self.heads(args), self.head_gain)

    def heads(self, args):
        """Weights that get the head's gain; by default the last weight."""
        if self.head:
            return self.head
        return [name for name in args if name.endswith("weight")][-1:]

    def data(self):
        """The NumPy input batch."""
        return make_input(self.shape, self.seed)

    def label(self):
        """The NumPy label batch of SSD: objects as (class, left, top, right, bottom), -1: none."""
        corner = np.abs(make_input((BATCH, 3, 2), self.seed)) / np.float32(4)
        size = np.float32([[[0.2, 0.3], [0.4, 0.25], [0.5, 0.5]]] * BATCH)
        label = np.concatenate([np.float32([[[3], [11], [19]]] * BATCH), corner, corner + size], 2)
        label[1, 2] = -1
        return label

    def stored_path(self):
        """The file of MXNet 1.9.1's outputs."""
        return DATA_FOLDER / f"{self.expected or self.name}.npz"

    def predict(self, mx, context=None):
        """Outputs by Module (on the CPU without `context`) as NumPy arrays: dict of name to what
        `reduce_output` keeps.
        """
        symbol = self.symbol(mx)
        args, auxs = self.parameters(symbol)
        module = mx.mod.Module(
            symbol, label_names=self.label_names(symbol) or None, context=context or mx.cpu()
        )
        module.bind([("data", self.shape)], list(self.labels.items()) or None, for_training=False)
        module.set_params(
            {name: mx.nd.array(value) for name, value in args.items()},
            {name: mx.nd.array(value) for name, value in auxs.items()},
        )
        labels = [mx.nd.array(self.label())] if self.labels else None
        module.forward(mx.io.DataBatch([mx.nd.array(self.data())], labels), is_train=False)
        return {
            name: reduce_output(name, output.asnumpy())
            for name, output in zip(module.output_names, module.get_outputs())
        }


def reduce_output(name, values):
    """The part of an output that is stored: all, every nth column, or the best detections."""
    if "det" in name and values.ndim == 3:
        return values[:, :150]
    flat = values.reshape(len(values), -1)
    return flat[:, :: max(1, flat.shape[1] // 3000)]


def softmax(logits):
    """Probabilities of (N, classes) logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


_IMAGE = (3, 224, 224)
_SSD_SCORES = tuple(f"layer{number}_cls_pred_conv_weight" for number in range(6))

NETWORKS = {
    "alexnet": Network(_IMAGE),
    "vgg11": Network(_IMAGE),
    "vgg16": Network(_IMAGE),
    "vgg19": Network(_IMAGE),
    "vgg16_bn": Network(_IMAGE),
    "resnet18_v1": Network(_IMAGE, head_gain=0.0062),
    "resnet50_v1": Network(_IMAGE, gain=0.7, head_gain=0.028),
    "resnet152_v1": Network(_IMAGE, gain=0.5, head_gain=0.0033),
    "resnet18_v2": Network(_IMAGE, head_gain=0.016),
    "resnet50_v2": Network(_IMAGE, gain=0.7, head_gain=0.07),
    "resnet152_v2": Network(_IMAGE, gain=0.5, head_gain=0.13),
    "densenet121": Network(_IMAGE, head_gain=3.0),
    "inceptionv3": Network((3, 299, 299), head_gain=2.7),
    "squeezenet1_0": Network(_IMAGE, head_gain=6.0),
    "squeezenet1_1": Network(_IMAGE, head_gain=6.0),
    "mobilenet1_0": Network(_IMAGE, head_gain=5.0),
    "mobilenet0_25": Network(_IMAGE),
    "mobilenetv2_1_0": Network(_IMAGE),
    "mobilenetv2_0_25": Network(_IMAGE),
    "lenet": Network((1, 28, 28)),
    "mlp": Network((784,)),
    "inception_bn": Network(_IMAGE, head_gain=0.6),
    "resnet152": Network(_IMAGE, gain=0.5, head_gain=0.13),
    "vgg16_prob": Network(_IMAGE, seed=2),
    "vgg16_softmax": Network(_IMAGE, seed=2, expected="vgg16_prob"),
    "vgg19_prob": Network(_IMAGE, seed=2),
    "caffenet": Network((3, 227, 227)),
    "nin": Network(_IMAGE, head_gain=3.0),
    "googlenet": Network(_IMAGE),
    "ssd_vgg16_train": Network(
        (3, 300, 300), head=_SSD_SCORES, head_gain=0.1, labels={"label": (BATCH, 3, 5)}
    ),
    "ssd_vgg16_deploy": Network((3, 300, 300), head=_SSD_SCORES, head_gain=0.1),
    "mtcnn_det1": Network((3, 120, 150), head_gain=0.2),
    "mtcnn_det2": Network((3, 24, 24)),
    "mtcnn_det3": Network((3, 48, 48), head_gain=0.05),
}
for _name, _network in NETWORKS.items():
    _network.name = _name
