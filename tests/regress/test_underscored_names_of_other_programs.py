"""Programs with modules, cells and blocks of their own import underscored helpers: there were none.

The values are those of MXNet 1.9.1.
"""

import importlib

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd
from mxnet.gluon import block, utils
from mxnet.gluon.rnn import rnn_cell
from mxnet.module import base_module, executor_group

NAMES = {
    "mxnet.gluon": "tensor_types",
    "mxnet.gluon.block": "HookHandle _BlockScope _flatten _regroup _indent Parameter ParameterDict",
    "mxnet.gluon.contrib.nn.basic_layers": "Identity PixelShuffle2D SyncBatchNorm",
    "mxnet.gluon.contrib.rnn.rnn_cell": "SequentialRNNCell _format_sequence _get_begin_state "
    "_mask_sequence_variable_length tensor_types",
    "mxnet.gluon.nn.basic_layers": "BatchNorm BatchNormReLU GroupNorm InstanceNorm LayerNorm",
    "mxnet.gluon.nn.conv_layers": "_Pooling GlobalAvgPool2D MaxPool2D ReflectionPad2D",
    "mxnet.gluon.rnn.rnn_cell": "RecurrentCell ModifierCell BidirectionalCell SequentialRNNCell "
    "_cells_state_info _cells_begin_state _as_list tensor_types",
    "mxnet.gluon.utils": "_get_repo_url _get_repo_file_url _indent _brief_print_list",
    "mxnet.image.detection": "Augmenter ImageIter ResizeAug fixed_crop copyMakeBorder",
    "mxnet.image.image": "_get_interp_method",
    "mxnet.io.utils": "_init_data",
    "mxnet.metric": "ndarray",
    "mxnet.model": "_create_kvstore _initialize_kvstore _update_params _update_params_on_kvstore",
    "mxnet.module.module": "BaseModule _check_input_names _create_kvstore _initialize_kvstore "
    "_parse_data_desc _update_params _update_params_on_kvstore",
    "mxnet.ndarray.ndarray": "_DTYPE_MX_TO_NP _DTYPE_NP_TO_MX _GRAD_REQ_MAP "
    "_STORAGE_TYPE_STR_TO_ID",
}


