"""Decision trees whose nodes are named by their tree and a number in it."""

import numpy as np

from ..... import error
from ...registry import translates
from .forest import MODES, Forest, features_of
from .lists import check_range, listed, of_length


@translates("TreeEnsembleRegressor", domain="ai.onnx.ml")
def tree_ensemble_regressor(node, x):
    x = features_of(node, x)
    given = next((n for n in ("base_values", "base_values_as_tensor") if node.has(n)), None)
    forest = _forest_of_keys(node, x.shape[1])
    base = None if given is None else listed(node, given, forest.votes.shape[1])
    aggregate, post = node.attr("aggregate_function", "SUM"), node.attr("post_transform", "NONE")
    return node.cast(forest.answer(node, x, aggregate, post, base), "float32")


def _floats(node, name, count):
    return listed(node, name if node.has(name) else f"{name}_as_tensor", count)


def _forest_of_keys(node, columns):
    """Nodes that are named by their tree and a number in it."""
    trees = listed(node, "nodes_treeids")
    count = len(trees)
    keys = list(zip(trees.tolist(), listed(node, "nodes_nodeids", count).tolist()))
    rows = {key: i for i, key in enumerate(keys)}
    is_leaf, modes = _modes(node, count)
    features = np.where(is_leaf, 0, listed(node, "nodes_featureids", count))
    check_range(node, "nodes_featureids", features, columns)
    children = [
        np.array(
            [
                i if leaf else _row_of(node, rows, tree, child)
                for i, (leaf, tree, child) in enumerate(
                    zip(is_leaf, trees, listed(node, f"nodes_{branch}nodeids", count))
                )
            ]
        )
        for branch in ("true", "false")
    ]
    votes, voted = _votes_of_keys(node, rows)
    first = {}
    for i, tree in enumerate(trees.tolist()):
        first.setdefault(tree, i)
    return Forest(
        np.array(list(first.values())),
        features,
        modes,
        _floats(node, "nodes_values", count),
        np.zeros((count, 0)),
        listed(node, "nodes_missing_value_tracks_true", count, 0) != 0,
        *children,
        votes,
        voted,
    )


def _modes(node, count):
    """Whether nodes are leaves, and how the others compare."""
    known = {f"BRANCH_{mode}".encode(): i for i, mode in enumerate(MODES[:-1])} | {b"LEAF": 0}
    texts = of_length(node, "nodes_modes", node.attr("nodes_modes", []), count)
    for text in texts:
        if text not in known:
            raise node.refuse("nodes_modes", text, b", ".join(known).decode())
    return np.array([text == b"LEAF" for text in texts]), np.array([known[t] for t in texts])


def _row_of(node, rows, tree, number):
    try:
        return rows[int(tree), int(number)]
    except KeyError:
        raise error.ValueError(
            f"{node.title}: {node.proto.op_type} names node {number} of tree {tree}, which is not "
            "there; a node of the tree is expected"
        ) from None


def _votes_of_keys(node, rows):
    targets = listed(node, "target_ids")
    count, width = len(targets), node.attr("n_targets", int(targets.max(initial=0)) + 1)
    check_range(node, "target_ids", targets, width)
    node.check_constant((len(rows), width), "float64")
    votes, voted = (np.zeros((len(rows), width), dtype) for dtype in (float, bool))
    numbers = zip(listed(node, "target_treeids", count), listed(node, "target_nodeids", count))
    places = np.array([_row_of(node, rows, *key) for key in numbers], int)
    np.add.at(votes, (places, targets), _floats(node, "target_weights", count))
    voted[places, targets] = True
    return votes, voted
