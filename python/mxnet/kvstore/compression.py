"""How parts of gradients look on their way to their owners."""

from .. import _core, error
from .. import ndarray as nd

__all__ = ["Plain", "make"]


def make(params):
    """The compression that `set_gradient_compression` was asked for.

    Args:
        params (dict): ``type`` is ``none``, ``2bit``, ``fp16`` or ``bf16``; ``threshold`` is for
            ``2bit``.

    Raises:
        ValueError: There is no such type or argument.
    """
    if not isinstance(params, dict):
        raise error.AssertedTypeError(
            f"set_gradient_compression: compression_params is of type {type(params).__name__}; "
            "expected a dict"
        )
    params = dict(params)
    kind = params.pop("type", None)
    threshold = float(params.pop("threshold", 0.5)) if kind == "2bit" else None
    if params:
        raise error.ValueError(
            f"set_gradient_compression: {sorted(params)} is unknown for type={kind!r}; expected "
            "type, and threshold for 2bit"
        )
    if kind == "2bit":
        if not threshold > 0:
            raise error.ValueError(
                f"set_gradient_compression: threshold={threshold} is not above 0; expected the "
                "size of what is sent"
            )
        return TwoBit(threshold)
    if kind in ("fp16", "bf16"):
        return Half("float16" if kind == "fp16" else "bfloat16")
    if kind != "none":
        raise error.ValueError(
            f"set_gradient_compression: type={kind!r} is unknown; expected none, 2bit, fp16 or bf16"
        )
    return Plain()


class Plain:
    """Sends what is there."""

    def encode(self, entry, value, rank):
        """The part of `value` that a rank owns, as it is sent."""
        return entry.layout.part(value, rank)

    def empty(self, entry, size):
        """An array for what comes of a part of `size` elements."""
        return nd.empty((size,), dtype=entry.dtype)

    def decode(self, entry, array, size):
        """What came as a flat array of the key's dtype."""
        return array


class Half(Plain):
    """Sends float32 as numbers of 16 bits; owners add up in float32.

    Args:
        dtype (str): ``float16`` or ``bfloat16``.
    """

    def __init__(self, dtype):
        self._dtype = dtype

    def encode(self, entry, value, rank):
        part = entry.layout.part(value, rank)
        return part.astype(self._dtype) if entry.is_float32 else part

    def empty(self, entry, size):
        return nd.empty((size,), dtype=self._dtype if entry.is_float32 else entry.dtype)

    def decode(self, entry, array, size):
        return array.astype("float32") if entry.is_float32 else array


class TwoBit(Plain):
    """Sends 0, a threshold or its negative for each element, and keeps the rest for later.

    Args:
        threshold (float): The threshold.
    """

    def __init__(self, threshold):
        self._threshold = threshold
        self._residuals = {}

    def encode(self, entry, value, rank):
        part = entry.layout.part(value, rank)
        if not entry.is_float32:
            return part
        if entry.key not in self._residuals:
            self._residuals[entry.key] = nd.zeros(entry.layout.shape)
        packed = self.empty(entry, part.size)
        residual = entry.layout.part(self._residuals[entry.key], rank)
        _core.comm.compress_two_bit(part, residual, packed, self._threshold)
        return packed

    def empty(self, entry, size):
        if not entry.is_float32:
            return super().empty(entry, size)
        return nd.empty(((size + 3) // 4,), dtype="uint8")

    def decode(self, entry, array, size):
        if not entry.is_float32:
            return array
        values = nd.empty((size,))
        _core.comm.expand_two_bit(array, values, self._threshold)
        return values
