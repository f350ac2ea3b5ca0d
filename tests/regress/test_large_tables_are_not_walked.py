"""A step that touches a few rows of a large table read, wrote or copied all of it.

Nothing is timed: memory that a step allocates is counted, and pages that it touches, as the kernel
of Linux counts them. The table has 16 million numbers (64 MB), of which a step touches 4 rows.
"""

import gc
import pathlib

import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd

ROWS, WIDTH = 1 << 21, 8
TABLE = ROWS * WIDTH * 4
PICKED = [3, 0, 1, 2]
CLEAR = pathlib.Path("/proc/self/clear_refs")


def touched_bytes():
    """Bytes in pages that were used since the last call, or None where that cannot be told."""
    try:
        lines = pathlib.Path("/proc/self/smaps").read_text().splitlines()
        CLEAR.write_text("1")
    except OSError:
        return None
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Referenced:"))


@pytest.fixture(autouse=True)
def no_collection():
    """A collection of garbage touches what all tests before have left."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def observed(step):
    """Bytes that a step allocates at its peak, and bytes in pages that it touches."""
    mx.context.reset_memory_stats()
    before = mx.context.memory_stats()["bytes_in_use"]
    touched_bytes()
    step()
    nd.waitall()
    touched = touched_bytes()
    return mx.context.memory_stats()["peak_bytes_in_use"] - before, touched


def check(step):
    """Runs a step to settle states and copies, then again under observation."""
    for _ in range(2):
        step()
    nd.waitall()
    # A walk over the table shows each time; other threads and huge pages add to a single count.
    allocated, touched = zip(*(observed(step) for _ in range(5)))
    assert min(allocated) < TABLE / 16, f"{allocated} bytes were allocated"
    if None not in touched:
        # Python and the libraries have pages of their own; a table is as large as all of them.
        idle = idle_bytes()
        assert min(touched) < idle + TABLE * 3 / 4, f"{touched} bytes, {idle} by a small step"


def idle_bytes():
    """What a small step touches."""
    touched_bytes()
    weight = nd.ones((8, WIDTH))
    weight.attach_grad(stype="row_sparse")
    with autograd.record():
        loss = nd.Embedding(
            nd.array(PICKED), weight, input_dim=8, output_dim=WIDTH, sparse_grad=True
        ).sum()
    loss.backward()
    nd.waitall()
    return touched_bytes()


def adam(weight, states):
    nd.sparse.adam_update(weight, weight.grad, *states, lr=0.1, out=weight)


@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_embedding_with_autograd(stype):
    weight = nd.ones((ROWS, WIDTH)).tostype(stype)
    weight.attach_grad(stype="row_sparse")
    states = [nd.zeros((ROWS, WIDTH), stype=stype) for _ in range(2)]

    def step():
        with autograd.record():
            rows = nd.Embedding(
                nd.array(PICKED), weight, input_dim=ROWS, output_dim=WIDTH, sparse_grad=True
            )
            loss = (rows * rows).sum()
        loss.backward()
        adam(weight, states)

    check(step)
    assert weight.grad.indices.asnumpy().tolist() == [0, 1, 2, 3]
    kept = nd.sparse.retain(weight, nd.array([2, 4])).data.asnumpy()
    assert (kept[0] < 1).all() and (kept[1] == 1).all()


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("optimizer", ["adam", "sgd", "adagrad"])
def test_gluon_embedding(hybridize, optimizer):
    net = gluon.nn.Embedding(ROWS, WIDTH, sparse_grad=True)
    net.initialize(mx.init.One())
    if hybridize:
        net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": 0.1})

    def step():
        with autograd.record():
            loss = net(nd.array(PICKED)).sum()
        loss.backward()
        trainer.step(1)

    check(step)
    weight = net.weight.data()
    assert (weight[2].asnumpy() < 1).all() and (weight[4].asnumpy() == 1).all()


def test_row_sparse_parameters_of_gluon():
    weight = gluon.Parameter("w", shape=(ROWS, WIDTH), stype="row_sparse", grad_stype="row_sparse")
    weight.initialize(mx.init.One())
    trainer = gluon.Trainer([weight], "adam", {"learning_rate": 0.1}, kvstore="local")
    picked = nd.array(PICKED)

    def step():
        rows = weight.row_sparse_data(picked)
        with autograd.record():
            loss = nd.Embedding(
                picked, rows, input_dim=ROWS, output_dim=WIDTH, sparse_grad=True
            ).sum()
        loss.backward()
        trainer.step(1)

    check(step)
    assert (weight.row_sparse_data(nd.array([2, 4])).data.asnumpy()[0] < 1).all()


def factorization_machine():
    """Scores of CSR rows, with row-sparse weights."""
    data = mx.sym.Variable("data", stype="csr")
    factors = mx.sym.Variable("v", shape=(ROWS, WIDTH), stype="row_sparse", init=mx.init.One())
    linear = mx.sym.Variable("w", shape=(ROWS, 1), stype="row_sparse", init=mx.init.One())
    crossed = mx.sym.sparse.dot(data, factors)
    squares = mx.sym.sparse.dot(
        mx.sym.sparse.square(data), mx.sym._internal._square_sum(factors, axis=1, keepdims=True)
    )
    pairs = mx.sym.sum(crossed * crossed, axis=1, keepdims=True) - squares
    score = mx.sym.sparse.dot(data, linear) + 0.5 * pairs
    return mx.sym.LinearRegressionOutput(score, mx.sym.Variable("label"))


def linear_model():
    """Scores of CSR rows that take no sum over a whole table."""
    data = mx.sym.Variable("data", stype="csr")
    factors = mx.sym.Variable("v", shape=(ROWS, WIDTH), stype="row_sparse", init=mx.init.One())
    score = mx.sym.sum(mx.sym.sparse.dot(data, factors), axis=1, keepdims=True)
    return mx.sym.LinearRegressionOutput(score, mx.sym.Variable("label"))


@pytest.mark.parametrize(
    ("make_symbol", "store"),
    [(linear_model, None), (linear_model, "object"), (factorization_machine, "object")],
)
def test_module(make_symbol, store):
    module = mx.mod.Module(make_symbol(), label_names=["label"])
    module.bind([mx.io.DataDesc("data", (2, ROWS))], [mx.io.DataDesc("label", (2, 1))])
    module.init_params()
    keeps = mx.kv.create("local") if store else None
    module.init_optimizer(keeps, "adam", {"learning_rate": 0.1})
    data = nd.sparse.csr_matrix(([1.0, 1, 1, 1], PICKED, [0, 2, 4]), shape=(2, ROWS))
    batch = mx.io.DataBatch([data], [nd.zeros((2, 1))])
    rows = {name: nd.array(PICKED) for name in module.get_params()[0]}

    def step():
        module.prepare(batch, sparse_row_id_fn=lambda batch: rows)
        module.forward_backward(batch)
        module.update()

    check(step)
    factors = module.get_params()[0]["v"]
    kept = factors.retain(nd.array([2, 4])).data.asnumpy()
    assert (kept[0] < 1).all() and (kept[1] == 1).all()
    batches = mx.io.NDArrayIter(data, nd.zeros((2, 1)), 2, last_batch_handle="discard")
    assert module.predict(batches).shape == (2, 1)
