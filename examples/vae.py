"""Learn a plane of digits with a variational auto-encoder, in Gluon.

Each digit is described by two numbers; what the decoder draws from numbers on a grid is the plane.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

LATENT, UNITS, BATCH = 2, 256, 50


class AutoEncoder(gluon.HybridBlock):
    """An encoder to normal distributions in the plane and a decoder from points of it."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.encode, self.decode = nn.HybridSequential(), nn.HybridSequential()
            self.encode.add(nn.Dense(UNITS, activation="tanh"), nn.Dense(2 * LATENT))
            self.decode.add(nn.Dense(UNITS, activation="tanh"), nn.Dense(UNITS, activation="tanh"))
            self.decode.add(nn.Dense(28 * 28))

    def hybrid_forward(self, F, pictures):
        """The evidence lower bound of each picture (N, 1, 28, 28), negated, in nats (N,)."""
        pictures = pictures.flatten()
        mean, log_variance = F.split(self.encode(pictures), num_outputs=2)
        noise = F.random.normal_like(mean)
        scores = self.decode(mean + F.exp(log_variance / 2) * noise)
        # Grey values count as probabilities of white.
        drawn = F.relu(scores) - scores * pictures + F.Activation(-F.abs(scores), "softrelu")
        divergence = (F.exp(log_variance) + mean**2 - 1 - log_variance) / 2
        return drawn.sum(axis=1) + divergence.sum(axis=1)


def train(net, pictures, epochs):
    """Train with Adam; gives the `Progress` with its losses, nats per picture."""
    data = gluon.data.DataLoader(gluon.data.ArrayDataset(pictures), BATCH, shuffle=True)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002})
    progress = shared.Progress(epochs, len(data))
    for _ in range(epochs):
        for batch in data:
            with autograd.record():
                loss = net(batch)
            loss.backward()
            trainer.step(len(batch))
            progress.step(loss.mean().asscalar())
        progress.epoch()
    return progress


def plane(net, count):
    """What the decoder draws from the middles of so many equally likely parts of each axis."""
    steps = (np.arange(count) + 0.5) / count
    # The normal distribution's quantiles, from a table of its distribution function.
    at = np.linspace(-4, 4, 4001)
    values = np.interp(steps, np.cumsum(np.exp(-(at**2) / 2)) / np.exp(-(at**2) / 2).sum(), at)
    points = np.stack(np.meshgrid(values, values), axis=2).reshape(-1, LATENT)
    return net.decode(mx.nd.array(points)).sigmoid().asnumpy().reshape(-1, 28, 28)


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=60, quick=4), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    net = AutoEncoder()
    progress = train(net, shared.load_digits("train")[0], read.epochs)
    pictures, labels = shared.load_digits("t10k")
    pictures = mx.nd.array(pictures)
    loss = net(pictures).mean().asscalar()
    places = net.encode(pictures.flatten())[:, :LATENT].asnumpy()
    random = net.decode(mx.nd.random.normal(shape=(100, LATENT))).sigmoid().asnumpy()

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        dots = axes[1].scatter(*places.T, c=labels, cmap="tab10", s=12)
        axes[1].legend(*dots.legend_elements(), fontsize=7, title="digit")
        for each, drawn in ((axes[2], plane(net, 12)), (axes[3], random.reshape(-1, 28, 28))):
            each.imshow(shared.tile(drawn, int(len(drawn) ** 0.5)), cmap="gray")
            each.axis("off")

    shared.save_picture(read.out / "vae.png", draw, columns=4)
    return shared.finish(
        read,
        "vae",
        progress.losses,
        loss,
        250 if read.quick else 210,
        "negative evidence lower bound of the test digits, nats",
        rising=False,
    )


if __name__ == "__main__":
    sys.exit(main())
