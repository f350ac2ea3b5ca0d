"""What 1.9.1 has and this library has not answered "cannot import name" like a misspelling."""

import importlib

import pytest

import mxnet as mx
from mxnet import _absent

IMPORTS = """import mxnet.torch
from mxnet import tvmop
from mxnet import th""".split("\n")


@pytest.mark.parametrize("statement", IMPORTS)
def test_imports(statement):
    with pytest.raises(ImportError, match="is not in this version of Remx; "):
        exec(statement)


@pytest.mark.parametrize("name", ["th", "tvmop", "api"])
def test_attributes(name):
    module, _, last = f"mxnet.{name}".rpartition(".")
    module = importlib.import_module(module)
    assert not hasattr(module, last) and last not in dir(module)
    with pytest.raises(AttributeError, match=f"{name} is not in this version of Remx; "):
        getattr(module, last)


def test_misspellings_stay_what_they_were():
    with pytest.raises(AttributeError, match="has no attribute 'gluno'"):
        mx.gluno  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'gluno'"):
        exec("from mxnet import gluno")
    with pytest.raises(ModuleNotFoundError, match="No module named 'mxnet.gluno'"):
        exec("import mxnet.gluno")
    with pytest.raises(AttributeError, match="has no attribute 'convolution'"):
        mx.nd.convolution  # noqa: B018


def test_nothing_that_is_there_is_called_absent():
    for name in _absent._NAMES:
        module, _, last = name.rpartition(".")
        assert last not in vars(importlib.import_module(module)), name


def test_dir_lists_what_is_loaded_at_first_use():
    listed = dir(mx)
    assert set("sym symbol mod module autograd io metric kv init contrib nd".split()) <= set(listed)
    for name in listed:
        getattr(mx, name)
