"""`NameManager.current`, `AttrScope.current` and `Context.default_ctx` could not be set."""

import threading

import pytest

import mxnet as mx


def in_new_thread(function):
    """Run in a thread of its own, as what is in force belongs to a thread."""
    failures = []

    def run():
        try:
            function()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def test_names():
    def check():
        mx.name.NameManager.current = mx.name.Prefix("p_")
        assert mx.sym.exp(mx.sym.Variable("q")).name == "p_exp0"
        with mx.name.NameManager():
            mx.name.NameManager.current = mx.name.Prefix("inner_")
            assert mx.sym.exp(mx.sym.Variable("q")).name == "inner_exp0"
        assert mx.sym.exp(mx.sym.Variable("q")).name == "p_exp1"
        with pytest.raises(TypeError, match="NameManager.current: 3 is a int"):
            mx.name.NameManager.current = 3

    in_new_thread(check)
    assert mx.sym.exp(mx.sym.Variable("q")).name.startswith("exp")


def test_attributes():
    def check():
        mx.AttrScope.current = mx.AttrScope(a="b")
        assert mx.sym.Variable("x").attr("a") == "b"
        with mx.AttrScope(c="d"):
            assert mx.sym.Variable("x").list_attr() == {"a": "b", "c": "d"}

    in_new_thread(check)
    assert mx.sym.Variable("x").attr("a") is None


def test_context():
    def check():
        mx.Context.default_ctx = mx.cpu(3)
        assert mx.nd.zeros((1,)).context == mx.cpu(3) == mx.Context.default_ctx
        with mx.cpu(5):
            mx.Context.default_ctx = mx.cpu(4)
            assert mx.current_context() == mx.cpu(4)
        assert mx.current_context() == mx.cpu(3)
        with pytest.raises(TypeError, match="ctx=3 is of type int"):
            mx.Context.default_ctx = 3

    in_new_thread(check)
    assert mx.current_context() == mx.cpu(0)
