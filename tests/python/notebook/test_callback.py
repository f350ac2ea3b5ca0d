"""Callbacks for notebooks, with stand-ins for pandas and bokeh that record what they are given."""

import sys
import types

import pytest

import mxnet as mx
from mxnet.model import BatchEndParam
from mxnet.notebook import callback


class Table(dict):
    """As much of a pandas.DataFrame as is used: columns by name, and rows that are added."""

    def __init__(self):
        super().__init__()
        self.rows = []

    @property
    def loc(self):
        return self

    def __setitem__(self, key, value):
        if isinstance(key, int):
            assert key == len(self.rows) and set(value) <= set(self)
            self.rows.append(dict(value))
        else:
            super().__setitem__(key, value)

    def __len__(self):
        return len(self.rows)


class Figure:
    """A figure whose lines have data."""

    def __init__(self, **options):
        self.options, self.lines = options, []

    def line(self, x, y, **options):
        source = types.SimpleNamespace(data={"x": x, "y": y})
        self.lines.append(types.SimpleNamespace(data_source=source, options=options))
        return self.lines[-1]


@pytest.fixture
def drawn(monkeypatch):
    """What was shown, behind modules that stand for pandas and bokeh."""
    shown = []
    io = types.SimpleNamespace(
        output_notebook=lambda: None,
        show=lambda figure, notebook_handle: "handle",
        push_notebook=lambda handle: shown.append(handle),
    )
    modules = {
        "pandas": types.SimpleNamespace(DataFrame=Table),
        "bokeh": types.SimpleNamespace(),
        "bokeh.io": io,
        "bokeh.plotting": types.SimpleNamespace(figure=Figure),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return shown


def param(nbatch, epoch=1):
    metric = mx.metric.create("acc")
    metric.update([mx.nd.array([0, 1])], [mx.nd.array([[1, 0], [1, 0]])])
    return BatchEndParam(epoch, nbatch, metric, None)


def test_tables(drawn):
    logger = callback.PandasLogger(32, frequent=2)
    for i in range(4):
        given = param(i)
        logger.train_cb(given)
        assert given.eval_metric.num_inst == (0 if i % 2 == 0 else 2)
    logger.eval_cb(param(9, epoch=2))
    logger.epoch_cb(0, None, {}, {})
    assert [row["minibatch_count"] for row in logger.train_df.rows] == [0, 2]
    assert logger.eval_df.rows[0]["accuracy"] == 0.5 and logger.eval_df.rows[0]["epoch"] == 2
    assert sorted(logger.epoch_df.rows[0]) == ["elapsed", "epoch_time"]
    row = logger.train_df.rows[1]
    assert row["batches_per_sec"] == pytest.approx(32 * row["records_per_sec"])
    assert sorted(logger.all_dataframes) == ["epoch", "eval", "train"]


def test_a_module_trains_with_them(drawn):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    data = mx.io.NDArrayIter(mx.nd.ones((8, 3)).asnumpy(), mx.nd.zeros((8,)).asnumpy(), 2)
    logger = callback.PandasLogger(2, frequent=2)
    curve = callback.LiveLearningCurve("accuracy", display_freq=0, frequent=2)
    module.fit(data, data, num_epoch=2, **callback.args_wrapper(logger, curve))
    assert [len(logger.train_df), len(logger.eval_df), len(logger.epoch_df)] == [4, 2, 2]
    train, validation = (line.data_source.data for line in curve.fig.lines)
    assert len(train["x"]) == len(train["y"]) == 4 and len(validation["y"]) == 2
    assert set(drawn) == {"handle"}


def test_charts_of_ones_own(drawn):
    class Chart(callback.LiveBokehChart):
        updates = 0

        def setup_chart(self):
            self.fig = self._figure(title="mine")

        def update_chart_data(self):
            self.updates += 1

    chart = Chart(None, "accuracy", display_freq=1000, batch_size=2, frequent=1)
    chart.batch_cb(param(1))
    assert chart.updates == 0 and not chart.interval_elapsed()
    chart.eval_cb(param(1))
    assert chart.updates == 1 and len(drawn) == 1 and len(chart.pandas_logger.train_df) == 1
    with pytest.raises(NotImplementedError, match="LiveBokehChart does not define setup_chart"):
        callback.LiveBokehChart(None, "accuracy")


def test_values_over_time(drawn):
    series = callback.LiveTimeSeries(title="loss")
    series.update_chart_data(3)
    series.update_chart_data(2)
    assert series.fig.options["title"] == "loss" and len(drawn) == 2
    assert series.fig.lines[0].data_source.data["y"] == [3, 2]


def test_mistakes_are_named(drawn, monkeypatch):
    curve = callback.LiveLearningCurve("loss", frequent=1)
    with pytest.raises(ValueError, match="metric_name='loss' is no metric .* one of accuracy"):
        curve.batch_cb(param(1))
    for name in ("pandas", "bokeh.io"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(mx.MXNetError, match="PandasLogger: pandas is not installed; pip install"):
        callback.PandasLogger(1)
    with pytest.raises(mx.MXNetError, match="LiveTimeSeries: bokeh is not installed"):
        callback.LiveTimeSeries()
