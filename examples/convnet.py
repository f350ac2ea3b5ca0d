"""Train a convolutional network on the bundled digits, in Gluon.

Pictures are moved by up to two pixels as they are drawn, so that 1,500 of them are enough.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

BATCH = 50


def network():
    """A hybrid network for pictures (N, 1, 28, 28) that gives 10 scores for each."""
    net = nn.HybridSequential()
    for channels in (16, 32):
        net.add(
            nn.Conv2D(channels, kernel_size=5, padding=2, use_bias=False),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(),
        )
    net.add(nn.Dense(128, activation="relu"), nn.Dropout(0.5), nn.Dense(10))
    return net


class Moved(gluon.data.Dataset):
    """Digits, each moved a little whenever it is read.

    Args:
        pictures (numpy.ndarray): float32 (N, 1, 28, 28).
        labels (numpy.ndarray): int32 (N,).
    """

    def __init__(self, pictures, labels):
        self._pictures, self._labels = pictures, labels

    def __len__(self):
        return len(self._labels)

    def __getitem__(self, index):
        move = np.random.randint(-2, 3, 2)
        return np.roll(self._pictures[index], move, (1, 2)), self._labels[index]


def predict(net, pictures):
    """Scores of pictures, float32 (N, 10)."""
    return net(mx.nd.array(pictures)).asnumpy()


def train(net, epochs):
    """Train with Adam, whose steps get smaller in each epoch.

    Returns:
        tuple: The `Progress` with its losses, and the accuracies on the test digits by epoch.
    """
    data = gluon.data.DataLoader(Moved(*shared.load_digits("train")), BATCH, shuffle=True)
    test_pictures, test_labels = shared.load_digits("t10k")
    net.initialize(mx.init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    progress, accuracies = shared.Progress(epochs, len(data)), []
    for epoch in range(epochs):
        trainer.set_learning_rate(0.002 * 0.8**epoch)
        right = mx.metric.Accuracy()
        for pictures, labels in data:
            with autograd.record():
                scores = net(pictures)
                loss = loss_of(scores, labels)
            loss.backward()
            trainer.step(len(labels))
            right.update(labels, scores)
            progress.step(loss.mean().asscalar(), accuracy=right.get()[1])
        accuracies.append(np.mean(predict(net, test_pictures).argmax(axis=1) == test_labels))
        progress.epoch(train=right.get()[1], test=accuracies[-1])
    return progress, accuracies


def plot_accuracies(axes, accuracies):
    """Draw the accuracy on the test digits after each epoch."""
    axes.plot(np.arange(len(accuracies)) + 1, accuracies, color="tab:green", marker=".")
    axes.set_xlabel("epoch")
    axes.set_ylabel("accuracy on the test digits")
    axes.grid(alpha=0.3)


def plot_confusion(axes, labels, answers):
    """Draw how often each digit (row) was taken for which (column)."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, answers), 1)
    axes.imshow(np.sqrt(counts), cmap="Blues")
    for row, column in zip(*np.nonzero(counts)):
        color = "white" if row == column else "tab:red"
        axes.text(column, row, counts[row, column], color=color, ha="center", va="center", size=8)
    axes.set(xlabel="answer", ylabel="digit", xticks=range(10), yticks=range(10))


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=12, quick=2), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    net = network()
    progress, accuracies = train(net, read.epochs)
    pictures, labels = shared.load_digits("t10k")
    answers = predict(net, pictures).argmax(axis=1)

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        plot_accuracies(axes[1], accuracies)
        plot_confusion(axes[2], labels, answers)

    shared.save_picture(read.out / "convnet.png", draw, columns=3)
    accuracy, goal = np.mean(answers == labels), 0.9 if read.quick else 0.98
    return shared.finish(
        read, "convnet", progress.losses, accuracy, goal, "accuracy on the test digits"
    )


if __name__ == "__main__":
    sys.exit(main())
