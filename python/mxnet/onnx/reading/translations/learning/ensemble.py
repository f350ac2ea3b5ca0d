"""Decision trees whose inner nodes and leaves are numbered each on their own."""

import numpy as np

from ...registry import translates
from .forest import MODES, Forest, features_of
from .lists import check_range, listed, of_length

_AGGREGATES = ("AVERAGE", "SUM", "MIN", "MAX")
_POSTS = ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT")


def _named(node, name, number, names):
    if not 0 <= number < len(names):
        raise node.refuse(name, number, f"a number from 0 to {len(names) - 1}")
    return names[number]


@translates("TreeEnsemble", domain="ai.onnx.ml")
def tree_ensemble(node, x):
    x = features_of(node, x)
    aggregate = _named(node, "aggregate_function", node.attr("aggregate_function", 1), _AGGREGATES)
    post = _named(node, "post_transform", node.attr("post_transform", 0), _POSTS)
    return _forest(node, x.shape[1]).answer(node, x, aggregate, post)


def _forest(node, columns):
    """Inner nodes, then leaves."""
    features = listed(node, "nodes_featureids")
    count = len(features)
    targets, weights = listed(node, "leaf_targetids"), listed(node, "leaf_weights")
    leaves, width = len(weights), node.attr("n_targets", int(targets.max(initial=0)) + 1)
    of_length(node, "leaf_targetids", targets, leaves)
    modes, roots = listed(node, "nodes_modes", count), listed(node, "tree_roots")
    for name, numbers, limit in (
        ("nodes_featureids", features, columns),
        ("leaf_targetids", targets, width),
        ("nodes_modes", modes, len(MODES)),
        ("tree_roots", roots, count),
    ):
        check_range(node, name, numbers, limit)
    node.check_constant((count + leaves, width), "float64")
    own = count + np.arange(leaves)
    votes, voted = (np.zeros((count + leaves, width), dtype) for dtype in (weights.dtype, bool))
    votes[own, targets], voted[own, targets] = weights, True
    return Forest(
        roots,
        np.pad(features, (0, leaves)),
        np.pad(modes, (0, leaves)),
        np.pad(listed(node, "nodes_splits", count), (0, leaves)),
        _members(node, modes, leaves),
        np.pad(listed(node, "nodes_missing_value_tracks_true", count, 0) != 0, (0, leaves)),
        np.concatenate([_children(node, "true", count, leaves), own]),
        np.concatenate([_children(node, "false", count, leaves), own]),
        votes,
        voted,
    )


def _children(node, branch, count, leaves):
    children = listed(node, f"nodes_{branch}nodeids", count)
    is_leaf = listed(node, f"nodes_{branch}leafs", count) != 0
    check_range(node, f"nodes_{branch}nodeids", children[is_leaf], leaves)
    check_range(node, f"nodes_{branch}nodeids", children[~is_leaf], count)
    return np.where(is_leaf, count + children, children)


def _members(node, modes, leaves):
    """What nodes look up; the file has one list for all, a NaN behind the numbers of each node."""
    places = np.flatnonzero(modes == MODES.index("MEMBER"))
    if not places.size:
        return np.zeros((len(modes) + leaves, 0))
    numbers = listed(node, "membership_values")
    ends = np.flatnonzero(np.isnan(numbers))
    of_length(node, "membership_values, split at NaN,", ends, len(places))
    groups = np.split(numbers, ends + 1)[:-1]
    table = np.full((len(modes) + leaves, max(map(len, groups))), np.nan)
    for place, group in zip(places, groups):
        table[place, : len(group)] = group
    return table
