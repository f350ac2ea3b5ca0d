"""Initializers: what they fill arrays with after a seed, and their JSON.

Orthogonal is not among them: its signs depend on the LAPACK that NumPy is built with.
"""

import numpy as np

from .digest import digest

SHAPES = [(4, 6), (6, 4), (8, 3, 4, 4), (2, 3, 5)]

INITIALIZERS = {
    "zero": lambda init: init.Zero(),
    "one": lambda init: init.One(),
    "constant": lambda init: init.Constant(2.5),
    "uniform": lambda init: init.Uniform(),
    "uniform_wide": lambda init: init.Uniform(0.3),
    "normal": lambda init: init.Normal(),
    "normal_wide": lambda init: init.Normal(0.5),
    "xavier": lambda init: init.Xavier(),
    "xavier_gaussian": lambda init: init.Xavier("gaussian", "in", 2),
    "xavier_out": lambda init: init.Xavier(factor_type="out", magnitude=2.34),
    "msra": lambda init: init.MSRAPrelu(),
    "msra_in": lambda init: init.MSRAPrelu("in", 0),
    "lstm_bias": lambda init: init.LSTMBias(2.0),
}
NAMES = ["fc_weight", "fc_bias", "bn_gamma", "bn_beta", "x_min", "x_max", "weight", "a_weight_max"]


def _fill(make, shapes=SHAPES):
    def run(mx):
        initializer = make(mx.init)
        results = [initializer.dumps()]
        for shape in shapes:
            mx.random.seed(7)
            array = mx.nd.full(shape, 99.0)
            initializer(mx.init.InitDesc("x_weight"), array)
            results.append(digest(array))
        return results

    return run


def _by_name(mx):
    results = []
    for name in NAMES:
        mx.random.seed(7)
        array = mx.nd.full((6,), 99.0)
        mx.init.Uniform(1.0)(mx.init.InitDesc(name), array)
        results.append(digest(array))
    return results


def _by_attribute(mx):
    results = []
    for own in (mx.init.Constant(3).dumps(), "one", mx.init.LSTMBias(1.0).dumps()):
        array = mx.nd.full((8,), 99.0)
        mx.init.Uniform()(mx.init.InitDesc("foo_bias", {"__init__": own}), array)
        results.append(digest(array))
    return results


def _mixed(mx):
    mixed = mx.init.Mixed(["bias", ".*"], [mx.init.One(), mx.init.Uniform(0.1)])
    results = []
    for name in ("bias_weight", "c_bias", "c_weight"):
        mx.random.seed(3)
        array = mx.nd.full((3,), 99.0)
        mixed(mx.init.InitDesc(name), array)
        results.append(digest(array))
    return results


def _types(mx):
    results = []
    for dtype, initializer in (("float16", mx.init.Xavier()), ("float64", mx.init.Normal())):
        mx.random.seed(1)
        array = mx.nd.zeros((4, 5), dtype=dtype)
        initializer(mx.init.InitDesc("a_weight"), array)
        results.append([digest(array), np.dtype(array.dtype).name])
    return results


CASES = {
    **{name: _fill(make) for name, make in INITIALIZERS.items()},
    "bilinear": _fill(lambda init: init.Bilinear(), [(8, 3, 4, 4), (1, 1, 5, 5)]),
    "by_name": _by_name,
    "by_attribute": _by_attribute,
    "mixed": _mixed,
    "types": _types,
}
