"""Decision trees of ai.onnx.ml, beside a walk from node to node and ONNX Runtime."""

import numpy as np
import pytest

import mxnet as mx

onnx = pytest.importorskip("onnx")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto

COMPARISONS = [np.less_equal, np.less, np.greater_equal, np.greater, np.equal, np.not_equal]
FEATURES, TARGETS = 3, 2


class Tree:
    """A random tree; numbers are whole, so that equality happens."""

    def __init__(self, rng, modes, depth):
        self.leaf = depth == 0 or rng.random() < 0.2
        if self.leaf:
            self.target, self.weight = int(rng.integers(TARGETS)), float(rng.integers(1, 9))
            return
        self.feature, self.mode = int(rng.integers(FEATURES)), int(rng.choice(modes))
        self.split, self.missing = float(rng.integers(-2, 3)), int(rng.integers(2))
        self.members = sorted({float(n) for n in rng.integers(-2, 3, 2)})
        self.yes, self.no = Tree(rng, modes, depth - 1), Tree(rng, modes, depth - 1)

    def walk(self, row):
        """The leaf of a row."""
        if self.leaf:
            return self
        value = row[self.feature]
        if np.isnan(value):
            # Different from everything, also from what is looked for.
            holds = bool(self.missing) or self.mode == 5
        elif self.mode == 6:
            holds = value in self.members
        else:
            holds = bool(COMPARISONS[self.mode](value, self.split))
        return (self.yes if holds else self.no).walk(row)

    def nodes(self):
        """All nodes, parents first, the first child before the second one."""
        found = [self]
        return found if self.leaf else found + self.yes.nodes() + self.no.nodes()


def rows_of(dtype, rows=50, missing=True):
    x = np.random.default_rng(5).integers(-3, 4, (rows, FEATURES)).astype(dtype)
    if missing:
        x[::7, 1] = np.nan
    return x


def tensor(name, numbers, dtype):
    return numpy_helper.from_array(np.array(numbers, dtype), name)


def ensemble(trees, dtype, **more):
    """A node TreeEnsemble of opset 5."""
    nodes = [node for tree in trees for node in tree.nodes()]
    inner, leaves = [n for n in nodes if not n.leaf], [n for n in nodes if n.leaf]
    members = [m for n in inner if n.mode == 6 for m in (*n.members, np.nan)]
    if members:
        more["membership_values"] = tensor("membership_values", members, dtype)
    return helper.make_node(
        "TreeEnsemble",
        ["x"],
        ["y"],
        domain="ai.onnx.ml",
        n_targets=TARGETS,
        tree_roots=[inner.index(tree) for tree in trees],
        nodes_featureids=[n.feature for n in inner],
        nodes_modes=tensor("nodes_modes", [n.mode for n in inner], np.uint8),
        nodes_splits=tensor("nodes_splits", [n.split for n in inner], dtype),
        nodes_missing_value_tracks_true=[n.missing for n in inner],
        nodes_trueleafs=[int(n.yes.leaf) for n in inner],
        nodes_falseleafs=[int(n.no.leaf) for n in inner],
        nodes_truenodeids=[(leaves if n.yes.leaf else inner).index(n.yes) for n in inner],
        nodes_falsenodeids=[(leaves if n.no.leaf else inner).index(n.no) for n in inner],
        leaf_targetids=[n.target for n in leaves],
        leaf_weights=tensor("leaf_weights", [n.weight for n in leaves], dtype),
        **more,
    )


def regressor(trees, **more):
    """A node TreeEnsembleRegressor of opset 3."""
    names = [f"BRANCH_{n}" for n in ("LEQ", "LT", "GTE", "GT", "EQ", "NEQ")]
    lists = [tree.nodes() for tree in trees]
    keyed = [(t, i, n) for t, nodes in enumerate(lists) for i, n in enumerate(nodes)]
    leaves = [entry for entry in keyed if entry[2].leaf]

    def of(field, missing):
        return [missing if n.leaf else getattr(n, field) for _, _, n in keyed]

    def children(field):
        return [0 if n.leaf else lists[t].index(getattr(n, field)) for t, _, n in keyed]

    return helper.make_node(
        "TreeEnsembleRegressor",
        ["x"],
        ["y"],
        domain="ai.onnx.ml",
        n_targets=TARGETS,
        nodes_treeids=[t for t, _, _ in keyed],
        nodes_nodeids=[i for _, i, _ in keyed],
        nodes_featureids=of("feature", 0),
        nodes_values=of("split", 0.0),
        nodes_modes=["LEAF" if n.leaf else names[n.mode] for _, _, n in keyed],
        nodes_missing_value_tracks_true=of("missing", 0),
        nodes_truenodeids=children("yes"),
        nodes_falsenodeids=children("no"),
        target_treeids=[t for t, _, _ in leaves],
        target_nodeids=[i for _, i, _ in leaves],
        target_ids=[n.target for _, _, n in leaves],
        target_weights=[n.weight for _, _, n in leaves],
        **more,
    )


