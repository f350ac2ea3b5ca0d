"""Parameters: deferred initialization, devices, gradients, files, messages."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import gluon


def test_a_known_shape_is_initialized_at_once():
    parameter = gluon.Parameter("w", shape=(2, 3))
    parameter.initialize(init="ones")
    assert parameter.data().asnumpy().tolist() == [[1, 1, 1], [1, 1, 1]]
    assert parameter.grad().shape == (2, 3)
    assert parameter.list_ctx() == [mx.cpu(0)]


def test_an_unknown_shape_waits():
    parameter = gluon.Parameter("w", shape=(2, 0), allow_deferred_init=True)
    parameter.initialize(init="ones")
    with pytest.raises(gluon.DeferredInitializationError, match=r"w: shape=\(2, 0\)"):
        parameter.data()
    parameter.shape = (2, 3)
    parameter._finish_deferred_init()
    assert parameter.data().shape == (2, 3)
    with pytest.raises(AssertionError, match="does not fit"):
        parameter.shape = (2, 4)


def test_an_unknown_shape_is_refused_where_it_may_not_wait():
    with pytest.raises(ValueError, match=r"w: shape=\(0, 3\)"):
        gluon.Parameter("w", shape=(0, 3)).initialize()


def test_values_set_before_the_shape_is_known():
    parameter = gluon.Parameter("w", shape=(0,), allow_deferred_init=True)
    parameter.initialize()
    parameter.set_data(mx.nd.array([1, 2]))
    parameter._finish_deferred_init()
    assert parameter.data().asnumpy().tolist() == [1, 2]


@pytest.mark.parametrize("what", ["data", "grad", "list_data", "list_grad", "list_ctx"])
def test_uninitialized(what):
    with pytest.raises(RuntimeError, match="w: it has not been initialized"):
        getattr(gluon.Parameter("w", shape=(1,)), what)()


def test_several_devices():
    parameter = gluon.Parameter("w", shape=(2,))
    parameter.initialize(init="ones", ctx=[mx.cpu(1), mx.cpu(2)])
    assert [each.context for each in parameter.list_data()] == [mx.cpu(1), mx.cpu(2)]
    assert parameter.data(mx.cpu(2)).context == mx.cpu(2)
    with mx.cpu(1):
        assert parameter.data().context == mx.cpu(1)
    with pytest.raises(RuntimeError, match=r"ctx=cpu\(3\)"):
        parameter.data(mx.cpu(3))
    parameter.data(mx.cpu(1))[:] = 3
    parameter.reset_ctx(mx.cpu(0))
    assert parameter.list_ctx() == [mx.cpu(0)]
    assert parameter.data().asnumpy().tolist() == [2, 2]


def test_gradients_are_written_added_or_not_there():
    parameter = gluon.Parameter("w", shape=(2,), grad_req="add")
    parameter.initialize(init="ones")
    for _ in range(2):
        with mx.autograd.record():
            loss = (parameter.data() * 3).sum()
        loss.backward()
    assert parameter.grad().asnumpy().tolist() == [6, 6]
    parameter.zero_grad()
    assert parameter.grad().asnumpy().tolist() == [0, 0]
    parameter.grad_req = "null"
    with pytest.raises(RuntimeError, match="grad_req='null'"):
        parameter.grad()
    parameter.grad_req = "write"
    assert parameter.grad().shape == (2,)
    with pytest.raises(AssertionError, match="grad_req='sum'"):
        parameter.grad_req = "sum"


def test_cast_keeps_values_and_trains():
    parameter = gluon.Parameter("w", shape=(2,))
    parameter.initialize(init="ones")
    parameter.cast("float64")
    assert parameter.data().dtype == np.float64 and parameter.grad().dtype == np.float64
    with mx.autograd.record():
        loss = (parameter.data() ** 2).sum()
    loss.backward()
    assert parameter.grad().asnumpy().tolist() == [2, 2]


def test_its_variable_says_what_it_is():
    parameter = gluon.Parameter("w", shape=(2, 3), lr_mult=0.5, init="zeros", dtype="float16")
    attributes = parameter.var().list_attr()
    assert attributes["__shape__"] == "(2, 3)" and attributes["__lr_mult__"] == "0.5"
    assert attributes["__init__"] == "zeros" and attributes["__dtype__"] == "2"
    assert parameter.var() is parameter.var()


def test_constants():
    constant = gluon.Constant("c", [[1, 2], [3, 4]])
    constant.initialize(init=mx.init.One())
    assert constant.grad_req == "null"
    with pytest.warns(UserWarning, match="grad_req"):
        constant.grad_req = "write"
    assert repr(constant) == "Constant c (shape=(2, 2), dtype=<class 'numpy.float32'>)"
    constant = gluon.Constant("c", [5.0])
    constant.initialize()
    assert constant.data().asscalar() == 5


def test_get_finds_or_makes():
    group = gluon.ParameterDict("net_")
    weight = group.get("weight", shape=(2, 0), allow_deferred_init=True)
    assert weight.name == "net_weight"
    assert group.get("weight", shape=(2, 3)) is weight and weight.shape == (2, 3)
    with pytest.raises(AssertionError, match=r"shape=\(5, 3\)"):
        group.get("weight", shape=(5, 3))
    with pytest.raises(AssertionError, match="dtype=float16"):
        group.get("weight", dtype="float16")
    assert gluon.ParameterDict("net_", shared=group).get("weight") is weight
    assert group.get_constant("k", [1.0]) is group.get_constant("k")
    with pytest.raises(KeyError, match="net_z"):
        group.get_constant("z")
    assert repr(group).splitlines()[0] == "net_ ("


def test_update_refuses_two_of_one_name():
    one, other = gluon.ParameterDict(), gluon.ParameterDict()
    one.get("a", shape=(1,))
    other.get("a", shape=(1,))
    with pytest.raises(AssertionError, match="two different parameters named a"):
        one.update(other)
    one.update(one)


def test_all_at_once():
    group = gluon.ParameterDict()
    one, two = group.get("a", shape=(2,)), group.get("b", shape=(1,), init="zeros")
    group.initialize(mx.init.One())
    assert one.data().asnumpy().tolist() == [1, 1] and two.data().asscalar() == 0
    group.setattr("lr_mult", 0)
    assert one.lr_mult == two.lr_mult == 0
    group.reset_ctx([mx.cpu(0), mx.cpu(1)])
    assert group.list_ctx() == [mx.cpu(0), mx.cpu(1)]
    one.grad(mx.cpu(1))[:] = 3
    group.zero_grad()
    assert one.grad(mx.cpu(1)).asnumpy().tolist() == [0, 0]
    with pytest.warns(UserWarning, match="the values that are there stay"):
        group.initialize()


@pytest.fixture
def saved(tmp_path):
    group = gluon.ParameterDict("net_")
    group.get("a", shape=(2,))
    group.get("b", shape=(3,))
    group.initialize(mx.init.One())
    group.save(str(tmp_path / "whole.params"))
    group.save(str(tmp_path / "stripped.params"), strip_prefix="net_")
    return tmp_path


def fresh(shape=(2,), dtype="float32", names="ab"):
    group = gluon.ParameterDict("net_")
    for name, size in zip(names, (shape, (3,))):
        group.get(name, shape=size, dtype=dtype)
    return group


def test_files_with_and_without_prefix(saved):
    for name, prefix in (("whole", ""), ("stripped", "net_")):
        group = fresh()
        group.load(str(saved / f"{name}.params"), restore_prefix=prefix)
        assert group["net_a"].data().asnumpy().tolist() == [1, 1]
        assert group.list_ctx() == [mx.cpu(0)]
    with pytest.raises(ValueError, match="strip_prefix='other_'"):
        fresh().save("unused", strip_prefix="other_")


def test_files_that_do_not_fit(saved):
    whole = str(saved / "whole.params")
    with pytest.raises(AssertionError, match=r"net_a: the saved array has the shape \(2,\)"):
        fresh((4,)).load(whole)
    with pytest.raises(AssertionError, match="net_a: the saved array is of type float32"):
        fresh(dtype="float16").load(whole)
    with pytest.raises(AssertionError, match="'net_c' missing in file"):
        fresh(names="ac").load(whole)
    with pytest.raises(AssertionError, match="holds 'net_b'"):
        fresh(names="a").load(whole)
    group = fresh(names="a")
    group.load(whole, ignore_extra=True)
    assert group["net_a"].data().asnumpy().tolist() == [1, 1]


@pytest.mark.parametrize("source, dtype", [("current", np.float16), ("saved", np.float32)])
def test_files_of_another_type(saved, source, dtype):
    group = fresh(dtype="float16")
    group.load(str(saved / "whole.params"), cast_dtype=True, dtype_source=source)
    assert group["net_a"].data().dtype == dtype


def test_arrays_without_names_are_refused(tmp_path):
    mx.nd.save(str(tmp_path / "list.params"), [mx.nd.ones(2)])
    with pytest.raises(ValueError, match="without names"):
        fresh().load(str(tmp_path / "list.params"))
