"""Many threads, many shapes: one cached operator serves them, and keeps nothing."""

import resource
import subprocess
import sys
import threading

import numpy as np

import mxnet as mx
from mxnet import autograd, nd


def layer():
    data = mx.sym.var("data")
    hidden = mx.sym.FullyConnected(data, num_hidden=8, name="a")
    hidden = mx.sym.BatchNorm(hidden, fix_gamma=False, name="bn")
    return mx.sym.FullyConnected(mx.sym.tanh(hidden), num_hidden=2, name="b")


def parameters(symbol):
    rng = np.random.RandomState(1)
    args, _, aux = symbol.infer_shape(data=(2, 4))
    shapes = dict(zip(symbol.list_arguments(), args))
    shapes.update(zip(symbol.list_auxiliary_states(), aux))
    return {name: nd.array(rng.rand(*shapes[name]) + 0.1) for name in symbol.list_inputs()}


def call(op, names, values, x):
    return op(*[x if name == "data" else values[name] for name in names])


def test_threads_predict_and_train_with_one_operator():
    symbol = layer()
    names, values = symbol.list_inputs(), parameters(symbol)
    op = mx.nd.CachedOp(symbol)
    xs = [nd.array(np.random.RandomState(i).rand(1 + i % 3, 4)) for i in range(16)]

    def gradient(i):
        x = xs[i].copy()
        x.attach_grad()
        with autograd.record(train_mode=False):
            y = call(op, names, values, x)
        y.backward(train_mode=False)
        return x.grad.asnumpy()

    expected = [(call(op, names, values, xs[i]).asnumpy(), gradient(i)) for i in range(16)]
    op = mx.nd.CachedOp(symbol)  # compiled by the threads
    wrong = []

    def work(i):
        try:
            for _ in range(25):
                np.testing.assert_array_equal(
                    call(op, names, values, xs[i]).asnumpy(), expected[i][0]
                )
                np.testing.assert_array_equal(gradient(i), expected[i][1])
        except Exception as error:  # pylint: disable=broad-except
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong, wrong[0]


def test_threads_with_parameters_of_their_own():
    """What is packed for one thread's parameters never reaches another's run."""
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=64, no_bias=True, name="a")
    op = mx.nd.CachedOp(symbol)
    x, wrong = nd.ones((4, 64)), []

    def work(i):
        for step in range(50):
            weight = nd.full((64, 64), i + step)
            if op(x, weight).asnumpy().ravel()[0] != 64 * (i + step):
                wrong.append((i, step))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong


def test_changing_shapes_keep_no_memory():
    symbol = layer()
    names, values = symbol.list_inputs(), parameters(symbol)
    values["a_weight"].attach_grad()
    op = mx.nd.CachedOp(symbol)
    xs = [nd.ones((1 + i, 4)) for i in range(12)]

    def run(calls):
        for i in range(calls):
            x = xs[i % len(xs)] if i % 100 == 0 else xs[i % 6]
            if i % 3:
                call(op, names, values, x)
            else:
                with autograd.record():
                    y = call(op, names, values, x)
                y.backward()
        nd.waitall()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = run(1000)
    assert run(10000) - before < 8 << 10  # KiB


def test_fork_after_calls():
    code = (
        "import os, sys, mxnet as mx\n"
        "dense = mx.sym.FullyConnected(mx.sym.var('x'), num_hidden=512, no_bias=True)\n"
        "op = mx.nd.CachedOp(dense)\n"
        "x, w = mx.nd.ones((256, 512)), mx.nd.ones((512, 512))\n"
        "w.attach_grad()\n"
        "with mx.autograd.record(): y = op(x, w)\n"
        "pid = os.fork()\n"
        "y.backward(); ok = w.grad.asnumpy()[0, 0] == 256 and op(x, w).asnumpy()[0, 0] == 512\n"
        "if pid == 0: os._exit(0 if ok else 1)\n"
        "status = os.waitpid(pid, 0)[1]\n"
        "print('fine' if ok and status == 0 else 'wrong')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "fine", done.stderr
