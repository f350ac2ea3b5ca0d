"""The last variables of while_loop came as what its function returned: for symbols one instead of
a list, for arrays a list instead of one."""

import pytest

import mxnet as mx

FUNCTIONS = [
    lambda i: (i * 2, i + 1),
    lambda i: (i * 2, [i + 1]),
    lambda i: ([i * 2], i + 1),
    lambda i: ([i * 2], [i + 1]),
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("loop, start", [(mx.nd, mx.nd.zeros(1)), (mx.sym, mx.sym.var("x"))])
def test_variables_in_the_form_they_were_given_in(loop, start, function):
    def run(variables):
        return loop.contrib.while_loop(lambda i: i < 3, function, variables, 4)[1]

    assert type(run(start)) is type(start)
    (last,) = run([start])
    assert type(last) is type(start)
    result = last if loop is mx.nd else last.eval(x=mx.nd.zeros(1))[0]
    assert result.asnumpy().tolist() == [3]


def test_a_loop_without_a_step():
    last = mx.nd.contrib.while_loop(lambda i: i < 0, FUNCTIONS[0], mx.nd.zeros(1), 4)[1]
    assert last.asnumpy().tolist() == [0]
