"""Blocks: names, children, hooks, files, graphs, messages."""

import copy
import pickle
import warnings

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

X = mx.nd.array(np.arange(6).reshape(2, 3) / 10)


class Net(gluon.HybridBlock):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.first = nn.Dense(4, activation="relu")
            self.second = nn.Dense(2)
            self.factor = self.params.get("factor", shape=(1,), init="ones")

    def hybrid_forward(self, F, x, factor):
        return F.broadcast_mul(self.second(self.first(x)), factor)


class Nested(gluon.HybridBlock):
    def hybrid_forward(self, F, x, rest, extra=None):
        if extra is not None:
            return x + extra
        if isinstance(rest, dict):
            return {"sum": x + rest["y"], "y": [rest["y"]]}
        return [x + rest[0], (rest[1] * 2, None)]


def made(**kwargs):
    net = Net(**kwargs)
    net.initialize(mx.init.Xavier())
    return net


@pytest.fixture(autouse=True)
def names_from_zero():
    with mx.name.NameManager():
        yield


def test_names_follow_from_scopes():
    net = Net()
    assert (net.name, net.prefix) == ("net0", "net0_")
    assert list(net.collect_params()) == [
        "net0_factor",
        "net0_dense0_weight",
        "net0_dense0_bias",
        "net0_dense1_weight",
        "net0_dense1_bias",
    ]
    assert Net(prefix="a_").first.name == "a_dense0"
    assert nn.Dense(2).name == "dense0" and nn.Dense(2, prefix="").prefix == ""
    assert list(net.collect_params(".*bias")) == ["net0_dense0_bias", "net0_dense1_bias"]


def test_it_prints_its_children():
    assert repr(Net()) == (
        "Net(\n  (first): Dense(None -> 4, Activation(relu))\n"
        "  (second): Dense(None -> 2, linear)\n)"
    )


def test_sharing_by_name():
    one = Net(prefix="a_")
    other = Net(params=one.collect_params())
    assert other.first.weight is one.first.weight
    one.initialize()
    np.testing.assert_array_equal(one(X).asnumpy(), other(X).asnumpy())


def test_sharing_by_place():
    one, other = made(), made()
    shared = one._collect_params_with_prefix()
    assert other.share_parameters(shared) is other
    assert other.second.weight is one.second.weight
    np.testing.assert_array_equal(one(X).asnumpy(), other(X).asnumpy())


def test_attributes_keep_their_kind():
    net = Net()
    with pytest.raises(TypeError, match="attribute first=3"):
        net.first = 3
    with pytest.raises(AssertionError, match="attribute factor"):
        net.factor = gluon.Parameter("other", shape=(1,))
    with pytest.raises(ValueError, match="of type Sequential"):
        net.third = nn.Sequential()


def test_hidden_blocks_are_warned_of():
    class Hidden(gluon.Block):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Dense(2)]

    with pytest.warns(UserWarning, match="Hidden: attribute layers holds blocks"):
        Hidden().collect_params()


def test_hooks():
    net, seen = made(), []
    before = net.register_forward_pre_hook(lambda block, inputs: seen.append(len(inputs)))
    with net.register_forward_hook(lambda block, inputs, out: seen.append(out.shape)):
        net(X)
    before.detach()
    net(X)
    assert seen == [1, (2, 2)]


def test_apply_goes_from_inside_out():
    names = []
    assert isinstance(Net().apply(lambda block: names.append(block.name)), Net)
    assert names == ["net0_dense0_relu", "net0_dense0", "net0_dense1", "net0"]


def test_shapes_come_with_the_first_batch():
    net = made()
    with pytest.raises(gluon.DeferredInitializationError):
        net.first.weight.data()
    assert net(X).shape == (2, 2)
    assert net.first.weight.shape == (4, 3)
    with pytest.raises(ValueError, match=r"weight=\(4, 3\)"):
        net(mx.nd.ones((2, 5)))


