"""One executor or module in several threads ended the process or hung."""

import os
import subprocess
import sys

import pytest

SHARED = """
import threading
import numpy as np
import mxnet as mx
S = mx.sym
def run(work, threads):
    failures = []
    def guarded(k):
        try:
            work(k)
        except Exception as error:
            failures.append(error)
    all_threads = [threading.Thread(target=guarded, args=(k,)) for k in range(threads)]
    for thread in all_threads:
        thread.start()
    for thread in all_threads:
        thread.join()
    mx.nd.waitall()
    assert not failures, failures[:3]
"""

TRAIN = """
net = S.exp(S.FullyConnected(S.Variable("x"), num_hidden=64, name="f"))
executor = net.simple_bind(mx.cpu(), x=(64, 64))
def work(k):
    for _ in range(300):
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((64, 64))])
run(work, 4)
assert (executor.outputs[0].asnumpy() == 1).all()
"""

PREDICT = """
x = S.Convolution(S.Variable("data"), kernel=(3, 3), num_filter=8, name="c")
x = S.FullyConnected(S.Activation(x, act_type="relu"), num_hidden=10, name="f")
module = mx.mod.Module(S.softmax(x), label_names=None)
module.bind([("data", (1, 1, 28, 28))], for_training=False)
module.init_params(mx.init.Xavier())
random = np.random.RandomState(0)
batches = [random.normal(0, 1, (1, 1, 28, 28)).astype("f") for _ in range(16)]
def predict(batch):
    module.forward(mx.io.DataBatch([mx.nd.array(batch)]))
    return module.get_outputs()[0]
if WARM:
    predict(batches[0]).asnumpy()
answers = {}
def work(k):
    answers[k] = [predict(batches[(k + i) % 16]).asnumpy() for i in range(60)]
run(work, 16)
expected = [predict(batch).asnumpy() for batch in batches]
assert len({e.tobytes() for e in expected}) == 16
for k in range(16):
    for i in range(60):
        assert np.allclose(answers[k][i], expected[(k + i) % 16], atol=1e-5), (k, i)
"""

SHAPES = """
module = mx.mod.Module(S.sum(S.Variable("data") * 2, axis=1), label_names=None)
module.bind([("data", (1, 3))], for_training=False)
module.init_params()
def work(k):
    for i in range(100):
        rows = 1 + (k + i) % 3
        module.forward(mx.io.DataBatch([mx.nd.full((rows, 3), k)]))
        assert module.get_outputs()[0].asnumpy().tolist() == [6 * k] * rows
run(work, 8)
"""

PROGRAMS = {
    "train": TRAIN,
    "predict, cold": "WARM = False" + PREDICT,
    "predict, warm": "WARM = True" + PREDICT,
    "predict, shapes": SHAPES,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_threads(name):
    subprocess.run(
        [sys.executable, "-c", SHARED + PROGRAMS[name]],
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        timeout=240,
        check=True,
    )


def test_answers_stay():
    import mxnet as mx

    module = mx.mod.Module(mx.sym.Variable("data") * 2, label_names=None)
    module.bind([("data", (2,))], for_training=False)
    module.init_params()
    kept = []
    for value in range(4):
        module.forward(mx.io.DataBatch([mx.nd.full((2,), value)]))
        kept.append(module.get_outputs()[0])
    assert [array.asnumpy().tolist() for array in kept] == [[0, 0], [2, 2], [4, 4], [6, 6]]


def test_outputs_of_an_executor_are_the_same_arrays():
    import mxnet as mx

    executor = (mx.sym.Variable("x") * 2).simple_bind(mx.cpu(), x=(2,))
    output = executor.outputs[0]
    executor.forward(x=mx.nd.ones((2,)))
    answer = executor.answers()[0]
    executor.forward(x=mx.nd.ones((2,)) * 5)
    assert output.asnumpy().tolist() == [10, 10]
    assert answer.asnumpy().tolist() == [2, 2]
