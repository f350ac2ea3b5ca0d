"""Seeded training runs by Module; the same program under MXNet 1.9.1 and under Remx."""

import sys
from pathlib import Path

import numpy as np
from weights import make_input, make_weights

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/data/training"
STEPS = 20

OPTIMIZERS = {
    "sgd": {"learning_rate": 0.02, "momentum": 0.9, "wd": 1e-4},
    "adam": {"learning_rate": 0.001, "wd": 1e-4},
}
# name: input shape with batch, classes, scale of the weights' variance
RUNS = {
    "lenet": ((16, 1, 28, 28), 0.3),
    "mlp": ((32, 784), 0.3),
    "small_resnet": ((8, 3, 16, 16), 0.5),
}


def small_resnet(mx):
    """A residual network with batch norm, average pooling and a projection."""

    def unit(x, name, filters, stride):
        y = mx.sym.BatchNorm(x, fix_gamma=False, momentum=0.9, eps=2e-5, name=f"{name}_bn1")
        y = mx.sym.Activation(y, act_type="relu", name=f"{name}_relu1")
        shortcut = (
            x
            if stride == 1
            else mx.sym.Convolution(
                y, num_filter=filters, kernel=(1, 1), stride=(2, 2), no_bias=True, name=f"{name}_sc"
            )
        )
        y = mx.sym.Convolution(
            y,
            num_filter=filters,
            kernel=(3, 3),
            stride=(stride, stride),
            pad=(1, 1),
            no_bias=True,
            name=f"{name}_conv1",
        )
        y = mx.sym.BatchNorm(y, fix_gamma=True, momentum=0.8, eps=2e-5, name=f"{name}_bn2")
        y = mx.sym.Activation(y, act_type="relu", name=f"{name}_relu2")
        y = mx.sym.Convolution(
            y, num_filter=filters, kernel=(3, 3), pad=(1, 1), no_bias=True, name=f"{name}_conv2"
        )
        return y + shortcut

    x = mx.sym.Convolution(
        mx.sym.Variable("data"), num_filter=8, kernel=(3, 3), pad=(1, 1), no_bias=True, name="conv0"
    )
    x = unit(unit(x, "unit1", 8, 1), "unit2", 16, 2)
    x = mx.sym.BatchNorm(x, fix_gamma=False, name="bn_last")
    x = mx.sym.Activation(x, act_type="relu", name="relu_last")
    x = mx.sym.Pooling(x, global_pool=True, kernel=(8, 8), pool_type="avg", name="pool")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=10, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def build(mx, name):
    """The symbol of a run."""
    if name == "small_resnet":
        return small_resnet(mx)
    tools = str(ROOT / "tools/oracle")
    if tools not in sys.path:
        sys.path.insert(0, tools)
    from symbolic_networks import BUILDERS

    return BUILDERS[name]()


def parameters(symbol, shape, gain):
    """Seeded NumPy arguments and auxiliary states."""
    arg_shapes, _, aux_shapes = symbol.infer_shape(data=shape)
    args = {
        name: tuple(each)
        for name, each in zip(symbol.list_arguments(), arg_shapes)
        if name not in ("data", "softmax_label")
    }
    auxs = {name: tuple(each) for name, each in zip(symbol.list_auxiliary_states(), aux_shapes)}
    return make_weights(args, auxs, seed=3, gain=gain)


def batches(shape):
    """Endless seeded batches: four different ones in turn, so that the loss can fall."""
    made = []
    for number in range(4):
        labels = np.random.RandomState(100 + number).randint(0, 10, shape[0]).astype(np.float32)
        made.append((make_input(shape, 11 + number), labels))
    while True:
        yield from made


def train(mx, name, optimizer, context=None):
    """Runs STEPS steps, on the CPU without `context`.

    Returns:
        dict of `losses`: mean cross-entropy of every step; `sums`: sum of squares of every
        parameter at the end; `moving`: auxiliary states after 5 steps (lists).
    """
    shape, gain = RUNS[name]
    symbol = build(mx, name)
    args, auxs = parameters(symbol, shape, gain)
    module = mx.mod.Module(symbol, context=context or mx.cpu())
    module.bind([("data", shape)], [("softmax_label", shape[:1])])
    module.init_params(
        arg_params={key: mx.nd.array(value) for key, value in args.items()},
        aux_params={key: mx.nd.array(value) for key, value in auxs.items()},
    )
    module.init_optimizer(optimizer=optimizer, optimizer_params=dict(OPTIMIZERS[optimizer]))
    losses, moving = [], {}
    for step, (data, label) in zip(range(STEPS), batches(shape)):
        module.forward_backward(mx.io.DataBatch([mx.nd.array(data)], [mx.nd.array(label)]))
        module.update()
        probability = module.get_outputs()[0].asnumpy()
        chosen = probability[np.arange(len(label)), label.astype(int)]
        losses.append(float(-np.log(chosen.astype(np.float64)).mean()))
        if step == 4:
            mx.nd.waitall()  # 1.9.1 lets the statistics be read while backward writes them
            moving = {
                key: value.asnumpy().tolist() for key, value in module.get_params()[1].items()
            }
    sums = {
        key: float(np.square(value.asnumpy().astype(np.float64)).sum())
        for key, value in module.get_params()[0].items()
    }
    return {"losses": losses, "moving": moving, "sums": sums}
