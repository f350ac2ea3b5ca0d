"""Networks whose conversion to mixed precision is compared with that of MXNet 1.9.1."""

import json

import mxnet as mx

OPTIONS = [
    {"target_dtype": "float16"},
    {"target_dtype": "bfloat16"},
    {"target_dtype": "float16", "excluded_sym_names": ["first"]},
    {"target_dtype": "float16", "conditional_fp32_ops": [("Activation", "act_type", ["relu"])]},
]


def _conv(data, name, filters, stride=1):
    return mx.sym.Convolution(
        data,
        kernel=(3, 3),
        pad=(1, 1),
        stride=(stride, stride),
        num_filter=filters,
        name=name,
        no_bias=True,
    )


def _relu(data, name):
    return mx.sym.Activation(data, act_type="relu", name=name)


def lenet():
    x = mx.sym.Variable("data")
    x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=20, name="first")
    x = mx.sym.Activation(x, act_type="tanh", name="act1")
    x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max", name="pool1")
    x = mx.sym.Flatten(x, name="flat")
    x = _relu(mx.sym.FullyConnected(x, num_hidden=50, name="fc1"), "act2")
    x = mx.sym.FullyConnected(mx.sym.Dropout(x, name="drop"), num_hidden=10, name="fc2")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def resnet():
    x = _conv(mx.sym.Variable("data"), "first", 8)
    x = _relu(mx.sym.BatchNorm(x, fix_gamma=False, name="bn0"), "relu0")
    for unit in "ab":
        y = _relu(mx.sym.BatchNorm(_conv(x, f"{unit}1", 8), name=f"{unit}bn1"), f"{unit}relu1")
        y = mx.sym.BatchNorm(_conv(y, f"{unit}2", 8), name=f"{unit}bn2")
        x = _relu(mx.sym.elemwise_add(y, x, name=f"{unit}add"), f"{unit}relu2")
    x = mx.sym.Pooling(x, global_pool=True, kernel=(1, 1), pool_type="avg", name="pool")
    x = mx.sym.FullyConnected(x, num_hidden=10, name="fc")
    return mx.sym.log_softmax(x, name="out")


def lstm():
    embedded = mx.sym.Embedding(mx.sym.Variable("data"), input_dim=9, output_dim=4, name="first")
    stack = mx.rnn.LSTMCell(num_hidden=5, prefix="lstm_")
    with mx.name.NameManager():  # names that do not depend on what was made before
        outputs, _ = stack.unroll(2, inputs=embedded, layout="NTC", merge_outputs=True)
    x = mx.sym.Reshape(outputs, shape=(-1, 5), name="rows")
    x = mx.sym.FullyConnected(x, num_hidden=9, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def fused_lstm():
    x = mx.sym.swapaxes(mx.sym.Variable("data"), dim1=0, dim2=1, name="first")
    x = mx.sym.RNN(
        x,
        mx.sym.Variable("parameters"),
        mx.sym.Variable("state"),
        mx.sym.Variable("cell"),
        state_size=5,
        num_layers=1,
        mode="lstm",
        name="rnn",
    )
    return mx.sym.mean(mx.sym.FullyConnected(x, num_hidden=3, name="fc"), name="mean")


def ssd():
    label = mx.sym.Variable("label")
    classes, boxes, anchors = [], [], []
    x = mx.sym.Variable("data")
    for number in range(2):
        name = "first" if number == 0 else f"conv{number}"
        x = _relu(_conv(x, name, 8, stride=2), f"relu{number}")
        scores = mx.sym.transpose(
            _conv(x, f"cls{number}", 6), axes=(0, 2, 3, 1), name=f"ct{number}"
        )
        places = mx.sym.transpose(
            _conv(x, f"loc{number}", 8), axes=(0, 2, 3, 1), name=f"lt{number}"
        )
        classes.append(mx.sym.Flatten(scores, name=f"cf{number}"))
        boxes.append(mx.sym.Flatten(places, name=f"lf{number}"))
        prior = mx.sym.contrib.MultiBoxPrior(x, sizes=(0.2, 0.3), name=f"prior{number}")
        anchors.append(mx.sym.Flatten(prior, name=f"pf{number}"))
    anchor = mx.sym.Reshape(
        mx.sym.Concat(*anchors, dim=1, name="anchors"), shape=(0, -1, 4), name="ar"
    )
    scores = mx.sym.Reshape(
        mx.sym.Concat(*classes, dim=1, name="classes"), shape=(0, -1, 3), name="cr"
    )
    scores = mx.sym.transpose(scores, axes=(0, 2, 1), name="scores")
    places = mx.sym.Concat(*boxes, dim=1, name="boxes")
    target = mx.sym.contrib.MultiBoxTarget(anchor, label, scores, name="target")
    probability = mx.sym.SoftmaxOutput(
        scores, target[2], use_ignore=True, multi_output=True, name="prob"
    )
    difference = mx.sym.elemwise_mul(
        target[1], mx.sym.elemwise_sub(places, target[0], name="diff"), name="masked"
    )
    loss = mx.sym.MakeLoss(mx.sym.smooth_l1(difference, scalar=1.0, name="smooth"), name="loss")
    found = mx.sym.contrib.MultiBoxDetection(
        probability, anchor=anchor, loc_pred=places, name="det"
    )
    return mx.sym.Group([probability, loss, mx.sym.BlockGrad(found, name="block")])


def build(name):
    """A network whose unnamed nodes are numbered from 0."""
    with mx.name.NameManager():
        return NETWORKS[name]()


NETWORKS = {each.__name__: each for each in (lenet, resnet, lstm, fused_lstm, ssd)}


def structure(symbol):
    """The operators with what goes into them, whatever casts are called.

    Returns:
        list of str: A line for each operator, sorted, and one for the outputs.
    """
    graph = json.loads(symbol.tojson(remove_amp_cast=False))
    nodes = graph["nodes"]
    label = []

    def references(values):
        return ", ".join(f"{label[number]}:{place}" for number, place, *_ in values)

    for node in nodes:
        if node["op"].startswith("amp_"):
            dtype = node["attrs"].get("dtype", "widest")
            label.append(f"{node['op']}({references(node['inputs'])}, {dtype})")
        else:
            label.append(node["name"])
    lines = [
        f"{node['op']} {node['name']}({references(node['inputs'])})"
        for node in nodes
        if node["op"] != "null" and not node["op"].startswith("amp_")
    ]
    return [*sorted(lines), f"outputs {references(graph['heads'])}"]
