"""`load_checkpoint(prefix, 10.0)` failed, and a wrong epoch did not say which epochs are there."""

import pytest

import mxnet as mx


def save(prefix, *epochs):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=1, name="fc")
    for epoch in epochs:
        values = {"fc_weight": mx.nd.full((1, 2), epoch), "fc_bias": mx.nd.zeros(1)}
        mx.model.save_checkpoint(prefix, epoch, net, values, {})


def test_whole_floats_are_epochs(tmp_path):
    prefix = str(tmp_path / "net")
    save(prefix, 10.0, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net-0003.params",
        "net-0010.params",
        "net-symbol.json",
    ]
    _, arg_params, _ = mx.model.load_checkpoint(prefix, 10.0)
    assert arg_params["fc_weight"].asnumpy().tolist() == [[10, 10]]
    module = mx.mod.Module.load(prefix, 3.0, label_names=None)
    module.bind([("data", (1, 2))], for_training=False)
    module.save_checkpoint(prefix, 4.0)
    assert (tmp_path / "net-0004.params").exists()


def test_a_wrong_epoch_lists_those_there(tmp_path):
    prefix = str(tmp_path / "net[1]")
    save(prefix, 1, 12, 12345)
    (tmp_path / "net[1]-best.params").write_bytes(b"")
    with pytest.raises(ValueError, match=r"epoch=2 has no file .*; one of the epochs 1, 12, 12345"):
        mx.model.load_checkpoint(prefix, 2)


def test_nothing_is_written_for_a_wrong_epoch(tmp_path):
    with pytest.raises(TypeError, match="epoch='1' is no whole number"):
        save(str(tmp_path / "net"), "1")
    assert list(tmp_path.iterdir()) == []
