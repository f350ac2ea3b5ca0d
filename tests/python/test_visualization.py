"""Tables and drawings: errors. Their text is compared in test_frontend_results.py."""

import sys

import pytest

import mxnet as mx


def test_other_things_than_symbols_are_refused():
    with pytest.raises(TypeError, match="print_summary: symbol is a int"):
        mx.viz.print_summary(3)
    pytest.importorskip("graphviz")
    with pytest.raises(TypeError, match="plot_network: symbol is a int"):
        mx.viz.plot_network(3)


def test_shapes_that_do_not_fit_are_refused():
    symbol = mx.sym.Convolution(mx.sym.Variable("data"), kernel=(3, 3), num_filter=2, name="conv")
    with pytest.raises(mx.MXNetError, match="conv"):
        mx.viz.print_summary(symbol, shape={"data": (1, 1)})


def test_drawing_without_graphviz_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match="pip install graphviz"):
        mx.viz.plot_network(mx.sym.Variable("data"))
