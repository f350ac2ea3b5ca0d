"""Callbacks that keep metrics in tables of pandas, and draw them while a module trains."""

import datetime
import importlib
import time
from collections import defaultdict

from .. import error

__all__ = ["PandasLogger", "LiveBokehChart", "LiveTimeSeries", "LiveLearningCurve", "args_wrapper"]


def _package(name, user):
    """A package that is needed here only.

    Raises:
        MXNetError: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        package = name.partition(".")[0]
        raise error.MXNetError(
            f"{user}: {package} is not installed; pip install {package}"
        ) from cause


class PandasLogger:
    """Keeps what callbacks are told in tables of pandas. Needs the package pandas.

    Args:
        batch_size (int): Rows of a batch, for the speed.
        frequent (int): Batches between two rows of the table of training.

    Example:
        >>> logger = PandasLogger(batch_size=32)
        >>> module.fit(data, num_epoch=3, **logger.callback_args())
        >>> logger.train_df["accuracy"]
    """

    def __init__(self, batch_size, frequent=50):
        pandas = _package("pandas", "PandasLogger")
        self.batch_size = batch_size
        self.frequent = frequent
        self._dataframes = {name: pandas.DataFrame() for name in ("train", "eval", "epoch")}
        self.start_time = self.last_time = self.last_epoch_time = datetime.datetime.now()

    @property
    def train_df(self):
        """The table of training, with a row for every `frequent` batches."""
        return self._dataframes["train"]

    @property
    def eval_df(self):
        """The table of validation, with a row for each epoch."""
        return self._dataframes["eval"]

    @property
    def epoch_df(self):
        """The table of times, with a row for each epoch."""
        return self._dataframes["epoch"]

    @property
    def all_dataframes(self):
        """All tables, a dict by name."""
        return self._dataframes

    def elapsed(self):
        """Time since the logger was made."""
        return datetime.datetime.now() - self.start_time

    def append_metrics(self, metrics, df_name):
        """Add a row to a table.

        Args:
            metrics (dict of str to object): Values by column; new columns are made.
            df_name (str): "train", "eval" or "epoch".
        """
        table = self._dataframes[df_name]
        for name in metrics:
            if name not in table:
                table[name] = None
        table.loc[len(table)] = metrics

    def train_cb(self, param):
        """What `fit` calls after a batch."""
        if param.nbatch % self.frequent == 0:
            self._add(param, "train")

    def eval_cb(self, param):
        """What `fit` calls after the validation."""
        self._add(param, "eval")

    def epoch_cb(self, *_):
        """What `fit` calls after an epoch."""
        now = datetime.datetime.now()
        times = {"elapsed": self.elapsed(), "epoch_time": now - self.last_epoch_time}
        self.append_metrics(times, "epoch")
        self.last_epoch_time = now

    def _add(self, param, df_name):
        now, metrics = datetime.datetime.now(), {}
        if param.eval_metric is not None:
            metrics = dict(param.eval_metric.get_name_value())
            param.eval_metric.reset()
        seconds = max((now - self.last_time).total_seconds(), 1e-9)
        speed = self.frequent / seconds
        metrics.update(
            batches_per_sec=speed * self.batch_size,
            records_per_sec=speed,
            elapsed=self.elapsed(),
            minibatch_count=param.nbatch,
            epoch=param.epoch,
        )
        self.append_metrics(metrics, df_name)
        self.last_time = now

    def callback_args(self):
        """The arguments of `fit` that bring the callbacks."""
        return {
            "batch_end_callback": self.train_cb,
            "eval_end_callback": self.eval_cb,
            "epoch_end_callback": self.epoch_cb,
        }


class LiveBokehChart:
    """Base of charts that are drawn again while a module trains. A subclass defines `setup_chart`,
    which makes `self.fig`, and `update_chart_data`. Needs the package bokeh.

    Args:
        pandas_logger (PandasLogger): Where the values are kept; made anew if not given.
        metric_name (str): The metric to draw.
        display_freq (float): Seconds between two drawings.
        batch_size (int): For a logger that is made.
        frequent (int): For a logger that is made.
    """

    def __init__(self, pandas_logger, metric_name, display_freq=10, batch_size=None, frequent=50):
        if pandas_logger is None:
            pandas_logger = PandasLogger(batch_size=batch_size, frequent=frequent)
        self.pandas_logger = pandas_logger
        self._begin(metric_name, display_freq)

    def _begin(self, metric_name, display_freq):
        self.metric_name = metric_name
        self.display_freq = display_freq
        self.last_update = time.time()
        self._io = _package("bokeh.io", type(self).__name__)
        self._io.output_notebook()
        self.handle = None
        self.setup_chart()

    def _figure(self, **options):
        plotting = _package("bokeh.plotting", type(self).__name__)
        return plotting.figure(x_axis_type="datetime", **options)

    def _show(self):
        self.handle = self._io.show(self.fig, notebook_handle=True)

    def setup_chart(self):
        """Make `self.fig`."""
        raise error.NotImplementedError(f"{type(self).__name__} does not define setup_chart()")

    def update_chart_data(self):
        """Bring new values into the chart."""
        raise error.NotImplementedError(
            f"{type(self).__name__} does not define update_chart_data()"
        )

    def interval_elapsed(self):
        """Whether it is time to draw again."""
        return time.time() - self.last_update > self.display_freq

    def _push_render(self):
        self._io.push_notebook(handle=self.handle)
        self.last_update = time.time()

    def _draw(self):
        self.update_chart_data()
        self._push_render()

    def batch_cb(self, param):
        """What `fit` calls after a batch."""
        self.pandas_logger.train_cb(param)
        if self.interval_elapsed():
            self._draw()

    def eval_cb(self, param):
        """What `fit` calls after the validation."""
        self.pandas_logger.eval_cb(param)
        self._draw()

    def callback_args(self):
        """The arguments of `fit` that bring the callbacks."""
        return {"batch_end_callback": self.batch_cb, "eval_end_callback": self.eval_cb}


class LiveTimeSeries(LiveBokehChart):
    """One value over time, given to `update_chart_data`.

    Args:
        **fig_params: Arguments of bokeh's figure.
    """

    def __init__(self, **fig_params):
        self._options = {"x_axis_label": "Elapsed time", **fig_params}
        self.pandas_logger = None
        self.start_time = datetime.datetime.now()
        self.x_axis_val, self.y_axis_val = [], []
        self._begin(None, 0)

    def setup_chart(self):
        """Make the figure of one line and show it."""
        self.fig = self._figure(**self._options)
        self._line = self.fig.line(self.x_axis_val, self.y_axis_val)
        self._show()

    def elapsed(self):
        """Time since the chart was made."""
        return datetime.datetime.now() - self.start_time

    def update_chart_data(self, value):
        """Add a value and draw."""
        self.x_axis_val.append(self.elapsed())
        self.y_axis_val.append(value)
        self._line.data_source.data = {"x": list(self.x_axis_val), "y": list(self.y_axis_val)}
        self._push_render()

    def batch_cb(self, param):
        """Nothing: values are given to `update_chart_data`."""

    eval_cb = batch_cb


class LiveLearningCurve(LiveBokehChart):
    """A metric in training and validation over time.

    Args:
        metric_name (str): The metric.
        display_freq (float): Seconds between two drawings.
        frequent (int): Batches between two values.
    """

    def __init__(self, metric_name, display_freq=10, frequent=50):
        self.frequent = frequent
        self.pandas_logger = None
        self.start_time = datetime.datetime.now()
        self._data = {"train": defaultdict(list), "eval": defaultdict(list)}
        self._begin(metric_name, display_freq)

    def setup_chart(self):
        """Make the figure of two curves and show it."""
        self.fig = self._figure(x_axis_label="Training time")
        self._lines = {
            "train": self.fig.line([], [], line_dash="dotted", alpha=0.3, legend_label="train"),
            "eval": self.fig.line(
                [], [], line_color="green", line_width=2, legend_label="validation"
            ),
        }
        self._show()

    def _keep(self, param, kind):
        values = dict(param.eval_metric.get_name_value())
        if self.metric_name not in values:
            raise error.ValueError(
                f"LiveLearningCurve: metric_name={self.metric_name!r} is no metric of training; "
                f"one of {', '.join(values)} is expected"
            )
        self._data[kind]["elapsed"].append(datetime.datetime.now() - self.start_time)
        self._data[kind][self.metric_name].append(values[self.metric_name])

    def batch_cb(self, param):
        """What `fit` calls after a batch."""
        if param.nbatch % self.frequent == 0:
            self._keep(param, "train")
        if self.interval_elapsed():
            self._draw()

    def eval_cb(self, param):
        """What `fit` calls after the validation."""
        self._keep(param, "eval")
        self._draw()

    def update_chart_data(self):
        """Bring new values into the curves."""
        for kind, line in self._lines.items():
            kept = self._data[kind]
            line.data_source.data = {
                "x": list(kept["elapsed"]),
                "y": list(kept[self.metric_name]),
            }


def args_wrapper(*args):
    """The callbacks of several loggers and charts, as arguments of `fit`.

    Example:
        >>> module.fit(data, num_epoch=3, **args_wrapper(logger, chart))
    """
    merged = defaultdict(list)
    for each in args:
        for name, callback in each.callback_args().items():
            merged[name].append(callback)
    return dict(merged)
