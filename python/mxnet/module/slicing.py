"""Splitting batches over devices and joining what comes back."""

import numpy as np

from .. import error
from .. import ndarray as nd
from ..context import Context, current_context
from ..io import DataDesc

__all__ = ["device_list", "split_slices", "merge", "part_of_shape"]


def device_list(context):
    """The devices that a user names: one, a list of them, or None for the current one.

    Raises:
        TypeError: There is something else among them.
    """
    context = current_context() if context is None else context
    devices = [context] if not isinstance(context, (list, tuple)) else list(context)
    for device in devices:
        if not isinstance(device, Context):
            raise error.TypeError(
                f"Module: context={device!r} is a {type(device).__name__}; a Context such as "
                "mx.cpu(), or a list of them, is expected"
            )
    return devices


def split_slices(batch_size, work_load_list):
    """Rows of a batch for each device, in proportion to the work loads.

    Raises:
        ValueError: A device would get no row.
    """
    total = sum(work_load_list)
    counts = [round(load * batch_size / total) for load in work_load_list]
    counts[-1] += batch_size - sum(counts)
    ends = np.minimum(np.cumsum(counts), batch_size).tolist()
    slices = [slice(begin, end) for begin, end in zip([0] + ends, ends)]
    if any(part.start >= part.stop for part in slices):
        raise error.ValueError(
            f"Module: batch_size={batch_size} is too small for "
            f"{len(work_load_list)} devices; at least one row for each device is "
            "expected"
        )
    return slices


def merge(parts, axis):
    """Arrays of all devices as one, joined along the batch axis.

    Without a batch axis (-1) all devices hold the same, and the first is taken.
    """
    if len(parts) == 1 or axis < 0:
        return parts[0]
    home = parts[0].context
    return nd.concat(*(part.as_in_context(home) for part in parts), dim=axis)


def part_of_shape(desc, part):
    """Shape of an input on the device that gets the rows `part` of a batch."""
    axis = DataDesc.get_batch_axis(getattr(desc, "layout", None))
    if axis < 0:
        return desc.shape
    return desc.shape[:axis] + (part.stop - part.start,) + desc.shape[axis + 1 :]
