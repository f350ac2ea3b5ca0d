"""Many predictions, in many threads and in processes: same answers, one set of weights, no leak."""

import gc
import multiprocessing
import os
import threading

import numpy as np
import pytest

import mxnet as mx

MEGABYTE = 2**20
THREADS = 4


def resident():
    """Bytes of memory that this process holds."""
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def convolution_net():
    """A small network with a convolution, batch norm, pooling and a dense layer."""
    x = mx.sym.Variable("data")
    x = mx.sym.Convolution(x, kernel=(3, 3), num_filter=16, pad=(1, 1), name="conv")
    x = mx.sym.BatchNorm(x, fix_gamma=False, name="norm")
    x = mx.sym.Activation(x, act_type="relu", name="relu")
    x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max", name="pool")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=10, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def dense_net(hidden, classes=10):
    """Two dense layers."""
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=hidden, name="fc1")
    x = mx.sym.Activation(x, act_type="relu", name="relu")
    return mx.sym.softmax(mx.sym.FullyConnected(x, num_hidden=classes, name="fc2"), name="prob")


def make_module(symbol, shape, shared=None):
    """The network bound for prediction, with seeded parameters or with those of `shared`."""
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", shape)], for_training=False, shared_module=shared)
    if shared is None:
        state = np.random.RandomState(3)
        arg_shapes, _, aux_shapes = symbol.infer_shape(data=shape)

        def values(names, shapes):
            return {
                name: mx.nd.array(np.abs(state.randn(*found)) / 10)
                for name, found in zip(names, shapes)
                if name != "data" and not name.endswith("label")
            }

        module.set_params(
            values(symbol.list_arguments(), arg_shapes),
            values(symbol.list_auxiliary_states(), aux_shapes),
        )
    return module


def predict(module, rows):
    """Outputs for a NumPy batch."""
    module.forward(mx.io.DataBatch([mx.nd.array(rows)]), is_train=False)
    return module.get_outputs()[0].asnumpy()


def run_threads(work):
    """Runs ``work(number)`` in several threads at once; raises the first error of a thread."""
    errors, start = [], threading.Barrier(THREADS)

    def body(number):
        try:
            start.wait(60)
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=body, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]


def test_threads_predict_with_one_set_of_weights():
    """Each thread has a module of its own that shares the parameters of the first."""
    symbol = convolution_net()
    base = make_module(symbol, (4, 3, 16, 16))
    batches = np.random.RandomState(0).uniform(-1, 1, (8, 4, 3, 16, 16)).astype("float32")
    expected = [predict(base, rows) for rows in batches]
    modules = [make_module(symbol, (4, 3, 16, 16), shared=base) for _ in range(THREADS)]
    own = base._exec_group.execs[0].arg_dict["conv_weight"]
    for module in modules:
        assert module._exec_group.execs[0].arg_dict["conv_weight"] is own

    def work(number):
        for step in range(100):
            which = (step * 3 + number) % len(batches)
            found = predict(modules[number], batches[which])
            np.testing.assert_allclose(found, expected[which], rtol=1e-5, atol=1e-7)

    run_threads(work)


def test_threads_load_and_bind_on_their_own(tmp_path):
    """Loading, binding and predicting at the same time in all threads."""
    symbol = convolution_net()
    base = make_module(symbol, (2, 3, 8, 8))
    base.save_checkpoint(str(tmp_path / "net"), 1)
    rows = np.random.RandomState(0).uniform(-1, 1, (2, 3, 8, 8)).astype("float32")
    expected = predict(base, rows)

    def work(number):
        for _ in range(5):
            loaded, args, auxs = mx.model.load_checkpoint(str(tmp_path / "net"), 1)
            module = mx.mod.Module(loaded, label_names=None)
            module.bind([("data", rows.shape)], for_training=False)
            module.set_params(args, auxs)
            np.testing.assert_allclose(predict(module, rows), expected, rtol=1e-5)

    run_threads(work)


def test_threads_share_the_memory_of_the_weights():
    """Four modules on 64 MB of weights take far less than four times as much."""
    symbol = dense_net(4096)
    base = make_module(symbol, (1, 4096))
    rows = np.random.RandomState(0).uniform(-1, 1, (1, 4096)).astype("float32")
    expected = predict(base, rows)
    gc.collect()
    before = resident()
    modules = [make_module(symbol, (1, 4096), shared=base) for _ in range(THREADS)]

    def work(number):
        for _ in range(5):
            np.testing.assert_allclose(predict(modules[number], rows), expected, rtol=1e-5)

    run_threads(work)
    assert resident() - before < 64 * MEGABYTE


def test_threads_record_gradients_of_their_own():
    """The tape and `autograd.record` belong to a thread."""

    def work(number):
        x = mx.nd.array([1.0, 2.0]) + number
        x.attach_grad()
        for _ in range(200):
            with mx.autograd.record():
                y = x * x
            assert not mx.autograd.is_recording()
            y.backward()
            np.testing.assert_allclose(x.grad.asnumpy(), 2 * x.asnumpy())

    run_threads(work)


def test_memory_stays_when_batch_sizes_change():
    """10,000 predictions; the batch size changes after every fifth."""
    module = make_module(dense_net(64), (1, 32))
    state = np.random.RandomState(0)
    sizes = state.randint(1, 33, 2000)
    rows = state.uniform(-1, 1, (32, 32)).astype("float32")
    expected = predict(module, rows)

    def run(sizes):
        for size in sizes:
            batch = mx.io.DataBatch([mx.nd.array(rows[:size])])
            for _ in range(5):
                module.forward(batch, is_train=False)
                found = module.get_outputs()[0].asnumpy()
            np.testing.assert_allclose(found, expected[:size], rtol=1e-4, atol=1e-6)

    run(sizes[:300])
    gc.collect()
    before = resident()
    run(sizes[300:])
    gc.collect()
    assert resident() - before < 8 * MEGABYTE


def test_memory_stays_with_a_convolution():
    """Layouts, primitives and workspaces are reused too."""
    module = make_module(convolution_net(), (1, 3, 16, 16))
    rows = np.random.RandomState(0).uniform(-1, 1, (8, 3, 16, 16)).astype("float32")

    def run(count):
        for step in range(count):
            assert np.isfinite(predict(module, rows[: 1 + step % 8])).all()

    run(32)
    gc.collect()
    before = resident()
    run(96)
    gc.collect()
    assert resident() - before < 8 * MEGABYTE


def _predict_in_child(module, rows, queue):
    queue.put(predict(module, rows))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forked_processes_predict():
    """A child made by fork after predictions goes on from the module of its parent."""
    module = make_module(convolution_net(), (16, 3, 32, 32))
    rows = np.random.RandomState(0).uniform(-1, 1, (16, 3, 32, 32)).astype("float32")
    expected = predict(module, rows)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [
        context.Process(target=_predict_in_child, args=(module, rows, queue)) for _ in range(2)
    ]
    for child in children:
        child.start()
    try:
        for _ in children:
            np.testing.assert_allclose(queue.get(timeout=60), expected, rtol=1e-5)
    finally:
        for child in children:
            child.join(10)
            child.kill()
    np.testing.assert_allclose(predict(module, rows), expected, rtol=1e-5)