def model_of(node, dtype, version, shape=("N", FEATURES)):
    number = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", number, shape)],
        [helper.make_tensor_value_info("y", number, (shape[0], TARGETS))],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", version)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def run(model, x):
    from mxnet.onnx import backend

    return backend.prepare(model).run([x])[0]


def forest(seed, modes, trees=4, depth=4):
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < trees:
        tree = Tree(rng, modes, depth)
        if not tree.leaf:
            found.append(tree)
    return found


def expected(trees, x, aggregate):
    join = [np.add, np.add, np.minimum, np.maximum][aggregate]
    start = [0, 0, np.finfo(x.dtype).max, np.finfo(x.dtype).min][aggregate]
    result = np.full((len(x), TARGETS), start, x.dtype)
    for line, row in zip(result, x):
        for tree in trees:
            leaf = tree.walk(row)
            line[leaf.target] = join(line[leaf.target], leaf.weight)
    return result / len(trees) if aggregate == 0 else result


@pytest.mark.parametrize("aggregate", [0, 1, 2, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("modes", [[0], [6], [0, 1, 2, 3, 4, 5, 6]])
def test_ensemble(modes, dtype, aggregate):
    """Every comparison, NaN among the features, and an open number of rows."""
    trees, x = forest(1, modes), rows_of(dtype)
    model = model_of(ensemble(trees, dtype, aggregate_function=aggregate), dtype, 5)
    np.testing.assert_allclose(run(model, x), expected(trees, x, aggregate), rtol=1e-6)


def test_rows_may_be_open():
    trees = forest(2, [0, 3])
    symbol, args, _ = mx.contrib.onnx.import_model(model_of(ensemble(trees, "float32"), "f", 5))
    for count in (1, 9):
        x = rows_of("float32", count)
        executor = symbol.bind(mx.cpu(), {**args, "x": mx.nd.array(x)}, grad_req="null")
        found = executor.forward()[0].asnumpy()
        np.testing.assert_allclose(found, expected(trees, x, 1), rtol=1e-6)


@pytest.mark.parametrize("post", ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"])
@pytest.mark.parametrize("aggregate", ["SUM", "AVERAGE", "MIN", "MAX"])
def test_regressor_beside_onnx_runtime(aggregate, post):
    """Two targets that every forest votes for, as ONNX Runtime gives 0 to others."""
    runtime = pytest.importorskip("onnxruntime")
    trees = forest(3, [0], trees=30)
    node = regressor(
        trees, aggregate_function=aggregate, post_transform=post, base_values=[0.5, -0.25]
    )
    model, x = model_of(node, "float32", 3), rows_of("float32", missing=False)
    session = runtime.InferenceSession(model.SerializeToString())
    np.testing.assert_allclose(run(model, x), session.run(None, {"x": x})[0], rtol=1e-5)


def test_probit():
    """The quantile of the normal distribution, which ONNX Runtime approximates."""
    leaf = Tree(np.random.default_rng(0), [0], 0)
    trees = forest(4, [0], trees=1, depth=1)
    for tree in trees:
        tree.yes = tree.no = leaf
    leaf.weight, leaf.target = 0.975, 0
    node = regressor(trees, post_transform="PROBIT", base_values=[0.0, 0.5])
    found = run(model_of(node, "float32", 3), rows_of("float32", 3))
    np.testing.assert_allclose(found, [[1.959964, 0]] * 3, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("nodes_featureids", [FEATURES], "nodes_featureids"),
        ("nodes_truenodeids", [0, 0], "nodes_truenodeids of TreeEnsemble has 2"),
        ("tree_roots", [5], "tree_roots"),
        ("leaf_targetids", [0, -1], "leaf_targetids"),
        ("nodes_trueleafs", [0], "circle"),
        ("aggregate_function", 7, "aggregate_function=7"),
        ("post_transform", 5, "post_transform=5"),
        ("n_targets", 1 << 40, "smaller"),
    ],
)
def test_damaged_trees(name, value, words):
    """A stump: node 0 with leaves 0 and 1."""
    attributes = {
        "n_targets": TARGETS,
        "tree_roots": [0],
        "nodes_featureids": [0],
        "nodes_modes": tensor("nodes_modes", [0], np.uint8),
        "nodes_splits": tensor("nodes_splits", [0.0], np.float32),
        "nodes_trueleafs": [1],
        "nodes_falseleafs": [1],
        "nodes_truenodeids": [0],
        "nodes_falsenodeids": [1],
        "leaf_targetids": [0, 1],
        "leaf_weights": tensor("leaf_weights", [1, 2], np.float32),
    }
    good = helper.make_node("TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", **attributes)
    x = np.array([[-1, 0, 0], [1, 0, 0]], np.float32)
    np.testing.assert_array_equal(run(model_of(good, "float32", 5), x), [[1, 0], [0, 2]])
    attributes[name] = value
    bad = helper.make_node("TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", **attributes)
    with pytest.raises(mx.MXNetError, match=words) as caught:
        mx.contrib.onnx.import_model(model_of(bad, "float32", 5))
    assert "\n" not in str(caught.value)
