"""mx.autograd.detect_anomaly and MXNET_CHECK_NAN: who makes NaN or Inf first."""

import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

SIZES = [(2,), (400, 400)]  # in the caller's thread, and queued


@pytest.mark.parametrize("shape", SIZES)
def test_eager(shape):
    x = mx.nd.zeros(shape)
    with pytest.raises(ValueError, match=r"log: output 0 holds Inf.*test_detect_anomaly.py:\d+"):
        with mx.autograd.detect_anomaly():
            y = mx.nd.log(x)
            z = y * 2  # is skipped, and not blamed
            z.asnumpy()
    np.testing.assert_array_equal(mx.nd.log(x).asnumpy(), np.full(shape, -np.inf))


def test_the_line_is_the_one_that_called():
    with pytest.raises(ValueError) as failure, mx.autograd.detect_anomaly():
        line = sys._getframe().f_lineno + 1
        mx.nd.sqrt(mx.nd.full((400, 400), -1))
        mx.nd.waitall()
    assert f"{__file__}:{line}, in test_the_line_is_the_one_that_called" in str(failure.value)
    assert "sqrt: output 0 holds NaN" in str(failure.value)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_was_not_finite_before_is_nobodys_fault(dtype):
    x = mx.nd.array([np.nan, np.inf], dtype=dtype)
    with mx.autograd.detect_anomaly():
        (x * 2 + 1).wait_to_read()
        mx.nd.full((2,), np.inf).wait_to_read()
        with pytest.raises(ValueError, match="_div_scalar|elemwise_div|broadcast_div|_rdiv_scalar"):
            (1 / mx.nd.zeros((2,), dtype=dtype)).asnumpy()


@pytest.mark.parametrize("shape", SIZES)
def test_backward_names_the_line_of_the_forward_pass(shape):
    x = mx.nd.zeros(shape)
    x.attach_grad()
    with pytest.raises(ValueError) as failure, mx.autograd.detect_anomaly():
        with mx.autograd.record():
            line = sys._getframe().f_lineno + 1
            y = mx.nd.sqrt(x)
            z = y + 1
        z.backward()
        x.grad.asnumpy()
    assert f"{__file__}:{line}," in str(failure.value)


@pytest.mark.parametrize("is_train", [False, True])
@pytest.mark.parametrize("shape", SIZES)
def test_executor_names_the_node(shape, is_train):
    x = mx.sym.var("x")
    net = mx.sym.exp(mx.sym.log(x + 0, name="culprit"), name="victim")
    with mx.autograd.detect_anomaly():
        executor = net.simple_bind(mx.cpu(), x=shape)
        executor.forward(is_train=is_train, x=mx.nd.ones(shape))
        executor.outputs[0].wait_to_read()
    with pytest.raises(ValueError, match=r"log: .*in node culprit.*called at .*anomaly.py"):
        with mx.autograd.detect_anomaly():
            executor.forward(is_train=is_train, x=mx.nd.zeros(shape))
            executor.outputs[0].asnumpy()


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("dynamic", [False, True])
def test_backward_of_an_executor_names_the_node(shape, dynamic):
    net = mx.sym.sqrt(mx.sym.var("x"), name="culprit")
    if dynamic:  # runs node by node
        net = mx.sym.contrib.boolean_mask(net, mx.sym.var("mask"))
    with mx.autograd.detect_anomaly():
        executor = net.simple_bind(mx.cpu(), x=shape, **({"mask": shape[:1]} if dynamic else {}))
        executor.forward(
            is_train=True,
            x=mx.nd.zeros(shape),
            **({"mask": mx.nd.ones(shape[:1])} if dynamic else {}),
        )
    with pytest.raises(ValueError, match="Inf|NaN") as failure, mx.autograd.detect_anomaly():
        executor.backward([mx.nd.ones(shape)])
        executor.grad_dict["x"].asnumpy()
    assert dynamic or "in node culprit_backward" in str(failure.value)


def test_nodes_that_run_one_by_one():
    x, mask = mx.sym.var("x"), mx.sym.var("mask")
    net = mx.sym.contrib.boolean_mask(mx.sym.log(x, name="culprit"), mask)
    with pytest.raises(ValueError, match="in node culprit"), mx.autograd.detect_anomaly():
        executor = net.simple_bind(mx.cpu(), x=(400, 400), mask=(400,), grad_req="null")
        executor.forward(x=mx.nd.zeros((400, 400)), mask=mx.nd.ones((400,)))


@pytest.mark.parametrize("record", [False, True])
def test_cached_operator_names_the_node(record):
    x = mx.sym.var("x")
    op = mx.nd.CachedOp(mx.sym.exp(mx.sym.log(x + 0, name="culprit"), name="victim"))
    data = mx.nd.zeros((400, 400))
    data.attach_grad()
    with pytest.raises(ValueError, match="in node culprit"), mx.autograd.detect_anomaly():
        if record:
            with mx.autograd.record():
                op(data).asnumpy()
        else:
            op(data).asnumpy()


def test_sparse_kernels():
    matrix = mx.nd.array([[0, 1e30], [1, 0]]).tostype("csr")
    with mx.autograd.detect_anomaly():
        mx.nd.dot(matrix, mx.nd.ones((2, 2))).wait_to_read()
    with pytest.raises(ValueError, match=r"dot: output 0 holds Inf.*test_detect_anomaly.py:\d+"):
        with mx.autograd.detect_anomaly():
            mx.nd.dot(matrix, mx.nd.full((2, 2), 1e30))


def test_the_end_of_the_block_raises():
    with pytest.raises(ValueError, match="log: output 0"):
        with mx.autograd.detect_anomaly():
            y = mx.nd.log(mx.nd.zeros((400, 400)))
    with pytest.raises(ValueError, match="log: output 0"):
        y.asnumpy()


def test_from_the_environment():
    program = """
import mxnet as mx
try:
    mx.nd.log(mx.nd.zeros((2,))).asnumpy()
except ValueError as error:
    assert "log: output 0 holds Inf" in str(error) and "<string>:4" in str(error), error
    print("named")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "MXNET_CHECK_NAN": "1"},
    )
    assert done.stdout == "named\n", done.stderr
