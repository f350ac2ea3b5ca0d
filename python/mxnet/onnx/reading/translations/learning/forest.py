"""Decision trees: all rows go down all trees at once, one level in each step."""

import dataclasses

import numpy as np

from ..... import error
from ...values import Size, is_known
from ..tensor.shape import _product

MODES = ("LEQ", "LT", "GTE", "GT", "EQ", "NEQ", "MEMBER")
_COMPARISONS = ("less_equal", "less", "greater_equal", "greater", "equal", "not_equal")
_MEMBER = 6


@dataclasses.dataclass
class Forest:
    """Trees as tables with a row for each node; the children of a leaf are itself.

    Attributes:
        roots (numpy.ndarray): Row of each tree's root.
        features (numpy.ndarray): Column of the input that a node looks at.
        modes (numpy.ndarray): How it compares, an index of `MODES`.
        splits (numpy.ndarray): What with.
        members (numpy.ndarray): Numbers that are looked up, one row for each node, filled up with
            NaN; no columns if no node looks up any.
        missing (numpy.ndarray): Whether NaN goes to the first child.
        yes, no (numpy.ndarray): Rows of the children.
        votes (numpy.ndarray): (nodes, targets), what leaves add.
        voted (numpy.ndarray): Where they do.
    """

    roots: np.ndarray
    features: np.ndarray
    modes: np.ndarray
    splits: np.ndarray
    members: np.ndarray
    missing: np.ndarray
    yes: np.ndarray
    no: np.ndarray
    votes: np.ndarray
    voted: np.ndarray

    @property
    def inner(self):
        """Which nodes are no leaves."""
        own = np.arange(len(self.yes))
        return (self.yes != own) | (self.no != own)

    def leaves(self, node, x):
        """The leaf of each row in each tree.

        Args:
            node (Node): The node.
            x (Value): Rows of features.

        Returns:
            Value: (rows, trees), int64.
        """
        count = x.shape[0]
        flat = node.reshape(x, (_product(x.shape),))
        open_ended = isinstance(count, Size)
        lines = node.count_up(count) if open_ended else node.const(np.arange(count), "int64")
        begins = node.mul(node.cast(lines, "int64"), node.const(x.shape[1], "int64"))
        begins = node.reshape(begins, (count, 1))
        places = node.broadcast_to(node.const(self.roots[None], "int64"), (count, len(self.roots)))
        for _ in range(self._depth(node)):
            feature = _row(node, self.features, places, "int64")
            values = node.op("take", flat, node.add(begins, feature), axis=0, mode="clip")
            holds = self._holds(node, values.like(dtype=x.dtype), places)
            yes, no = (_row(node, table, places, "int64") for table in (self.yes, self.no))
            places = node.where(holds, yes, no)
        return places

    def _depth(self, node):
        """Steps from the roots to the farthest leaf."""
        inner, level, steps = self.inner, np.unique(self.roots), 0
        while True:
            level = level[inner[level]]
            if not level.size:
                return steps
            steps += 1
            if steps > len(self.yes):
                raise error.ValueError(
                    f"{node.title}: nodes of {node.proto.op_type} form a circle; trees are expected"
                )
            node.check_steps(steps, "levels of trees")
            level = np.unique(np.concatenate([self.yes[level], self.no[level]]))

    def _holds(self, node, values, places):
        """Whether the comparisons of the nodes at some places hold."""
        modes, result = np.unique(self.modes[self.inner]), None
        split = _row(node, self.splits, places, values.dtype)
        for mode in modes:
            if mode == _MEMBER:
                held = self._is_member(node, values, places)
            else:
                held = node.binary(_COMPARISONS[mode], values, split)
            if len(modes) > 1:
                held = node.binary("bit_and", held, _truth(node, self.modes == mode, places))
            result = held if result is None else node.binary("bit_or", result, held)
        if self.missing.any():
            nan = node.pointwise("_npi_isnan", values, "bool")
            nan = node.binary("bit_and", nan, _truth(node, self.missing, places))
            result = node.binary("bit_or", result, nan)
        return result

    def _is_member(self, node, values, places):
        members = _row(node, self.members, places, values.dtype)
        equal = node.binary("equal", node.expand_dims(values, 2), members)
        return node.cast(node.reduce("max", node.cast(equal, "int32"), [2], False), "bool")

    def answer(self, node, x, aggregate, post, base=None):
        """What the trees say together.

        Args:
            node (Node): The node.
            x (Value): Rows of features.
            aggregate (str): How votes are joined: SUM, AVERAGE, MIN or MAX.
            post (str): What is made of the result: NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT.
            base (list of float): What is added for each target, or None.

        Returns:
            Value: (rows, targets).
        """
        places, votes = self.leaves(node, x), self.votes
        if aggregate in ("MIN", "MAX"):
            info = np.finfo(x.dtype)
            votes = np.where(self.voted, votes, info.max if aggregate == "MIN" else info.min)
        votes = _row(node, votes, places, x.dtype)
        kinds = {"SUM": "sum", "AVERAGE": "mean", "MIN": "min", "MAX": "max"}
        if aggregate not in kinds:
            raise node.refuse("aggregate_function", aggregate, ", ".join(kinds))
        result = node.reduce(kinds[aggregate], votes, [1], False)
        if base is not None:
            result = node.add(result, node.const(base, x.dtype))
        return _transformed(node, result, post)


def _row(node, table, places, dtype):
    """The rows of a table at some places."""
    return node.op("take", node.const(table, dtype), places, axis=0, mode="clip").like(dtype=dtype)


def _truth(node, table, places):
    return node.cast(_row(node, table, places, "int32"), "bool")


def _transformed(node, scores, post):
    if post == "NONE":
        return scores
    if post == "SOFTMAX":
        return node.op("softmax", scores, axis=1).like(scores.shape, scores.dtype)
    if post == "LOGISTIC":
        return node.pointwise("sigmoid", scores)
    if post == "PROBIT":
        quantile = node.pointwise("erfinv", node.scale(scores, 2.0, -1.0))
        return node.scale(quantile, np.sqrt(2.0))
    if post == "SOFTMAX_ZERO":
        # Scores of 0 stay 0.
        largest = node.reduce("max", scores, [1], True)
        parts = node.pointwise("exp", node.sub(scores, largest))
        some = node.binary("not_equal", scores, node.const(0, scores.dtype))
        parts = node.mul(parts, node.cast(some, scores.dtype))
        return node.div(parts, node.reduce("sum", parts, [1], True))
    raise node.refuse("post_transform", post, "NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT")


def features_of(node, x):
    """Rows of floats with a known number of columns.

    Raises:
        NotImplementedError: They are none.
    """
    if x.rank != 2 or not is_known(x.shape[1:]) or x.is_empty:
        raise node.refuse("X", list(x.shape), "rows of a known number of features")
    return x if x.dtype in ("float16", "float32", "float64") else node.cast(x, "float32")
