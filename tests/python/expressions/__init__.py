"""Expressions whose results under MXNet 1.9.1 are stored in tests/data/expressions.

Each module here has a table of snippets: statements, with an expression at the end. They are
evaluated one by one, each with the names that `namespace` makes, a fresh `NameManager` and the
same seeds. Those of modules named numpy_* work with the NumPy interface and see the names of
`numpy_namespace`.
``tools/oracle/record_expressions.py`` writes the files, ``test_expressions.py`` compares.
"""

import ast
import warnings

import numpy as np


def namespace(mx):
    """What snippets see."""
    nd, sym = mx.nd, mx.sym
    return {
        "mx": mx,
        "nd": nd,
        "sym": sym,
        "np": np,
        "ag": mx.autograd,
        "x": nd.array([[1, 2], [3, 4]]),
        "i": nd.array([[1, 2], [3, 4]], dtype="int32"),
        "y": nd.array(np.arange(12).reshape(3, 4)),
        "z": nd.array(np.arange(24).reshape(2, 3, 4)),
        "c": nd.sparse.csr_matrix(([1.0, 2, 3, 4], [0, 2, 1, 3], [0, 2, 2, 3, 4]), shape=(4, 4)),
        "r": nd.sparse.row_sparse_array(([[1.0, 2], [3, 4]], [1, 3]), shape=(5, 2)),
        "a": sym.Variable("a"),
        "b": sym.Variable("b"),
        "gluon": mx.gluon,
        "nn": mx.gluon.nn,
        "rnn": mx.gluon.rnn,
        **module_makers(mx),
    }


def numpy_namespace(mx):
    """What snippets of the NumPy interface see: `onp` is NumPy itself."""
    mnp = mx.np
    return {
        "mx": mx,
        "np": mnp,
        "npx": mx.npx,
        "onp": np,
        "nd": mx.nd,
        "sym": mx.sym,
        "ag": mx.autograd,
        "gluon": mx.gluon,
        "nn": mx.gluon.nn,
        "x": mnp.array([[1, 2], [3, 4]]),
        "i": mnp.array([[1, 2], [3, 4]], dtype="int32"),
        "b": mnp.array([[True, False], [False, True]], dtype="bool"),
        "d": mnp.array([[0.5, -1.5], [2.5, 3.5]], dtype="float64"),
        "v": mnp.array([3.0, 1.0, 2.0]),
        "s": mnp.array(2.0),
        "e": mnp.zeros((0, 3)),
        "y": mnp.arange(12).reshape(3, 4),
        "z": mnp.arange(24).reshape(2, 3, 4),
        "sx": mx.sym.var("sx").as_np_ndarray(),
        "sy": mx.sym.var("sy").as_np_ndarray(),
    }


def module_makers(mx):
    """A network, data, and functions that make modules of the network: one for each state."""
    layer = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    network = mx.sym.SoftmaxOutput(layer, name="softmax")

    def bound():
        module = mx.mod.Module(network)
        module.bind([("data", (2, 2))], [("softmax_label", (2,))])
        return module

    def ready():
        module = bound()
        module.init_params()
        return module

    def trained():
        module = ready()
        module.init_optimizer()
        return module

    return {
        "network": network,
        "batches": lambda: mx.io.NDArrayIter(np.ones((6, 2)), np.ones(6), 2),
        "module": lambda: mx.mod.Module(network),
        "bound": bound,
        "ready": ready,
        "trained": trained,
    }


def evaluate(mx, snippet, family):
    """The description of a snippet's result, or of its error."""
    if not family.startswith("numpy_"):
        return _evaluate(mx, snippet, namespace(mx))
    with mx.util.np_shape(), mx.util.np_array():
        return _evaluate(mx, snippet, numpy_namespace(mx))


def _evaluate(mx, snippet, names):
    np.random.seed(0)
    mx.random.seed(0)
    tree = ast.parse(snippet)
    last = ast.Expression(tree.body.pop().value)
    try:
        with warnings.catch_warnings(), mx.name.NameManager():
            warnings.simplefilter("ignore")
            exec(compile(tree, snippet, "exec"), names)
            return describe(mx, eval(compile(last, snippet, "eval"), names))
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__[:-2]]
        return {"error": kinds}


def describe(mx, value):
    """A value as JSON can hold it."""
    if isinstance(value, mx.nd.NDArray):
        if value.stype != "default":
            return {"sparse": value.stype, "dense": describe(mx, value.asnumpy())}
        kind = "np_array" if isinstance(value, mx.np.ndarray) else "array"
        return {kind: _numbers(value.asnumpy()), "context": str(value.context)}
    if isinstance(value, np.ndarray):
        return {"numpy": _numbers(value)}
    if isinstance(value, mx.sym.Symbol):
        kind = "np_symbol" if hasattr(value, "T") else "symbol"
        return {
            kind: [
                value.name,
                value.list_arguments(),
                value.list_outputs(),
                value.list_auxiliary_states(),
                value.attr_dict(),
            ]
        }
    if isinstance(value, dict):
        return {"dict": [[describe(mx, k), describe(mx, v)] for k, v in sorted(value.items())]}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [describe(mx, item) for item in value]}
    if isinstance(value, type):
        return {"type": value.__name__.rstrip("_")}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, np.generic)):
        return {type(value).__name__.rstrip("_"): f"{float(value):.6g}"}
    return {"object": repr(value)}


def _numbers(array):
    text = [f"{float(v):.6g}" if array.dtype.names is None else str(v[0]) for v in array.ravel()]
    return [array.dtype.name, list(array.shape), " ".join(text)]
