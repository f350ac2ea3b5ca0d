"""Programs of learners with mx.np, npx and Gluon, run by the tests and by MXNet 1.9.1.

Each gives the mean loss of each epoch, and numbers that it computed at the end.
"""

import numpy as onp

import mxnet as mx
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn, rnn


def _pictures(count, size, classes):
    """Pictures with a bright bar whose place is their class."""
    random = onp.random.RandomState(11)
    labels = random.randint(0, classes, count)
    pictures = random.rand(count, 1, size, size).astype("float32")
    for picture, label in zip(pictures, labels):
        picture[0, :, label * size // classes] += 2
    return pictures, labels.astype("int32")


def softmax_regression():
    """From nothing: parameters, model, loss and updates are written with mx.np alone."""
    pictures, labels = _pictures(120, 8, 4)
    weight = np.array(onp.random.RandomState(1).normal(0, 0.01, (64, 4)), dtype="float32")
    bias = np.zeros(4)
    parameters = [weight, bias]
    for each in parameters:
        each.attach_grad()

    def softmax(x):
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def network(x):
        return softmax(np.dot(x.reshape((-1, len(weight))), weight) + bias)

    def cross_entropy(predicted, y):
        return -np.log(predicted[range(len(predicted)), y])

    def accuracy(predicted, y):
        return float((predicted.argmax(axis=1).astype(y.dtype) == y).sum()) / len(y)

    losses = []
    for _ in range(4):
        total = 0.0
        for begin in range(0, 120, 20):
            x = np.array(pictures[begin : begin + 20])
            y = np.array(labels[begin : begin + 20], dtype="int32")
            with autograd.record():
                loss = cross_entropy(network(x), y)
            loss.backward()
            for each in parameters:
                each[:] = each - 0.2 * each.grad / len(y)
            total += float(loss.sum())
        losses.append(total / 120)
    x, y = np.array(pictures), np.array(labels, dtype="int32")
    return losses, [accuracy(network(x), y), float(np.abs(weight).mean())]


def lenet():
    """A convolutional network with layers, a loss, a trainer and a loader of Gluon."""
    pictures, labels = _pictures(64, 16, 4)
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(channels=4, kernel_size=5, padding=2, activation="sigmoid"),
        nn.AvgPool2D(pool_size=2, strides=2),
        nn.Conv2D(channels=8, kernel_size=5, activation="relu"),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Dense(16, activation="tanh"),
        nn.BatchNorm(),
        nn.Dense(4),
    )
    net.initialize(init=init.Xavier())
    net.hybridize()
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.02, "momentum": 0.9})
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(pictures, labels), batch_size=16)
    losses = []
    for _ in range(4):
        total = 0.0
        for x, y in loader:
            for part, known in zip(
                *(gluon.utils.split_and_load(each, [mx.cpu()]) for each in (x, y))
            ):
                with autograd.record():
                    loss = loss_of(net(part), known)
                loss.backward()
                total += float(loss.sum())
            trainer.step(len(x))
        losses.append(total / 64)
    right = sum(float((net(x).argmax(axis=1).astype(y.dtype) == y).sum()) for x, y in loader)
    return losses, [right, float(net(np.array(pictures[:4])).sum())]


class _Letters(gluon.Block):
    """Tells the next letter: one-hot letters, a recurrent layer, a dense one."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.layer = rnn.LSTM(12)
        self.dense = nn.Dense(size)

    def forward(self, letters, state):
        inputs = npx.one_hot(letters.T, self.size)
        outputs, state = self.layer(inputs, state)
        return self.dense(outputs.reshape(-1, outputs.shape[-1])), state

    def begin_state(self, *args, **kwargs):
        return self.layer.begin_state(*args, **kwargs)


def letters():
    """A recurrent network on text: states go from batch to batch, gradients are clipped."""
    text = "the quick brown fox jumps over the lazy dog and the dog sleeps " * 6
    alphabet = sorted(set(text))
    numbers = [alphabet.index(letter) for letter in text]
    rows = onp.array(numbers[: 4 * 80]).reshape(4, 80)
    net = _Letters(len(alphabet))
    net.initialize(init.Normal(0.1))
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.02})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    losses = []
    for _ in range(4):
        state, total, count = net.begin_state(batch_size=4, ctx=mx.cpu()), 0.0, 0
        for begin in range(0, 70, 10):
            x = np.array(rows[:, begin : begin + 10])
            y = np.array(rows[:, begin + 1 : begin + 11]).T.reshape(-1)
            for each in state:
                each.detach()
            with autograd.record():
                predicted, state = net(x, state)
                loss = loss_of(predicted, y).mean()
            loss.backward()
            gradients = [each.grad() for each in net.collect_params().values()]
            norm = float(np.sqrt(sum(float((each**2).sum()) for each in gradients)))
            for each in gradients:
                each[:] *= min(1.0, 1.0 / norm)
            trainer.step(1)
            state = [each.detach() for each in state]
            total, count = total + float(loss), count + 1
        losses.append(total / count)
    predicted, _ = net(np.array([[alphabet.index("t")]]), net.begin_state(batch_size=1))
    return losses, [float(predicted.max()), float(predicted.std())]


PROGRAMS = {each.__name__: each for each in (softmax_regression, lenet, letters)}


def run(name):
    """The numbers of a program, which begins with the same seeds and the NumPy interface."""
    onp.random.seed(0)
    mx.random.seed(0)
    with mx.util.np_shape(), mx.util.np_array(), mx.name.NameManager():
        losses, results = PROGRAMS[name]()
    return {"losses": losses, "results": results}
