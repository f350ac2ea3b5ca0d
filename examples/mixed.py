"""Mix symbols and Gluon: the same network trained in both ways, with the same result.

The symbol is the classifier in `digits/`, a checkpoint of MXNet 1.9.1, up to its last hidden layer.
Its outputs are rounded to -1 and 1 by a function with a gradient of its own, and a new layer learns
to read the digits from these 64 bits; the symbol's parameters are trained on.

- `in_gluon`: the symbol is a block of a Gluon network.
- `by_executor`: the symbol is bound; a Gluon loss of its outputs gives the gradients it needs.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

BATCH, RATE = 50, 0.05


class Binary(autograd.Function):
    """Signs; gradients pass as if nothing had happened, but where the input is large."""

    def forward(self, x):
        self.save_for_backward(x)
        return (x >= 0) * 2 - 1

    def backward(self, d_output):
        (x,) = self.saved_tensors
        return d_output * (x.abs() <= 0.95)


def load_features():
    """The symbol and its parameters by name."""
    symbol, params, _ = mx.model.load_checkpoint(str(shared.DIGITS / "digits-lenet"), 10)
    symbol = symbol.get_internals()["tanh3_output"]
    return symbol, {name: params[name] for name in symbol.list_arguments() if name in params}


def new_layer(weight):
    """A layer of 10 scores with these weights, which is trained."""
    layer = nn.Dense(10, in_units=64)
    layer.initialize()
    layer.weight.set_data(weight)
    return layer


def batches(epochs):
    """Batches (pictures, labels) of all epochs, the same ones whenever they are asked for."""
    pictures, labels = shared.load_digits("train")
    for epoch in range(epochs):
        order = np.random.RandomState(epoch).permutation(len(labels))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            yield mx.nd.array(pictures[rows] * 255), mx.nd.array(labels[rows])


class Network(gluon.Block):
    """The symbol, rounding and the layer."""

    def __init__(self, symbol, params, layer):
        super().__init__()
        with self.name_scope():
            self.features = gluon.SymbolBlock(symbol, mx.sym.var("data"))
            self.layer = layer
        for name, parameter in self.features.collect_params().items():
            parameter.shape = params[name].shape
            parameter.initialize()
            parameter.set_data(params[name])

    def forward(self, pictures):
        return self.layer(Binary()(self.features(pictures)))


def in_gluon(weight, epochs):
    """Train in Gluon; gives the network and the `Progress` with its losses."""
    net = Network(*load_features(), new_layer(weight))
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": RATE})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    progress = shared.Progress(epochs, 1500 // BATCH)
    for pictures, labels in batches(epochs):
        with autograd.record():
            loss = loss_of(net(pictures), labels)
        loss.backward()
        trainer.step(BATCH)
        progress.step(loss.mean().asscalar())
        if len(progress.losses) % (1500 // BATCH) == 0:
            progress.epoch(accuracy=accuracy(net))
    return net, progress


def by_executor(weight, epochs):
    """Train a bound symbol; gives the losses, and all parameters by name."""
    symbol, params = load_features()
    requests = {name: "write" if name in params else "null" for name in symbol.list_arguments()}
    bound = symbol.simple_bind(mx.cpu(), grad_req=requests, data=(BATCH, 1, 28, 28))
    bound.copy_params_from(params)
    layer, loss_of = new_layer(weight), gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": RATE})
    sgd = mx.optimizer.SGD(learning_rate=RATE, rescale_grad=1 / BATCH)
    update, losses = mx.optimizer.get_updater(sgd), []
    for pictures, labels in batches(epochs):
        features = bound.forward(is_train=True, data=pictures)[0]
        features.attach_grad()
        with autograd.record():
            loss = loss_of(layer(Binary()(features)), labels)
        loss.backward()
        bound.backward([features.grad])
        for i, name in enumerate(params):
            update(i, bound.grad_dict[name], bound.arg_dict[name])
        trainer.step(BATCH)
        losses.append(float(loss.mean().asscalar()))
    return losses, {name: bound.arg_dict[name] for name in params}


def accuracy(net):
    """Share of the test digits that are read right."""
    pictures, labels = shared.load_digits("t10k")
    return np.mean(net(mx.nd.array(pictures * 255)).asnumpy().argmax(axis=1) == labels)


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=5, quick=1), arguments)
    weight = np.random.RandomState(read.seed).normal(0, 0.1, (10, 64)).astype(np.float32)
    weight = mx.nd.array(weight)
    net, progress = in_gluon(weight, read.epochs)
    losses, params = by_executor(weight, read.epochs)
    apart = np.abs(np.subtract(losses, progress.losses)).max(initial=0)
    same = all(
        np.allclose(parameter.data().asnumpy(), params[name].asnumpy(), atol=1e-3)
        for name, parameter in net.features.collect_params().items()
    )
    print(f"losses of both ways differ by at most {apart:.1e}, their parameters agree: {same}")

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        axes[0].plot(losses, "k:", linewidth=0.8, label="by executor")
        axes[0].legend()
        picture = mx.nd.array(shared.load_digits("t10k")[0][:40] * 255)
        axes[1].imshow(Binary()(net.features(picture)).asnumpy(), cmap="gray")
        axes[1].set(xlabel="bit", ylabel="test digit")

    shared.save_picture(read.out / "mixed.png", draw, columns=2)
    goal = 0.8 if read.quick else 0.95
    reached = accuracy(net) if same else 0.0
    return shared.finish(read, "mixed", progress.losses, reached, goal, "accuracy on test digits")


if __name__ == "__main__":
    sys.exit(main())
