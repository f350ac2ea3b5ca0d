"""Recurrent cells: their graphs node by node, their weights in parts, batches of sentences."""

import json
import random
import warnings

import numpy as np

from .digest import digest

SENTENCES = [
    list(row)
    for row in (
        np.random.RandomState(i).randint(1, 20, size=2 + i % 5).astype(int).tolist()
        for i in range(40)
    )
]


def _flat(states):
    for state in states:
        yield from _flat(state) if isinstance(state, (list, tuple)) else [state]


def graph(mx, outputs):
    """Every node of a symbol or list of symbols as one line of text."""
    group = mx.sym.Group(list(outputs)) if isinstance(outputs, (list, tuple)) else outputs
    lines = []
    for node in json.loads(group.tojson())["nodes"]:
        attrs = json.dumps(node.get("attrs", {}), sort_keys=True)
        inputs = " ".join(f"{source}.{output}" for source, output, *_ in node["inputs"])
        lines.append(f"{node['op']} {node['name']} {attrs} [{inputs}]")
    return lines + group.list_outputs()


def unrolled(make, inputs=None, **options):
    """The case that unrolls a cell over two steps: graph and description of the states."""

    def run(mx):
        with mx.name.NameManager():
            cell = make(mx.rnn)
            given = [mx.sym.Variable(f"x{i}") for i in range(2)]
            given = given if inputs is None else mx.sym.Variable(inputs)
            outputs, states = cell.unroll(2, given, **options)
            listed = list(outputs) if isinstance(outputs, list) else [outputs]
            shapes = [[list(shape) for shape in cell.state_shape], len(states)]
            return [graph(mx, listed + list(_flat(states))), shapes]

    return run


def stacked(rnn):
    """Cells on top of each other, with dropout between them."""
    cell = rnn.SequentialRNNCell()
    cell.add(rnn.LSTMCell(4, prefix="l0_"))
    cell.add(rnn.DropoutCell(0.5))
    cell.add(rnn.BidirectionalCell(rnn.GRUCell(3, prefix="l_"), rnn.RNNCell(2, prefix="r_")))
    return cell


def fused(rnn, mode, bidirectional):
    """Two layers as one cell, which is not unrolled here."""
    return rnn.FusedRNNCell(3, 2, mode, bidirectional, dropout=0.2, prefix="f_")


def weights(mode, bidirectional):
    """The case that takes an array of parameters apart, for a fused and for single cells."""

    def run(mx):
        cell = fused(mx.rnn, mode, bidirectional)
        gates, sides = {"lstm": 4, "gru": 3}.get(mode, 1), 1 + bidirectional
        size = gates * 3 * sides * (5 + 3 + 2 + 3 * sides + 3 + 2)
        packed = {"f_parameters": mx.nd.arange(size), "other": mx.nd.ones((2,))}
        parts = cell.unpack_weights(packed)
        again = cell.pack_weights(parts)["f_parameters"]
        assert (again.asnumpy() == np.arange(size)).all()
        single = cell.unfuse().pack_weights(parts)
        init = mx.init.FusedRNN(None, 3, 2, mode, bidirectional, forget_bias=2.0)
        filled = mx.nd.zeros((size,))
        desc = mx.init.InitDesc("f_parameters", {"__init__": init.dumps()})
        mx.init.One()(desc, filled)
        return [list(parts), digest(parts), digest(single), init.dumps(), digest(filled)]

    return run


def sentences(**options):
    """The case that goes twice through batches of sentences."""

    def run(mx):
        random.seed(3)
        np.random.seed(3)
        data = mx.rnn.BucketSentenceIter(SENTENCES, 4, **options)
        rounds = []
        for _ in range(2):
            rounds.append(
                [
                    [
                        batch.bucket_key,
                        digest(batch.data[0]),
                        digest(batch.label[0]),
                        [list(desc.shape) for desc in batch.provide_data + batch.provide_label],
                    ]
                    for batch in data
                ]
            )
            data.reset()
        shapes = [list(desc.shape) for desc in data.provide_data + data.provide_label]
        return [data.buckets, data.default_bucket_key, shapes, rounds]

    return run


def encoded(mx):
    """Words as numbers."""
    words = [["a", "b"], ["c", "a"]]
    return [
        list(mx.rnn.encode_sentences(words, **options))
        for options in (
            {},
            {"start_label": -2},
            {"invalid_label": 0, "invalid_key": "<pad>"},
            {"vocab": {"a": 4, "b": 5, "c": 9}},
        )
    ]


def language_model(mx):
    """Training on sentences of several lengths with a stack of cells."""
    stack = fused(mx.rnn, "lstm", True).unfuse()

    def network(length):
        sym = mx.sym
        words = sym.Embedding(sym.Variable("data"), input_dim=20, output_dim=4, name="embed")
        stack.reset()
        outputs, _ = stack.unroll(length, words, merge_outputs=True)
        scores = sym.FullyConnected(sym.Reshape(outputs, shape=(-1, 6)), num_hidden=20, name="fc")
        label = sym.Reshape(sym.Variable("softmax_label"), shape=(-1,))
        return sym.SoftmaxOutput(scores, label, name="softmax"), ("data",), ("softmax_label",)

    random.seed(3)
    np.random.seed(3)
    mx.random.seed(3)
    data = mx.rnn.BucketSentenceIter(SENTENCES, 4, invalid_label=0)
    module = mx.mod.BucketingModule(network, default_bucket_key=data.default_bucket_key)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module.bind(data.provide_data, data.provide_label, for_training=False)
        module.init_params(mx.init.Xavier())
        results = []
        for batch in data:
            module.forward(batch, is_train=False)
            results.append(digest(module.get_outputs()[0]))
    return [digest(list(module.get_params())), results]


def _picture(name, **options):
    return lambda rnn: getattr(rnn, name)((1, 3, 8, 8), 4, **options)


CASES = {
    "rnn": unrolled(lambda rnn: rnn.RNNCell(4, activation="relu", prefix="a_")),
    "lstm_merged": unrolled(lambda rnn: rnn.LSTMCell(4), "data", layout="TNC", merge_outputs=True),
    "gru": unrolled(lambda rnn: rnn.GRUCell(4), "data"),
    "stacked": unrolled(stacked),
    "stacked_merged": unrolled(stacked, "data", merge_outputs=True),
    "zoneout": unrolled(lambda rnn: rnn.ZoneoutCell(rnn.RNNCell(4), 0.2, 0.3)),
    "residual": unrolled(lambda rnn: rnn.ResidualCell(rnn.GRUCell(4))),
    "residual_merged": unrolled(
        lambda rnn: rnn.ResidualCell(rnn.RNNCell(4)), "data", merge_outputs=True
    ),
    "conv_rnn": unrolled(
        _picture("ConvRNNCell", h2h_kernel=(5, 5), h2h_dilate=(2, 2), i2h_stride=(2, 2))
    ),
    "conv_lstm": unrolled(_picture("ConvLSTMCell")),
    "conv_gru": unrolled(_picture("ConvGRUCell", activation="tanh", prefix="p_")),
    "unfused": unrolled(lambda rnn: fused(rnn, "gru", True).unfuse()),
    "weights_rnn": weights("rnn_relu", False),
    "weights_lstm": weights("lstm", True),
    "weights_gru": weights("gru", False),
    "sentences": sentences(),
    "sentences_in_buckets": sentences(buckets=[3, 5], layout="TN", invalid_label=0, dtype="int32"),
    "encoded": encoded,
    "language_model": language_model,
}