def test_shapes_that_do_not_follow_are_named():
    class Loose(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.free = self.params.get("free", shape=(0, 2), allow_deferred_init=True)

        def hybrid_forward(self, F, x, free):
            return F.broadcast_add(x, F.sum(free))

    net = Loose()
    net.initialize()
    with pytest.raises(
        ValueError, match=r"loose0: deferred initialization of loose0_free \(0, 2\)"
    ):
        net(X)


def test_uninitialized_blocks_say_so():
    with pytest.raises(RuntimeError, match="net0_factor: it has not been initialized"):
        Net()(X)


def test_arguments_have_to_be_arrays():
    net = made()
    for bad in ((3,), ([3],), (X, mx.sym.var("x"))):
        with pytest.raises(ValueError, match="net0: the arguments hold"):
            net(*bad)


def test_symbols_give_symbols():
    net = Net()
    out = net(mx.sym.var("data"))
    assert out.list_outputs() == ["net0_broadcast_mul0_output"]
    assert set(out.list_arguments()) == {"data", *net.collect_params()}


@pytest.mark.parametrize("options", [{}, {"static_alloc": True, "static_shape": True}])
def test_graphs_give_what_operators_give(options):
    net = made()
    outputs, gradients = [], []
    for active in (False, True):
        net.hybridize(active, **options)
        for size in (2, 3):
            with autograd.record():
                out = net(mx.nd.ones((size, 3)) * 0.3)
            out.backward()
            outputs.append(out.asnumpy())
            gradients.append(net.first.weight.grad().asnumpy())
    for each in (outputs, gradients):
        np.testing.assert_allclose(each[0], each[2], rtol=1e-5)
        np.testing.assert_allclose(each[1], each[3], rtol=1e-5)


def test_nested_arguments_are_traced_by_structure():
    net = Nested()
    net.hybridize()
    for _ in range(2):
        total, (double, nothing) = net(X, [X, X])
        assert nothing is None
        np.testing.assert_allclose(total.asnumpy(), double.asnumpy())
        assert (net(X, (X, X), X).asnumpy() == total.asnumpy()).all()
        found = net(X, {"y": X})
        assert (found["sum"].asnumpy() == total.asnumpy()).all()
        assert (found["y"][0].asnumpy() == X.asnumpy()).all()
    with pytest.raises(ValueError, match="nested0: 3 is of type int"):
        net(X, [X, 3])


def test_a_child_that_changes_is_traced_again():
    net = nn.HybridSequential()
    net.add(nn.Dense(2, in_units=3))
    net.initialize()
    net.hybridize()
    assert net(X).shape == (2, 2)
    net.add(nn.Dense(5))
    net.initialize()
    assert net(X).shape == (2, 5)


def test_hooks_see_all_nodes():
    net, seen, all_seen = made(), {}, []
    net.hybridize()
    expected = net(X).asnumpy()
    net.register_op_hook(lambda name, op, array: seen.update({name: (op, array.shape)}))
    net.register_op_hook(lambda name, op, array: all_seen.append(name), monitor_all=True)
    with autograd.record():
        out = net(X)
    out.backward()
    np.testing.assert_allclose(out.asnumpy(), expected, rtol=1e-5)
    assert seen["net0_dense0_fwd_output"] == ("FullyConnected", (2, 4))
    assert list(seen) == [
        "net0_dense0_fwd_output",
        "net0_dense0_relu_fwd_output",
        "net0_dense1_fwd_output",
        "net0_broadcast_mul0_output",
    ]
    assert "net0_dense0_fwd_weight" in all_seen and "net0_dense0_relu_fwd_input0" in all_seen
    assert np.abs(net.first.weight.grad().asnumpy()).sum() > 0
    net.hybridize()
    seen.clear()
    net(X)
    assert not seen


def test_unused_inputs_are_warned_of():
    class First(gluon.HybridBlock):
        def hybrid_forward(self, F, x, y):
            return x * 2

    net = First()
    net.hybridize()
    with pytest.warns(UserWarning, match="1-th input to HybridBlock is not used"):
        net(X, X)


@pytest.fixture
def exported(tmp_path):
    net = made()
    net.hybridize()
    expected = net(X).asnumpy()
    net.infer_shape(X)
    net.export(str(tmp_path / "net"), 3)
    return str(tmp_path / "net-symbol.json"), str(tmp_path / "net-0003.params"), expected


def test_export_needs_a_graph():
    with pytest.raises(RuntimeError, match="net0.export: there is no graph"):
        Net().export("unused")


def test_exported_files_are_those_of_a_module(exported):
    symbol, parameters, expected = exported
    _, arguments, states = mx.model.load_checkpoint(symbol[: -len("-symbol.json")], 3)
    assert list(arguments)[:2] == ["net0_dense0_weight", "net0_dense0_bias"] and not states
    module = mx.mod.Module(mx.sym.load(symbol), ["data"], None)
    module.bind([("data", (2, 3))], for_training=False)
    module.set_params(arguments, states)
    module.forward(mx.io.DataBatch([X]))
    np.testing.assert_allclose(module.get_outputs()[0].asnumpy(), expected, rtol=1e-5)


def test_imports(exported, tmp_path):
    symbol, parameters, expected = exported
    net = gluon.SymbolBlock.imports(symbol, ["data"], parameters)
    np.testing.assert_allclose(net(X).asnumpy(), expected, rtol=1e-5)
    assert repr(net) == "SymbolBlock(\n<Symbol net0_broadcast_mul0> : 1 -> 1\n)"
    net.export(str(tmp_path / "again"))
    with open(symbol) as one, open(tmp_path / "again-symbol.json") as two:
        assert one.read() == two.read()
    net.save_parameters(str(tmp_path / "saved.params"))
    bare = gluon.SymbolBlock.imports(symbol, "data")
    bare.load_parameters(str(tmp_path / "saved.params"))
    np.testing.assert_allclose(bare(X).asnumpy(), expected, rtol=1e-5)
    bare.initialize(mx.init.One(), force_reinit=True)
    assert bare(X).shape == (2, 2)


def test_a_symbol_block_trains_inside_of_another(exported):
    symbol, parameters, _ = exported
    internals = mx.sym.load(symbol).get_internals()
    features = gluon.SymbolBlock(internals["net0_dense0_relu_fwd_output"], mx.sym.var("data"))
    features.collect_params().load(parameters, ignore_extra=True)
    net = nn.HybridSequential()
    net.add(features, nn.Dense(1))
    net.initialize(mx.init.One())
    net.hybridize()
    with autograd.record():
        out = net(X)
    out.backward()
    weight = features.params["net0_dense0_weight"]
    assert weight.grad().shape == (4, 3) and np.isfinite(weight.grad().asnumpy()).all()


def test_imports_names_what_is_wrong(exported):
    symbol, parameters, _ = exported
    with pytest.raises(AssertionError, match="'data' missing"):
        gluon.SymbolBlock.imports(symbol, "other", parameters)


def test_parameters_in_files_by_every_name(tmp_path):
    net = made()
    expected = net(X).asnumpy()
    path = str(tmp_path / "net.params")
    plain = net.collect_params()

    def named(name):
        mx.nd.save(path, {name(key): each.data() for key, each in plain.items()})

    writers = [
        lambda: net.save_parameters(path),
        lambda: net.save_parameters(path, deduplicate=True),
        lambda: plain.save(path),
        lambda: plain.save(path, strip_prefix="net0_"),
        lambda: named(lambda key: "arg:" + key),
    ]
    for write in writers:
        write()
        other = Net(prefix="net0_")
        other.load_parameters(path)
        np.testing.assert_array_equal(other(X).asnumpy(), expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.save_params(path)
        other = Net(prefix="another_")
        other.load_params(path)
    np.testing.assert_array_equal(other(X).asnumpy(), expected)


def test_parameters_of_another_network_are_told_apart(tmp_path):
    net, path = made(), str(tmp_path / "net.params")
    net(X)
    net.save_parameters(path)
    other = nn.HybridSequential()
    other.add(nn.Dense(4))
    other.initialize()
    with pytest.raises(AssertionError, match="has no 0.bias, 0.weight .* has factor, first.bias"):
        other.load_parameters(path)
    with pytest.raises(ValueError, match="has factor, first.bias"):
        other.load_parameters(path, allow_missing=True)
    other.load_parameters(path, allow_missing=True, ignore_extra=True)


def test_cast_goes_through_all():
    net = nn.HybridSequential()
    net.add(nn.Dense(2, in_units=3), nn.BatchNorm(in_channels=2))
    net.initialize()
    net.cast("float16")
    assert net[0].weight.data().dtype == np.float16
    assert net[1].gamma.data().dtype == np.float32
    net.cast("float64")
    assert net(X.astype("float64")).dtype == np.float64


def test_summary(capsys):
    net = nn.HybridSequential()
    net.add(nn.Dense(4, activation="relu"), nn.BatchNorm())
    net.initialize()
    net.summary(X)
    lines = capsys.readouterr().out.splitlines()
    assert (
        lines[3]
        == "               Input                                      (2, 3)               0"
    )
    assert (
        lines[5]
        == "             Dense-2                                      (2, 4)              16"
    )
    assert (
        lines[6]
        == "         BatchNorm-3                                      (2, 4)              16"
    )
    assert "   Trainable params: 24" in lines and "   Non-trainable params: 8" in lines
    net.hybridize()
    with pytest.raises(AssertionError, match="is hybridized"):
        net.summary(X)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
@pytest.mark.parametrize("active", [False, True])
def test_copies_train_on_their_own(copied, active):
    net = made()
    net.hybridize(active)
    before = net(X).asnumpy()
    other = copied(net)
    np.testing.assert_array_equal(other(X).asnumpy(), before)
    trainer = gluon.Trainer(other.collect_params(), "sgd", {"learning_rate": 1.0})
    with autograd.record():
        out = other(X).sum()
    out.backward()
    trainer.step(1)
    assert (other(X).asnumpy() != before).any()
    np.testing.assert_array_equal(net(X).asnumpy(), before)


def test_plain_blocks():
    class Plain(gluon.Block):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2)

        def forward(self, x, scale=1):
            return self.dense(x) * scale

    net = Plain()
    net.initialize(mx.init.One())
    net.hybridize()
    assert net(X, 2).shape == (2, 2)
    with pytest.raises(NotImplementedError, match="forward is not defined"):
        gluon.Block()(X)


def test_devices_of_arguments_decide():
    net = made(prefix="a_")
    net.collect_params().reset_ctx([mx.cpu(0), mx.cpu(1)])
    assert net(X.as_in_context(mx.cpu(1))).context == mx.cpu(1)


def test_children_that_are_no_blocks():
    with pytest.raises(ValueError, match="child 3 is of type int; expected a HybridBlock"):
        nn.HybridSequential().add(3)


def test_graphs_are_optimized_for_a_backend():
    net = nn.Dense(2)
    net.initialize()
    with pytest.raises(ValueError, match="backend=None names none"):
        net.optimize_for(X)


def test_hooks_name_inputs_as_1_9_1():
    net, seen = nn.HybridSequential(prefix="n_"), []
    with net.name_scope():
        net.add(
            nn.Conv2D(2, 3), nn.MaxPool2D(), nn.Activation("relu"), nn.Dropout(0.5), nn.BatchNorm()
        )
    net.initialize()
    net.hybridize()
    net.register_op_hook(lambda name, op, array: seen.append(name), monitor_all=True)
    net(mx.nd.ones((1, 1, 6, 6)))
    assert seen == [
        *(f"n_conv0_fwd_{each}" for each in ("data", "weight", "bias", "output")),
        "n_pool0_fwd_data",
        "n_pool0_fwd_output",
        "n_relu0_fwd_input0",
        "n_relu0_fwd_output",
        "n_dropout0_fwd_data",
        "n_dropout0_fwd_output",
        *(f"n_batchnorm0_fwd_{each}" for each in ("data", "gamma", "beta", "moving_mean")),
        "n_batchnorm0_fwd_moving_var",
        "n_batchnorm0_fwd_output",
    ]


def test_symbol_blocks_have_dense_parameters():
    data = mx.sym.var("data", stype="csr")
    weight = mx.sym.var("weight", stype="row_sparse")
    with pytest.raises(AssertionError, match="variable weight is row_sparse"):
        gluon.SymbolBlock(mx.sym.dot(data, weight), data)
    block = gluon.SymbolBlock(mx.sym.dot(data, weight), [data, weight])
    assert not block.collect_params().keys()
