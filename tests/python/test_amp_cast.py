"""Casts of mixed precision are left out of files, as by MXNet 1.9.1, unless they are outputs."""

import json

import pytest

import mxnet as mx


def operators(text):
    return [node["op"] for node in json.loads(text)["nodes"] if node["op"] != "null"]


@pytest.fixture
def symbols():
    cast = mx.sym.amp_cast(mx.sym.Variable("a") * 2, dtype="float16", name="cast")
    multi = mx.sym.amp_multicast(cast, mx.sym.Variable("b"), num_outputs=2, name="multi")
    total = mx.sym.elemwise_add(multi[0], multi[1], name="add")
    return total, mx.sym.Group([total, cast])


def test_casts_between_operators_are_left_out(symbols, tmp_path):
    total, group = symbols
    assert operators(total.tojson()) == ["_mul_scalar", "elemwise_add"]
    assert operators(group.tojson()) == ["_mul_scalar", "elemwise_add", "amp_cast"]
    assert group.list_outputs() == ["add_output", "cast_output"]
    total.save(str(tmp_path / "x.json"))
    assert mx.sym.load(str(tmp_path / "x.json")).list_arguments() == ["a", "b"]


def test_casts_stay_on_request_and_in_the_symbol(symbols):
    kept = operators(symbols[0].tojson(remove_amp_cast=False))
    assert kept == ["_mul_scalar", "amp_cast", "amp_multicast", "elemwise_add"]
    assert "cast_output" in symbols[0].get_internals().list_outputs()
