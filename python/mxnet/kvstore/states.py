"""States of an optimizer that lie in several ranks, as those of one process and back."""

import copy

from .. import ndarray as nd

__all__ = ["join", "cut", "with_counts"]


def _map(function, states):
    """`function` of all arrays of each rank's state; the states are built alike."""
    first = states[0]
    if isinstance(first, nd.NDArray):
        return function(states)
    if isinstance(first, (tuple, list)):
        return type(first)(_map(function, list(each)) for each in zip(*states))
    return first


def join(parts, layouts):
    """States of whole keys out of those of all ranks.

    Args:
        parts (list of dict): States by key, for each rank.
        layouts (dict): Layout by key.

    Returns:
        dict: States by key, in the order of `layouts`.
    """
    joined = {}
    for key, layout in layouts.items():
        found = [(rank, states[key]) for rank, states in enumerate(parts) if key in states]
        if not found:
            continue
        if not layout.is_cut:
            joined[key] = found[0][1]
            continue

        def together(arrays, ranks=tuple(rank for rank, _ in found), layout=layout):
            if any(a.size != layout.size_of(r) for a, r in zip(arrays, ranks)):
                return arrays[0]  # a number that belongs to the key as a whole
            return nd.concat(*arrays, dim=0).reshape(layout.shape)

        joined[key] = _map(together, [state for _, state in found])
    return joined


def cut(states, layouts, rank):
    """The part of whole states that a rank keeps.

    Args:
        states (dict): States by key.
        layouts (dict): Layout by key.
        rank (int): The rank.
    """
    kept = {}
    for key, layout in layouts.items():
        if key not in states or layout.size_of(rank) == 0:
            continue

        def part(arrays, layout=layout):
            whole = arrays[0]
            if not layout.is_cut or whole.shape != layout.shape:
                return whole
            return layout.part(whole, rank).copy()

        kept[key] = _map(part, [states[key]])
    return kept


def with_counts(optimizer, counts):
    """A copy of an optimizer that has counted the updates of all ranks.

    Args:
        optimizer (Optimizer): That of one rank.
        counts (list of dict): What each rank has counted, by device and key.
    """
    merged = {}
    for each in counts:
        for device, by_key in each.items():
            merged.setdefault(device, {}).update(by_key)
    whole = copy.copy(optimizer)
    whole._all_index_update_counts = merged
    whole._index_update_count = merged.setdefault(0, {})
    whole.num_update = max(
        [optimizer.num_update, *(n for by_key in merged.values() for n in by_key.values())]
    )
    return whole
