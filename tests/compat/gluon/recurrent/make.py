"""Recurrent layers as MXNet 1.9.1 saves them; run with it here to write the files anew."""

import numpy as np

LAYERS = {
    "lstm": lambda rnn: rnn.LSTM(3, 2, bidirectional=True, dropout=0.5, input_size=2),
    "gru": lambda rnn: rnn.GRU(3, 2, input_size=2),
    "projected": lambda rnn: rnn.LSTM(3, 1, projection_size=2, input_size=2),
    "rnn": lambda rnn: rnn.RNN(3, 1, activation="tanh", input_size=2),
}


def inputs():
    """Four steps of two sequences of two features."""
    return np.sin(np.arange(16)).reshape(4, 2, 2).astype("float32")


def network(layer, nn):
    """A layer inside of a block, so that names have a place."""
    net = nn.HybridSequential()
    net.add(layer)
    return net


if __name__ == "__main__":
    import mxnet as mx
    from mxnet.gluon import nn, rnn

    mx.random.seed(1)
    outputs = {}
    for name, make in LAYERS.items():
        net = network(make(rnn), nn)
        net.initialize(mx.init.Uniform(0.5))
        outputs[name] = net(mx.nd.array(inputs()))
        net.save_parameters(f"{name}.params")
    mx.nd.save("outputs.params", outputs)