@pytest.mark.parametrize("module", NAMES)
def test_names_are_there(module):
    found = importlib.import_module(module)
    for name in NAMES[module].split():
        assert getattr(found, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        getattr(found, "nobody_has_this")  # noqa: B009


def test_repository(monkeypatch):
    monkeypatch.setenv("MXNET_GLUON_REPO", "file:///here")
    assert utils._get_repo_url() == "file:///here/"
    assert utils._get_repo_file_url("gluon/dataset/x", "y") == "file:///here/gluon/dataset/x/y"


def test_printing():
    assert utils._brief_print_list("abcdef", 4) == "'a', 'b', ..., 'e', 'f'"
    assert utils._brief_print_list("ab", 4) == "'a', 'b'"
    assert utils._indent("a\nb", 2) == "a\n  b"


def test_nested_lists():
    x, s = nd.ones(1), mx.sym.var("s")
    for value, form in [(x, 0), ([x, x], [0, 0]), ((x, [x, None]), [0, [0, -1]]), (None, -1)]:
        arrays, found = block._flatten(value, "input")
        assert found == form
        assert block._regroup(arrays, form) == (list(value) if type(value) is tuple else value)
    assert block._flatten(mx.sym.Group([s, s]), "input")[1] == 2
    with pytest.raises(ValueError, match="input 3 is of type int"):
        block._flatten(3, "input")


def test_sequences():
    x, s = nd.array(np.arange(24).reshape(2, 3, 4)), mx.sym.var("s")
    steps, axis, F, batch = rnn_cell._format_sequence(3, x, "NTC", False)
    assert (len(steps), axis, F, batch) == (3, 1, nd, 2)
    joined, axis, F, batch = rnn_cell._format_sequence(3, steps, "NTC", True)
    assert (joined.shape, axis, F, batch) == ((2, 3, 4), 1, nd, 2)
    assert rnn_cell._format_sequence(3, x, "NTC", True, "TNC")[0].shape == (3, 2, 4)
    assert rnn_cell._format_sequence(None, s, "NTC", True)[1:] == (1, mx.sym, 0)
    lengths = nd.array([1, 2])
    masked = rnn_cell._mask_sequence_variable_length(nd, nd.ones((2, 3)), 3, lengths, 1, True)
    assert masked.asnumpy().tolist() == [[1, 0, 0], [1, 1, 0]]
    backwards = rnn_cell._reverse_sequences(steps, 3, nd.array([2, 3]))
    assert [step[:, 0].asnumpy().tolist() for step in backwards] == [[4, 20], [0, 16], [8, 12]]
    cell = mx.gluon.rnn.LSTMCell(3)
    assert [a.shape for a in rnn_cell._get_begin_state(cell, nd, None, x, 2)] == [(2, 3)] * 2
    assert rnn_cell._get_begin_state(cell, nd, [1], x, 2) == [1]
    assert len(rnn_cell._cells_state_info([cell, cell], 2)) == 4


def test_stores():
    small, large = {"a": nd.ones(2)}, {"a": nd.empty((1 << 24) + 1)}
    for kvstore, devices, params, has, inside in [
        ("local", 1, small, False, False),
        (None, 2, small, False, False),
        ("local", 2, small, True, True),
        ("local", 2, large, True, False),
        ("device", 2, large, True, True),
        (mx.kv.create("local"), 1, small, True, True),
    ]:
        store, on_store = mx.model._create_kvstore(kvstore, devices, params)
        assert (store is not None, on_store) == (has, inside)


@pytest.mark.parametrize("on_kvstore", [True, False])
def test_updates(on_kvstore):
    weights = [[nd.ones(2), nd.ones(2)], [nd.ones(3), nd.ones(3)]]
    grads = [[nd.ones(2), nd.ones(2) * 2], [None, None]]
    names, params = ["a", "b"], {"a": nd.ones(2), "b": nd.ones(3)}
    sgd = mx.optimizer.SGD(learning_rate=0.1, rescale_grad=1.0)
    store = mx.kv.create("local")
    mx.model._initialize_kvstore(store, weights, params, names, on_kvstore)
    if on_kvstore:
        store.set_optimizer(sgd)
        mx.model._update_params_on_kvstore(weights, grads, store, names)
    else:
        updater = mx.optimizer.get_updater(sgd)
        mx.model._update_params(weights, grads, updater, 2, store, names)
    for weight in weights[0]:
        np.testing.assert_allclose(weight.asnumpy(), 0.7, rtol=1e-6)
    assert weights[1][0].asnumpy().tolist() == [1, 1, 1]


def test_parts_of_executor_groups():
    batch = mx.io.DataBatch([nd.array(np.arange(4))], [nd.array(np.arange(4))])
    parts = [[(slice(0, 1), nd.zeros(1)), (slice(1, 4), nd.zeros(3))]]
    executor_group._load_data(batch, parts, [0])
    assert parts[0][1][1].asnumpy().tolist() == [1, 2, 3]
    merged = executor_group._merge_multi_context([[nd.ones(1), nd.ones(2)]] * 2, [0, -1])
    assert [array.shape for array in merged] == [(3,), (1,)]
    data, label = base_module._parse_data_desc(["d"], ["l"], [("d", (2, 3))], None)
    assert data[0].shape == (2, 3) and label is None
    with pytest.raises(ValueError, match="names"):
        base_module._parse_data_desc(["d"], [], [("e", (2, 3))], None)


class Halved(mx.gluon.Parameter):
    """Takes over the arrays of another parameter and gives them changed."""

    def __init__(self, other):
        super().__init__(other.name, shape=other.shape)
        for name in ("_var", "_data", "_grad", "_ctx_list", "_ctx_map", "_trainer"):
            setattr(self, name, getattr(other, name))

    def data(self, ctx=None):
        return self._check_and_get(self._data, ctx) / 2


@pytest.mark.parametrize("hybridized", [False, True])
def test_parameters_that_stand_for_others(hybridized):
    net = mx.gluon.nn.Dense(1, in_units=2, use_bias=False)
    net.initialize(mx.init.One())
    weight = net.weight
    assert weight._ctx_map == [[], [0]]
    assert weight._check_and_get(weight._data, list)[0] is weight.data()
    halved = Halved(weight)
    net.params._params[weight.name] = net._reg_params["weight"] = halved
    vars(net)["weight"] = halved
    if hybridized:
        net.hybridize()
    with mx.autograd.record():
        out = net(nd.ones((1, 2)))
    out.backward()
    assert out.asscalar() == 1
    assert weight.grad().asnumpy().tolist() == [[0.5, 0.5]]
    two = mx.gluon.Parameter("two", shape=(1,))
    two.initialize(ctx=[mx.cpu(0), mx.cpu(2)])
    assert two._ctx_map == [[], [0, None, 1]]
