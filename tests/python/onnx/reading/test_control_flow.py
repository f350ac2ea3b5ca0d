"""If, Loop and Scan whose conditions and data are only known when the network runs."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")


def run(text, **arrays):
    """Import a model written in ONNX's own text form, run it, and ONNX's reference beside it."""
    from onnx.reference import ReferenceEvaluator

    model = onnx.parser.parse_model('<ir_version: 8, opset_import: ["": 17]>\n' + text)
    symbol, args, auxs = onnx_mx.import_model(model)
    inputs = {
        name: mx.nd.array(array.reshape(array.shape or (1,)), dtype=array.dtype)
        for name, array in arrays.items()
    }
    executor = symbol.bind(mx.cpu(), {**args, **inputs}, grad_req="null", aux_states=auxs)
    found = [out.asnumpy() for out in executor.forward()]
    expected = ReferenceEvaluator(model).run(None, arrays)
    for a, b in zip(found, expected):
        np.testing.assert_allclose(a.reshape(b.shape), b, rtol=1e-5)
    return symbol, expected


BRANCH = """
g (float[3] x) => (float[3] y) {
    zero = Constant <value = float {0}> ()
    total = ReduceSum <keepdims = 0> (x)
    positive = Greater (total, zero)
    y = If (positive) <
        then_branch = t () => (float[3] a) { a = Mul (x, x) },
        else_branch = e () => (float[3] b) { b = Neg (x) }
    >
}
"""


@pytest.mark.parametrize("sign", [1, -1])
def test_if(sign):
    run(BRANCH, x=np.array([1, 2, 3], np.float32) * sign)


LOOP = """
g (float[1] x) => (float[1] last, float[k, 1] rows) {
    most = Constant <value = int64 {20}> ()
    yes = Constant <value = bool {1}> ()
    last, rows = Loop (most, yes, x) <
        body = b (int64 i, bool c, float[1] a) => (bool go, float[1] next, float[1] row) {
            limit = Constant <value = float {100}> ()
            next = Add (a, a)
            row = Identity (a)
            s = ReduceMax <keepdims = 0> (next)
            go = Less (s, limit)
        }
    >
}
"""


@pytest.mark.parametrize("start", [1, 3, 200])
def test_loop_that_ends_by_its_data(start):
    _, (last, rows) = run(LOOP, x=np.array([start], np.float32))
    assert last[0] >= 100 and len(rows) in (1, 6, 7)


def test_loop_with_a_known_number_of_steps():
    """Slices move with the number of the step, which is a constant in each."""
    text = """
    g (float[4, 2] x) => (float[2] total, float[4, 2] sums) {
        count = Constant <value = int64 {4}> ()
        yes = Constant <value = bool {1}> ()
        start = Constant <value = float[2] {0, 0}> ()
        total, sums = Loop (count, yes, start) <
            body = b (int64 i, bool c, float[2] a) => (bool c2, float[2] next, float[2] row) {
                c2 = Identity (c)
                part = Gather <axis = 0> (x, i)
                next = Add (a, part)
                row = Identity (next)
            }
        >
    }
    """
    run(text, x=np.arange(8, dtype=np.float32).reshape(4, 2))


def test_scan_is_one_operator():
    text = """
    g (float[2] start, float[9, 2] x) => (float[2] last, float[9, 2] sums) {
        last, sums = Scan <num_scan_inputs = 1,
            body = b (float[2] a, float[2] row) => (float[2] next, float[2] out) {
                next = Add (a, row)
                out = Mul (next, row)
            }
        > (start, x)
    }
    """
    x = np.arange(18, dtype=np.float32).reshape(9, 2)
    symbol, _ = run(text, start=np.ones(2, np.float32), x=x)
    assert symbol.tojson().count('"_foreach"') == 1


def test_scan_backwards_of_numbers_with_an_input_that_nobody_reads():
    """ONNX's reference does not go backwards, so that the numbers stand here."""
    text = """<ir_version: 8, opset_import: ["": 17]>
    g (float start, float[5] x, float[5] z) => (float last, float[5] sums) {
        last, sums = Scan <num_scan_inputs = 2, scan_input_directions = [1, 0],
            body = b (float a, float row, float other) => (float next, float out) {
                next = Add (a, row)
                out = Identity (next)
            }
        > (start, x, z)
    }
    """
    symbol, _, _ = onnx_mx.import_model(onnx.parser.parse_model(text))
    x = mx.nd.array([0, 1, 2, 3, 4])
    arrays = {"start": mx.nd.array([1]), "x": x, "z": x}
    last, sums = symbol.bind(mx.cpu(), arrays, grad_req="null").forward()
    assert last.asscalar() == 11
    np.testing.assert_array_equal(sums.asnumpy(), [5, 8, 10, 11, 11])


def test_loop_without_steps():
    text = """
    g (float[2] x) => (float[2] y) {
        none = Constant <value = int64 {0}> ()
        yes = Constant <value = bool {1}> ()
        y = Loop (none, yes, x) <
            body = b (int64 i, bool c, float[2] a) => (bool c2, float[2] next) {
                c2 = Identity (c)
                next = Add (a, a)
            }
        >
    }
    """
    run(text, x=np.ones(2, np.float32))


LONG = """
g (float[2] x) => (float[2] last, float[k, 2] rows) {
    most = Constant <value = int64 {1000}> ()
    yes = Constant <value = bool {1}> ()
    last, rows = Loop (most, yes, x) <
        body = b (int64 i, bool c, float[2] a) => (bool go, float[2] next, float[2] row) {
            half = Constant <value = float {0.5}> ()
            number = Cast <to = 1> (i)
            part = Mul (a, half)
            next = Add (part, number)
            row = Identity (a)
            go = Identity (c)
        }
    >
}
"""


def test_loop_of_many_known_steps():
    """It is one operator over the numbers of its steps."""
    symbol, _ = run(LONG, x=np.array([1, -1], np.float32))
    assert symbol.tojson().count('"op": "_foreach"') == 1


ENDLESS = """
g (float[1] x) => (float[1] last) {
    yes = Constant <value = bool {1}> ()
    last = Loop (, yes, x) <
        body = b (int64 i, bool c, float[1] a) => (bool go, float[1] next) {
            limit = Constant <value = float {1000}> ()
            next = Add (a, a)
            s = ReduceMax <keepdims = 0> (next)
            go = Less (s, limit)
        }
    >
}
"""


@pytest.mark.parametrize("start", [1, 3, 2000])
def test_loop_without_a_limit(start):
    run(ENDLESS, x=np.array([start], np.float32))


LATE = """
g (float[1] x) => (float[1] last, float[k, 1] rows) {
    most = Constant <value = int64 {9}> ()
    yes = Constant <value = bool {1}> ()
    last, rows = Loop (most, yes, x) <
        body = b (int64 i, bool c, float[1] a) => (bool go, float[1] next, float[1] row) {
            three = Constant <value = int64 {3}> ()
            next = Add (a, a)
            row = Identity (a)
            go = Less (i, three)
        }
    >
}
"""


def test_loop_that_ends_by_its_step():
    """The condition follows from the number of the step, so that rows are known."""
    _, expected = run(LATE, x=np.array([1], np.float32))
    assert len(expected[1]) == 4
