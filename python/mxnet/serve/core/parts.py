"""Inputs of a batch: what each of those who ask has given, and how they are joined."""

import numpy as np

__all__ = ["PlainPart", "Rooms", "arrays_of", "row_shapes"]


class PlainPart:
    """The inputs of plain requests, whose bytes lie where the network has put them.

    Args:
        plain (PlainBatch): The requests.
        infos (list of TensorInfo): The inputs.
    """

    def __init__(self, plain, infos):
        self._plain, self._infos = plain, infos
        self.rows = plain.rows

    def row_shapes(self):
        """Shapes of rows by the names of inputs."""
        return dict(zip((each.name for each in self._infos), self._plain.row_shapes))

    def dtypes(self):
        """Dtypes by the names of inputs."""
        return {each.name: each.dtype for each in self._infos}

    def arrays(self):
        """Arrays by the names of inputs; without a copy where there is one request."""
        shapes = self.row_shapes()
        if len(self._plain) == 1:
            views = self._plain.view()
            return {
                each.name: view.view(each.dtype).reshape(self.rows, *shapes[each.name])
                for each, view in zip(self._infos, views)
            }
        arrays = {
            each.name: np.empty((self.rows, *shapes[each.name]), each.dtype) for each in self._infos
        }
        self.copy_to(list(arrays.values()))
        return arrays

    def copy_to(self, arrays):
        """Copy the rows to the start of arrays, one for each input in their order."""
        self._plain.gather([each.view(np.uint8) for each in arrays])


def arrays_of(part):
    """A part as a dict of arrays."""
    return part.arrays() if isinstance(part, PlainPart) else part


def row_shapes(part):
    """Shapes of rows of a part, by the names of inputs."""
    if isinstance(part, PlainPart):
        return part.row_shapes()
    return {name: value.shape[1:] for name, value in part.items()}


def _dtypes(part):
    if isinstance(part, PlainPart):
        return part.dtypes()
    return {name: value.dtype for name, value in part.items()}


class Rooms:
    """Memory in which parts are joined. It is kept: the pages of fresh memory cost more than the
    copy.
    """

    def __init__(self):
        self._rooms = {}  # by name of input

    def join(self, parts, rows, size):
        """The parts as one batch with zeros behind it, until the next call.

        Args:
            parts (list of PlainPart or dict): Inputs with `rows` rows together; only the first
                can be a PlainPart.
            rows, size (int): Rows that the parts have, and rows that are wanted.
        """
        shapes, dtypes = row_shapes(parts[0]), _dtypes(parts[0])
        batch = {
            name: self._room(name, size, shape, dtypes[name]) for name, shape in shapes.items()
        }
        at, others = 0, parts
        if isinstance(parts[0], PlainPart):
            parts[0].copy_to(list(batch.values()))
            at, others = parts[0].rows, parts[1:]
        for name, room in batch.items():
            if others:
                np.concatenate([part[name] for part in others], out=room[at:rows])
            room[rows:] = 0
        return batch

    def _room(self, name, size, shape, dtype):
        room = self._rooms.get(name)
        if room is None or len(room) < size or room.shape[1:] != shape or room.dtype != dtype:
            room = self._rooms[name] = np.empty((size, *shape), dtype)
        return room[:size]
