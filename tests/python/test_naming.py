"""Scopes of names and attributes, and registries."""

import threading

import pytest

import mxnet as mx


def test_numbers_count_by_kind():
    names = mx.name.NameManager()
    found = [names.get(None, "fc"), names.get(None, "fc"), names.get("q", "fc")]
    assert found + [names.get(None, "conv")] == ["fc0", "fc1", "q", "conv0"]


def test_prefix_goes_before_given_names_too():
    prefix = mx.name.Prefix("pre_")
    assert [prefix.get(None, "fc"), prefix.get("q", "fc")] == ["pre_fc0", "pre_q"]


def test_innermost_scope_is_current():
    outside = mx.name.NameManager.current
    with mx.name.Prefix("a_") as outer:
        assert mx.name.NameManager.current is outer
        with mx.name.NameManager() as inner:
            assert mx.name.NameManager.current is inner
        assert mx.name.NameManager.current is outer
    assert mx.name.NameManager.current is outside


def test_scopes_belong_to_a_thread():
    seen = []
    with mx.AttrScope(x="1"):
        thread = threading.Thread(target=lambda: seen.append(mx.AttrScope.current.get(None)))
        thread.start()
        thread.join()
    assert seen == [{}]


def test_symbols_take_names_and_attributes_of_scopes():
    with mx.name.Prefix("net_"), mx.AttrScope(ctx_group="first"):
        dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
    assert dense.name == "net_fullyconnected0"
    assert dense.attr("ctx_group") == "first"


def test_attributes_of_nested_scopes():
    with mx.AttrScope(g="1", h="2"):
        with mx.AttrScope(g="3") as inner:
            assert inner.get({"h": "4"}) == {"g": "3", "h": "4"}
            assert mx.AttrScope.current.get(None) == {"g": "3", "h": "2"}
        assert mx.AttrScope.current.get(None) == {"g": "1", "h": "2"}
    assert inner.get(None) == {"g": "3"}
    with pytest.raises(ValueError, match="AttrScope: x=1 is a int; a string is expected"):
        mx.AttrScope(x=1)


class Thing:
    """What the registry of these tests holds."""

    def __init__(self, size=1):
        self.size = size


register = mx.registry.get_register_func(Thing, "thing")
create = mx.registry.get_create_func(Thing, "thing")


@mx.registry.get_alias_func(Thing, "thing")("tiny", "Small")
class Little(Thing):
    """A thing with two names."""


def test_registry_creates_by_every_form_of_name():
    existing = Little(5)
    assert create(existing) is existing
    made = [create("TINY", 3), create(thing="small", size=3), create('["tiny", {"size": 3}]')]
    assert [(type(each), each.size) for each in made] == [(Little, 3)] * 3
    assert set(mx.registry.get_registry(Thing)) >= {"tiny", "small"}


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: create("large"), "thing='large' is not registered; one of small, tiny"),
        (lambda: create(3), "thing=3 is a int"),
        (lambda: create(Little(), 1), "is an instance already"),
        (lambda: register(int), "a subclass of Thing is expected"),
    ],
)
def test_registry_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_replacing_a_class_warns():
    first = register(type("Twice", (Thing,), {}))
    with pytest.warns(UserWarning, match="replaces"):
        second = register(type("Twice", (Thing,), {}))
    assert type(create("twice")) is second is not first
