"""Let two networks compete until one draws digits: a DCGAN, in Gluon.

What is drawn is judged by the classifier in `digits/`, a checkpoint of MXNet 1.9.1. The score is 1
where its answers are unsure or always the same, and 10 for equally many clear digits of each kind.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

NOISE, BATCH = 32, 50


def generator():
    """Draws pictures (N, 1, 28, 28) from -1 to 1 from noise (N, NOISE)."""
    net = nn.HybridSequential()
    net.add(nn.Dense(64 * 7 * 7, use_bias=False))
    net.add(nn.HybridLambda(lambda F, x: x.reshape((0, 64, 7, 7))))
    net.add(nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.Conv2DTranspose(32, 4, strides=2, padding=1, use_bias=False))
    net.add(nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.Conv2DTranspose(16, 4, strides=2, padding=1, use_bias=False))
    net.add(nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.Conv2D(1, 3, padding=1, activation="tanh"))
    return net


def discriminator():
    """Gives a score (N, 1) for pictures: high if they look like digits that were written."""
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 4, strides=2, padding=1), nn.LeakyReLU(0.2))
    net.add(nn.Conv2D(64, 4, strides=2, padding=1, use_bias=False))
    net.add(nn.BatchNorm(), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Dense(1))
    return net


class Game:
    """Both networks with their optimizers."""

    def __init__(self):
        self.draw, self.judge = generator(), discriminator()
        self._loss = gluon.loss.SigmoidBinaryCrossEntropyLoss()
        self._trainers = []
        for net in (self.draw, self.judge):
            net.initialize(mx.init.Normal(0.05))
            net.hybridize()
            adam = {"learning_rate": 0.001, "beta1": 0.5}
            self._trainers.append(gluon.Trainer(net.collect_params(), "adam", adam))

    def pictures(self, count):
        """So many pictures by the generator."""
        return self.draw(mx.nd.random.normal(shape=(count, NOISE)))

    def step(self, written):
        """Train both on a batch; gives the losses of the generator and of the discriminator."""
        count = len(written)
        yes, no = mx.nd.ones((count, 1)), mx.nd.zeros((count, 1))
        drawn = self.pictures(count)
        with autograd.record():
            judged = self._loss(self.judge(written), yes * 0.9) + self._loss(self.judge(drawn), no)
        judged.backward()
        self._trainers[1].step(count)
        with autograd.record():
            fooled = self._loss(self.judge(self.pictures(count)), yes)
        fooled.backward()
        self._trainers[0].step(count)
        return fooled.mean().asscalar(), judged.mean().asscalar()


def score(pictures):
    """How clear and how different the digits in pictures (N, 1, 28, 28) are, from 1 to 10."""
    module = mx.mod.Module.load(str(shared.DIGITS / "digits-lenet"), 10)
    data = mx.io.NDArrayIter((pictures + 1) * 127.5, batch_size=BATCH)
    module.bind(data.provide_data, for_training=False)
    answers = np.maximum(module.predict(data).asnumpy(), 1e-9)
    return float(np.exp((answers * np.log(answers / answers.mean(axis=0))).sum(axis=1).mean()))


def train(game, pictures, epochs):
    """Train; gives the `Progress` with the generator's losses, and the scores by epoch."""
    data = gluon.data.DataLoader(gluon.data.ArrayDataset(pictures), BATCH, shuffle=True)
    progress, scores = shared.Progress(epochs, len(data)), []
    for _ in range(epochs):
        for written in data:
            fooled, judged = game.step(written)
            progress.step(fooled, judge=judged)
        scores.append(score(game.pictures(500)))
        progress.epoch(score=scores[-1])
    return progress, scores


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=25, quick=4), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    game = Game()
    progress, scores = train(game, shared.load_digits("train")[0] * 2 - 1, read.epochs)
    pictures = game.pictures(500)

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        axes[1].plot(np.arange(len(scores)) + 1, scores, marker=".")
        axes[1].set(xlabel="epoch", ylabel="score")
        axes[2].imshow(shared.tile(pictures[:100, 0].asnumpy(), 10), cmap="gray")
        axes[2].axis("off")

    shared.save_picture(read.out / "dcgan.png", draw, columns=3)
    goal = 2 if read.quick else 5
    reached = score(pictures)
    return shared.finish(read, "dcgan", progress.losses, reached, goal, "score of the drawn digits")


if __name__ == "__main__":
    sys.exit(main())
