"""Parameters of recurrent layers in files of MXNet 1.9.1, which names them by cells."""

import importlib.util
import pathlib

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon import nn, rnn

FOLDER = pathlib.Path(__file__).parent / "recurrent"
_spec = importlib.util.spec_from_file_location("recurrent_make", FOLDER / "make.py")
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)


def network(name):
    return made.network(made.LAYERS[name](rnn), nn)


def outputs(net):
    return net(mx.nd.array(made.inputs())).asnumpy()


@pytest.mark.parametrize("name", made.LAYERS)
def test_files_are_read_and_written_alike(name, tmp_path):
    net = network(name)
    net.load_parameters(str(FOLDER / f"{name}.params"))
    expected = mx.nd.load(str(FOLDER / "outputs.params"))[name].asnumpy()
    np.testing.assert_allclose(outputs(net), expected, rtol=1e-5, atol=1e-6)
    net.save_parameters(str(tmp_path / "net.params"))
    assert (tmp_path / "net.params").read_bytes() == (FOLDER / f"{name}.params").read_bytes()


@pytest.mark.parametrize("name", made.LAYERS)
def test_other_names_are_read(name, tmp_path):
    stored = mx.nd.load(str(FOLDER / f"{name}.params"))
    by_layer, with_gaps = {}, {}
    for key, array in stored.items():
        place, _, layer, *side, parameter = key.split(".")
        by_layer[f"{place}.{side[0][0] if side else 'l'}{layer}_{parameter}"] = array
        # The first versions counted the cells that drop something, too.
        with_gaps[".".join([place, "_unfused", str(2 * int(layer)), *side, parameter])] = array
    for names in by_layer, with_gaps:
        mx.nd.save(str(tmp_path / "net.params"), names)
        net = network(name)
        net.load_parameters(str(tmp_path / "net.params"))
        np.testing.assert_allclose(
            outputs(net),
            mx.nd.load(str(FOLDER / "outputs.params"))[name].asnumpy(),
            rtol=1e-5,
            atol=1e-6,
        )


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn"])
def test_cells_of_a_layer(name):
    net = network(name)
    net.load_parameters(str(FOLDER / f"{name}.params"))
    cells = net[0]._unfuse()
    assert list(cells.collect_params()) == list(net[0].collect_params())
    unrolled, _ = cells.unroll(4, mx.nd.array(made.inputs()), layout="TNC", merge_outputs=True)
    np.testing.assert_allclose(unrolled.asnumpy(), outputs(net), rtol=1e-5, atol=1e-6)
    with pytest.raises(AssertionError, match="projection_size=2"):
        network("projected")[0]._unfuse()
