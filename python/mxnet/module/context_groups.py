"""Devices of context groups, as modules take them."""

from .. import error
from ..context import Context

__all__ = ["groups_of_devices"]


def groups_of_devices(group2ctxs, count):
    """Devices of the groups for each of the devices that share a batch.

    Args:
        group2ctxs (dict or list of dict): A dict from groups to a device, or to a list with one for
            each of the devices; or a list of dicts from groups to a device.
        count (int): How many devices share a batch.

    Returns:
        list of dict: From groups to devices, for each device.

    Raises:
        ValueError: There are too many or too few.
    """
    if group2ctxs is None:
        return [{} for _ in range(count)]
    if isinstance(group2ctxs, (list, tuple)):
        _check("group2ctxs", group2ctxs, count)
        return [dict(each) for each in group2ctxs]
    result = [{} for _ in range(count)]
    for group, places in group2ctxs.items():
        if isinstance(places, Context):
            places = [places] * count
        elif len(places) == 1:
            places = list(places) * count
        _check(f"group2ctxs[{group!r}]", places, count)
        for each, place in zip(result, places):
            each[group] = place
    return result


def _check(what, given, count):
    if len(given) != count:
        raise error.ValueError(
            f"Module: {what} has {len(given)} entries; expected {count}, one for each device"
        )
