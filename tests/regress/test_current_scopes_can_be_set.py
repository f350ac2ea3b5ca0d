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


def test_values_of_what_is_in_force():
    """1.9.1 keeps it in `_current.value` and `_default_ctx.value`, where its programs look."""

    def check():
        names = mx.name.NameManager()
        mx.name.NameManager._current.value = names
        assert mx.name.NameManager.current is mx.name.NameManager._current.value is names
        mx.sym.exp(mx.sym.Variable("q"))
        assert names._counter == {"exp": 1}
        with mx.AttrScope(a="b"):
            assert mx.AttrScope._current.value._attr == {"a": "b"}
        with mx.cpu(3):
            assert mx.Context._default_ctx.value == mx.cpu(3)
        mx.Context._default_ctx.value = mx.cpu(2)
        assert mx.current_context() == mx.cpu(2)

    in_new_thread(check)
    assert mx.Context._default_ctx.value == mx.cpu(0)


class Named:
    """As much of a block as its scope looks at."""

    def __init__(self, prefix):
        self.prefix = prefix
        self._empty_prefix = False


def test_scopes_of_blocks_belong_to_threads():
    scopes = mx.gluon.block._BlockScope
    seen = []

    def check():
        assert getattr(scopes._current, "value", None) is None
        with scopes(Named("inner_")) as scope:
            assert scopes._current.value is scope
            seen.append(mx.name.NameManager._current.value.get(None, "exp"))

    with scopes(Named("outer_")) as scope:
        in_new_thread(check)
        assert scopes._current.value is scope
        seen.append(mx.name.NameManager._current.value.get(None, "exp"))
    assert seen == ["inner_exp0", "outer_exp0"]
