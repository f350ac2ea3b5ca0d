"""The operators agree with those of MXNet 1.9.1: names, aliases, arguments, types and defaults."""

import ast
import json
import math
import pathlib
import re

import pytest

from mxnet import _core

SNAPSHOT = pathlib.Path(__file__).with_name("operators_1_9_1.json")
THEIRS = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
DTYPES = {"float16", "bfloat16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool"}

# Where we differ on purpose: (operator, argument), (operator, "inputs"), (operator, "arguments").
DIFFERENCES = {
    # The body of a loop is a parameter, not an input.
    ("_foreach", "inputs"),
    ("_foreach", "arguments"),
    ("_cond", "inputs"),
    ("_cond", "arguments"),
    ("_while_loop", "inputs"),
    ("_while_loop", "arguments"),
    # All inputs are counted, where 1.9.1 names those before the counted ones.
    ("_contrib_dgl_csr_neighbor_non_uniform_sample", "inputs"),
    ("_contrib_dgl_csr_neighbor_uniform_sample", "inputs"),
    ("_contrib_dgl_graph_compact", "inputs"),
    ("_contrib_dgl_subgraph", "inputs"),
    # A tuple of sizes is a shape here.
    ("_contrib_dgl_graph_compact", "graph_sizes"),
    # 1.9.1 has no name for the type of a pair of numbers.
    ("_histogram", "range"),
    # Nor for optional numbers of 64 bits.
    ("_npi_eye", "M"),
    ("_npi_blackman", "M"),
    ("_npi_hamming", "M"),
    ("_npi_hanning", "M"),
    # 1.9.1 describes the arguments of Concat here, but takes axis.
    ("_npi_concatenate", "arguments"),
    # 1.9.1 has no names for the types of a number or None, a shape or None, and a tuple of numbers.
    ("_npi_choice", "a"),
    ("_npi_choice", "size"),
    ("_npi_multinomial", "pvals"),
    # 1.9.1 does not name what it copies.
    ("_CrossDeviceCopy", "inputs"),
    # 1.9.1 describes the arguments of _arange here, but takes num and endpoint.
    ("_linspace", "arguments"),
    # 1.9.1 has no name for the type of a letter.
    ("_npi_eigh", "UPLO"),
    ("_npi_eigvalsh", "UPLO"),
    # 1.9.1 takes them, but does not list them.
    *(("_npi_norm", argument) for argument in ("ord", "axis", "keepdims", "flag")),
    # One name for each array of a weight's group, where 1.9.1 lists "data" for all of them.
    ("_multi_adamw_update", "inputs"),
    ("_multi_lamb_update", "inputs"),
    ("_multi_mp_adamw_update", "inputs"),
    ("_multi_mp_lamb_update", "inputs"),
    ("multi_mp_sgd_mom_update", "inputs"),
    ("multi_mp_sgd_update", "inputs"),
    ("multi_sgd_mom_update", "inputs"),
    ("multi_sgd_update", "inputs"),
    ("preloaded_multi_mp_sgd_mom_update", "inputs"),
    ("preloaded_multi_mp_sgd_update", "inputs"),
    ("preloaded_multi_sgd_mom_update", "inputs"),
    ("preloaded_multi_sgd_update", "inputs"),
}


def shared_operators():
    return sorted(name for name in THEIRS if _core.has_op(name))


def kind_of(text):
    """A type text as something that can be compared: a word, or a frozenset of choices."""
    if text.startswith("{"):
        return frozenset(re.findall(r"'([^']*)'|None", text)) - {""}
    text = re.sub(r" \(non-negative\)| or None|\(tuple\)", "", text)
    return {"long": "int", "double": "float", "real_t": "float"}.get(text, text)


def value_of(text):
    """A default's text as a value: numbers, tuples, booleans, None, or the text itself."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return tuple(value) if isinstance(value, (list, tuple)) else value


def same_default(ours, theirs):
    ours, theirs = value_of(ours), value_of(theirs)
    if isinstance(ours, (bool, int, float)) and isinstance(theirs, (bool, int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-6)
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return len(ours) == len(theirs) and all(map(math.isclose, ours, theirs))
    return ours == theirs or (ours == () and theirs is None)  # a tuple that nobody gave


def same_kind(ours, theirs):
    ours, theirs = kind_of(ours), kind_of(theirs)
    if ours == "dtype":
        return isinstance(theirs, frozenset) and theirs <= DTYPES | {"None"} or theirs == "int"
    return ours == theirs


@pytest.mark.parametrize("name", shared_operators())
def test_operator_agrees(name):
    ours = _core.describe_op(name)
    aliases, arguments = THEIRS[name][:2]
    assert ours["name"] == name
    assert set(aliases) <= set(ours["aliases"]), "aliases are missing"
    inputs = [argument for argument in arguments if argument[1].startswith(("NDArray", "Symbol"))]
    params = [argument for argument in arguments if argument not in inputs]
    if ours["variadic_count"] and (name, "inputs") not in DIFFERENCES:
        assert [kind.endswith("[]") for _, kind, *_ in inputs] == [True]
        assert THEIRS[name][2:] in ([], [ours["variadic_count"]])
    elif (name, "inputs") not in DIFFERENCES:
        named = [argument[0] for argument in inputs]
        assert [n for n, _ in ours["inputs"]][: len(named)] == named
    if (name, "arguments") not in DIFFERENCES:
        check_params(name, ours, params)


def check_params(name, ours, params):
    table = {row[0]: row for row in ours["params"]}
    given = [row[0] for row in params]
    listed = [row[0] for row in ours["params"] if row[0] in given]
    extra = set(table) - set(given) - {ours["variadic_count"]}
    assert listed == given, "arguments or their order differ"
    assert not {e for e in extra if (name, e) not in DIFFERENCES}, "arguments that 1.9.1 lacks"
    for argument, kind, *default in params:
        if (name, argument) in DIFFERENCES:
            continue
        _, our_kind, our_default, _ = table[argument]
        assert same_kind(our_kind, kind), f"{argument}: type {our_kind}, 1.9.1 has {kind}"
        if default:
            assert our_default is not None, f"{argument}: is required, 1.9.1 has {default[0]}"
            message = f"{argument}: default {our_default}, 1.9.1 has {default[0]}"
            assert same_default(our_default, default[0]), message


def test_aliases_belong_to_one_operator():
    for name in shared_operators():
        for alias in THEIRS[name][0]:
            if _core.has_op(alias):
                assert _core.describe_op(alias)["name"] == name


def test_own_operators_are_internal():
    known = set(THEIRS).union(*(row[0] for row in THEIRS.values()))
    own = [name for name in _core.list_ops() if name not in known]
    assert [name for name in own if not name.startswith("_")] == []


def test_registries_are_sound():
    assert _core.check_op_registry() == []
    assert _core.check_kernel_registry() == []
