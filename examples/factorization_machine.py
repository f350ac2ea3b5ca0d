"""Predict clicks with a factorization machine on sparse data, by Module.

Each row of the data is a user, an article, a place and an hour, as four ones among many zeros
(CSR). Weights are row-sparse: a batch gives gradients for the rows of its own features alone, and
lazy updates touch no others. Clicks follow hidden tastes, so pairs of features matter.
"""

import sys

import numpy as np
import shared

import mxnet as mx

FIELDS = {"user": 400, "article": 300, "place": 40, "hour": 24}
FEATURES = sum(FIELDS.values())
FACTORS, BATCH = 8, 100


def make_clicks(random, count):
    """Rows and clicks.

    Returns:
        tuple: CSRNDArray (count, FEATURES) with a one for each field, and float32 (count,).
    """
    tastes = random.normal(0, 1.1, (FEATURES, 3))
    starts = np.cumsum([0, *FIELDS.values()])[:-1]
    columns = np.stack([random.randint(size, size=count) for size in FIELDS.values()], axis=1)
    columns += starts
    chosen = tastes[columns]
    pairs = (chosen.sum(axis=1) ** 2 - (chosen**2).sum(axis=1)).sum(axis=1) / 2
    clicks = random.uniform(size=count) < 1 / (1 + np.exp(-pairs))
    ones, ends = np.ones(columns.size, np.float32), np.arange(count + 1) * len(FIELDS)
    rows = mx.nd.sparse.csr_matrix((ones, columns.ravel(), ends), shape=(count, FEATURES))
    return rows, clicks.astype(np.float32)


def network():
    """A symbol: the sum of the weights of a row's features and of the products of their factors."""

    def rows_of_weights(name, columns, init):
        shape = FEATURES, columns
        return mx.sym.Variable(name, shape=shape, stype="row_sparse", init=init)

    row = mx.sym.Variable("data", stype="csr")
    weight = rows_of_weights("weight", 1, mx.init.Zero())
    factors = rows_of_weights("factors", FACTORS, mx.init.Normal(0.1))
    bias = mx.sym.Variable("bias", shape=(1,))
    # All pairs at once: half of the square of the sum without the sum of the squares.
    of_sum = mx.sym.square(mx.sym.sparse.dot(row, factors))
    of_squares = mx.sym.sparse.dot(mx.sym.sparse.square(row), mx.sym.sparse.square(factors))
    pairs = 0.5 * mx.sym.sum(of_sum - of_squares, axis=1, keepdims=True)
    score = mx.sym.broadcast_add(mx.sym.sparse.dot(row, weight) + pairs, bias)
    return mx.sym.LogisticRegressionOutput(score, mx.sym.Variable("click"), name="probability")


def log_loss(probabilities, clicks):
    """Mean negative log likelihood."""
    likely = np.where(clicks > 0.5, probabilities, 1 - probabilities)
    return float(-np.log(np.maximum(likely, 1e-7)).mean())


def area_under_curve(scores, clicks):
    """Probability that a click has a higher score than a row without one."""
    ranks = np.empty(len(scores))
    ranks[scores.argsort()] = np.arange(1, len(scores) + 1)
    clicked = clicks > 0.5
    low = clicked.sum() * (clicked.sum() + 1) / 2
    return float((ranks[clicked].sum() - low) / (clicked.sum() * (~clicked).sum()))


def iterator(rows, clicks):
    """Batches; CSR data must be cut without a rest."""
    return mx.io.NDArrayIter(
        rows, {"click": clicks.reshape(-1, 1)}, BATCH, last_batch_handle="discard"
    )


def prepare(data):
    """A module that is bound, initialized, and has its optimizer."""
    module = mx.mod.Module(network(), label_names=["click"])
    module.bind(data.provide_data, data.provide_label)
    module.init_params()
    module.init_optimizer(optimizer="adagrad", optimizer_params={"learning_rate": 0.1})
    return module


def train(module, data, epochs):
    """Train; gives the `Progress` with its losses."""
    progress = shared.Progress(epochs, data.num_data // BATCH)
    for _ in range(epochs):
        data.reset()
        for batch in data:
            module.forward_backward(batch)
            module.update()
            probabilities = module.get_outputs()[0].asnumpy()
            progress.step(log_loss(probabilities, batch.label[0].asnumpy()))
        progress.epoch()
    return progress


def plot_curve(axes, scores, clicks):
    """Draw true positives by false positives."""
    clicked = clicks[scores.argsort()[::-1]] > 0.5
    axes.plot(np.cumsum(~clicked) / (~clicked).sum(), np.cumsum(clicked) / clicked.sum())
    axes.plot([0, 1], [0, 1], "k:", linewidth=0.8)
    axes.set(xlabel="share of the rest that is shown", ylabel="share of clicks that is found")


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=8, quick=1), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    rows, clicks = make_clicks(np.random.RandomState(read.seed), 24000)
    data = iterator(rows[:20000], clicks[:20000])
    test_data, test_clicks = iterator(rows[20000:], clicks[20000:]), clicks[20000:]
    module = prepare(data)
    progress = train(module, data, read.epochs)
    scores = module.predict(test_data).asnumpy()[:, 0]

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        plot_curve(axes[1], scores, test_clicks)

    shared.save_picture(read.out / "factorization_machine.png", draw, columns=2)
    area, goal = area_under_curve(scores, test_clicks), 0.75 if read.quick else 0.9
    return shared.finish(
        read, "factorization_machine", progress.losses, area, goal, "area under the ROC curve"
    )


if __name__ == "__main__":
    sys.exit(main())
