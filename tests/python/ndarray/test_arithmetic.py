"""Operators of arrays and symbols by names that only old programs use."""

import mxnet as mx


def test_division_as_python_2_called_it():
    array, symbol = mx.nd.array([1.0, 4.0]), mx.sym.Variable("x")
    assert (array.__div__(2).asnumpy() == [0.5, 2]).all()
    assert (array.__rdiv__(2).asnumpy() == [2, 0.5]).all()
    assert array.__idiv__(2) is array and (array.asnumpy() == [0.5, 2]).all()
    (value,) = symbol.__rdiv__(1).eval(x=array)
    assert (value.asnumpy() == [2, 0.5]).all()
