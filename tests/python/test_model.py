"""Checkpoints: files, and errors that name them."""

import pytest

import mxnet as mx

SYMBOL = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")


@pytest.fixture
def prefix(tmp_path):
    prefix = str(tmp_path / "net")
    arrays = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros(2)}
    mx.model.save_checkpoint(prefix, 2, SYMBOL, arrays, {"state": mx.nd.ones(1)})
    return prefix


def test_round_trip(prefix):
    symbol, arg_params, aux_params = mx.model.load_checkpoint(prefix, 2)
    assert symbol.list_arguments() == ["data", "fc_weight", "fc_bias"]
    assert arg_params["fc_weight"].asnumpy().tolist() == [[1, 1, 1]] * 2
    assert (sorted(arg_params), sorted(aux_params)) == (["fc_bias", "fc_weight"], ["state"])
    assert sorted(mx.model.load_params(prefix, 2)[0]) == ["fc_bias", "fc_weight"]


def test_parameters_alone(prefix, tmp_path):
    mx.model.save_checkpoint(str(tmp_path / "other"), 11, None, {}, {})
    assert (tmp_path / "other-0011.params").exists()
    assert not (tmp_path / "other-symbol.json").exists()


def test_missing_files_are_named(prefix, tmp_path):
    with pytest.raises(mx.MXNetError, match="net-0009.params"):
        mx.model.load_checkpoint(prefix, 9)
    with pytest.raises(mx.MXNetError, match="none-symbol.json"):
        mx.model.load_checkpoint(str(tmp_path / "none"), 9)


@pytest.mark.parametrize("kept", [0, 7, 70, -1])
def test_damaged_parameters_are_named(prefix, kept):
    with open(f"{prefix}-0002.params", "rb") as stream:
        content = stream.read()
    with open(f"{prefix}-0002.params", "wb") as stream:
        stream.write(content[:kept])
    with pytest.raises(mx.MXNetError, match="net-0002.params"):
        mx.model.load_checkpoint(prefix, 2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nodes": 3}'])
def test_damaged_symbols_are_named(prefix, text):
    with open(f"{prefix}-symbol.json", "w") as stream:
        stream.write(text)
    with pytest.raises(mx.MXNetError, match="net-symbol.json"):
        mx.model.load_checkpoint(prefix, 2)


def test_other_arrays_are_refused(prefix):
    mx.nd.save(f"{prefix}-0003.params", {"fc_weight": mx.nd.ones(2)})
    with pytest.raises(mx.MXNetError, match="net-0003.params.*array named 'fc_weight'.*arg:"):
        mx.model.load_params(prefix, 3)
    mx.nd.save(f"{prefix}-0004.params", [mx.nd.ones(2)])
    with pytest.raises(mx.MXNetError, match="net-0004.params.*without names"):
        mx.model.load_params(prefix, 4)


def test_checkpoint_without_parameters(tmp_path, caplog):
    prefix = str(tmp_path / "flat")
    mx.model.save_checkpoint(prefix, 0, mx.sym.Flatten(mx.sym.Variable("data")), {}, {})
    symbol, args, auxs = mx.model.load_checkpoint(prefix, 0)
    assert (symbol.list_arguments(), args, auxs) == (["data"], {}, {})
    assert f"load_checkpoint: file='{prefix}-0000.params' holds no parameters" in caplog.messages
