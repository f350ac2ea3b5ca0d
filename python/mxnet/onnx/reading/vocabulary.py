"""The words in which translations are written: operators with the shapes and dtypes of ONNX."""

import numpy as np

from ... import error
from .dtypes import computed_in, is_bool, is_float
from .values import Size, Value, broadcast_shapes, is_known

__all__ = ["CONSTANT_LIMIT", "Vocabulary"]

# Operators of two tensors: of shapes that broadcast, of equal shapes, with a number, and the same
# with the number on the left.
_BINARY = {
    "add": ("broadcast_add", "elemwise_add", "_plus_scalar", "_plus_scalar"),
    "sub": ("broadcast_sub", "elemwise_sub", "_minus_scalar", "_rminus_scalar"),
    "mul": ("broadcast_mul", "elemwise_mul", "_mul_scalar", "_mul_scalar"),
    "div": ("broadcast_div", "elemwise_div", "_div_scalar", "_rdiv_scalar"),
    "maximum": ("broadcast_maximum", "_maximum", "_maximum_scalar", "_maximum_scalar"),
    "minimum": ("broadcast_minimum", "_minimum", "_minimum_scalar", "_minimum_scalar"),
    "power": ("broadcast_power", "_power", "_power_scalar", "_rpower_scalar"),
    "mod": ("broadcast_mod", "_mod", "_mod_scalar", "_rmod_scalar"),
    "equal": ("_npi_equal",),
    "not_equal": ("_npi_not_equal",),
    "less": ("_npi_less",),
    "greater": ("_npi_greater",),
    "less_equal": ("_npi_less_equal",),
    "greater_equal": ("_npi_greater_equal",),
    "bit_and": ("_npi_bitwise_and",),
    "bit_or": ("_npi_bitwise_or",),
    "bit_xor": ("_npi_bitwise_xor",),
}
_COMPARISONS = {"equal", "not_equal", "less", "greater", "less_equal", "greater_equal"}


# Bytes of a constant that is made while a file is read.
CONSTANT_LIMIT = 1 << 30
# Steps or places that a translation writes out.
_MOST_STEPS = 1 << 14


class Vocabulary:
    """Mixed into `Node`, which gives `op` and `ops`."""

    def const(self, numbers, dtype="float32"):
        """A constant of numbers."""
        return Value.constant(np.asarray(numbers).astype(computed_in(dtype)), dtype)

    def pointwise(self, name, x, dtype=None, **attributes):
        """An operator of one tensor that keeps its shape."""
        if x.is_empty:
            return x.like(dtype=dtype)
        return self.op(name, x, **attributes).like(x.shape, dtype or x.dtype)

    def with_rank(self, x, rank):
        """A tensor with axes of size 1 added at the front."""
        missing = rank - x.rank
        return x if missing <= 0 else self.reshape(x, (1,) * missing + x.shape)

    def binary(self, kind, a, b):
        """An operator of two tensors that broadcast: a key of `_BINARY`."""
        shape = broadcast_shapes(a.shape, b.shape)
        dtype = "bool" if kind in _COMPARISONS else a.dtype
        if 0 in shape:
            return Value.constant(np.zeros(shape, computed_in(dtype)), dtype)
        names = _BINARY[kind]
        if len(names) > 1:
            for x, number, name in ((a, b, names[2]), (b, a, names[3])):
                if self._is_number(number, kind) and not x.is_constant and x.shape == shape:
                    return self._with_number(kind, name, x, number).like(shape, dtype)
            if a.shape == b.shape:
                return self._of_one_shape(kind, names[1], a, b).like(shape, dtype)
        rank = len(shape)
        a, b = self.with_rank(a, rank), self.with_rank(b, rank)
        return self.op(names[0], a, b).like(shape, dtype)

    def _with_number(self, kind, name, x, number):
        """A tensor with a number, by the operator `name`."""
        scalar, gelu = number.array().reshape(-1)[0].item(), self.reader.builder.gelu
        found = gelu.completed_by_half(kind, x, scalar) if name[:2] != "_r" else None
        if found is not None:
            return self.gelu(found)
        result = self.op(name, x, scalar=scalar)
        if name[:2] != "_r":
            gelu.with_number(kind, x, scalar, result)
        return result

    def _of_one_shape(self, kind, name, a, b):
        """Two tensors of one shape, by the operator `name`."""
        gelu = self.reader.builder.gelu
        found = gelu.completed_by_product(a, b) if kind == "mul" else None
        if found is not None:
            return self.gelu(found)
        result = self.op(name, a, b)
        if kind == "mul":
            gelu.product(a, b, result)
        return result

    def gelu(self, x):
        """x times the share of normally distributed numbers below it."""
        return self.pointwise("LeakyReLU", x, act_type="gelu")

    @staticmethod
    def _is_number(x, kind):
        if not (x.is_constant and x.array().size == 1) or is_bool(x.dtype):
            return False
        if is_float(x.dtype):
            return bool(np.isfinite(x.array()).all())
        return kind in ("add", "sub", "mul") and abs(int(x.array().reshape(-1)[0])) < 1 << 31

    def add(self, a, b):
        """a + b."""
        return self.binary("add", a, b)

    def sub(self, a, b):
        """a - b."""
        return self.binary("sub", a, b)

    def mul(self, a, b):
        """a * b."""
        return self.binary("mul", a, b)

    def div(self, a, b):
        """a / b, of integers towards zero."""
        return self.binary("div", a, b)

    def scale(self, x, factor=1.0, shift=0.0):
        """x * factor + shift, with numbers."""
        if factor != 1:
            x = self.pointwise("_mul_scalar", x, scalar=float(factor))
        return x if shift == 0 else self.pointwise("_plus_scalar", x, scalar=float(shift))

    def cast(self, x, dtype):
        """The numbers in another ONNX dtype, as far as arrays can tell it apart."""
        if computed_in(x.dtype) == computed_in(dtype):
            return x.like(dtype=dtype)
        if x.is_empty:
            return Value.constant(np.zeros(x.shape, computed_in(dtype)), dtype)
        if dtype == "bool":
            zero = self.const(0, x.dtype)
            return self.binary("not_equal", x, zero)
        result = self.op("Cast", x, dtype=computed_in(dtype)).like(x.shape, dtype)
        self._keep_choice(x, result, lambda rows: self.cast(rows, dtype))
        return result

    def choose(self, rows, mask):
        """The rows for which truth values hold; how many follows from data."""
        result = self.op("_contrib_boolean_mask", rows, self.cast(mask, "int32"), axis=0)
        result = result.like(dtype=rows.dtype)
        if result.symbol is not None:
            self.reader.builder.chosen[result.symbol.name] = (rows, mask)
        return result

    def choice(self, x):
        """All rows and the truth values that chose those of a tensor; None if it is no choice."""
        return None if x.symbol is None else self.reader.builder.chosen.get(x.symbol.name)

    def _keep_choice(self, x, result, change):
        """Note that a result is a choice as its input is, all rows changed in the same way."""
        choice = self.choice(x)
        if choice is not None and result.symbol is not None:
            self.reader.builder.chosen[result.symbol.name] = (change(choice[0]), choice[1])

    def number_of(self, x):
        """The number that all elements of a tensor have, or None."""
        if x.is_constant:
            array = x.array()
            return array.reshape(-1)[0] if array.size and (array == array.flat[0]).all() else None
        return None if x.symbol is None else self.reader.builder.uniform.get(x.symbol.name)

    def where(self, condition, a, b):
        """a where a truth value holds, else b, broadcast."""
        shape = broadcast_shapes(condition.shape, a.shape, b.shape)
        if 0 in shape:
            return Value.constant(np.zeros(shape, computed_in(a.dtype)), a.dtype)
        parts = [self.broadcast_to(x, shape) for x in (condition, a, b)]
        return self.op("where", *parts).like(shape, a.dtype)

    def logical_not(self, x):
        """The opposite truth values."""
        return self.pointwise("_npi_logical_not", x)

    def reshape(self, x, shape):
        """The elements in another shape, which is complete (no 0 or -1 with a meaning)."""
        shape = tuple(shape)
        if shape == x.shape:
            return x
        if x.is_empty or (x.is_constant and is_known(shape)):
            return Value.constant(x.arrays[0].reshape(shape), x.dtype, x.name)
        if 0 in shape:
            raise error.ValueError(
                f"{self.title}: shape={list(shape)} of {self.proto.op_type} has no elements for "
                f"those of a tensor of shape {list(x.shape)}; one with as many is expected"
            )
        first = None if x.symbol is None else self.reader.builder.shaped.get(x.symbol.name)
        if first is not None and is_known(first.shape) and is_known(shape):
            return self.reshape(first.like(dtype=x.dtype), shape)
        codes = []
        for i, size in enumerate(shape):
            if not isinstance(size, Size):
                codes.append(size)
            else:
                codes.append(0 if i < x.rank and x.shape[i] == size else -1)
        if codes.count(-1) > 1:
            codes = self._relative_codes(x.shape, shape)
        result = self.op("Reshape", x, shape=tuple(codes) or (1,)).like(shape, x.dtype)
        if result.symbol is not None:
            self.reader.builder.shaped[result.symbol.name] = x
        return result

    def _relative_codes(self, old, new):
        """Codes of ``Reshape`` for several open sizes: kept, merged or split axes."""
        codes, i, j = [], 0, 0
        while j < len(new):
            if i < len(old) and old[i] == new[j]:
                codes.append(0 if isinstance(new[j], Size) else new[j])
                i, j = i + 1, j + 1
            elif new[j] == 1:
                codes.append(1)
                j += 1
            elif i + 1 < len(old) and _product(old[i : i + 2]) == new[j]:
                codes.append(-3)
                i, j = i + 2, j + 1
            elif i < len(old) and j + 1 < len(new) and _product(new[j : j + 2]) == old[i]:
                pair = [-1 if isinstance(size, Size) else size for size in new[j : j + 2]]
                codes += [-4, *pair]
                i, j = i + 1, j + 2
            else:
                raise error.NotImplementedError(
                    f"{self.title}: shape={list(new)} leaves sizes open that do not follow from "
                    f"{list(old)}; input_shapes of import_model is expected"
                )
        return codes

    def expand_dims(self, x, axis):
        """The tensor with an axis of size 1 inserted."""
        axis = axis + x.rank + 1 if axis < 0 else axis
        return self.reshape(x, (*x.shape[:axis], 1, *x.shape[axis:]))

    def transpose(self, x, axes):
        """The tensor with its axes in another order."""
        axes = tuple(axes)
        if axes == tuple(range(x.rank)):
            return x
        if x.is_empty:
            return Value.constant(x.array().transpose(axes), x.dtype)
        turned = self.reader.builder.turned
        if x.symbol is not None and x.symbol.name in turned:
            first, order = turned[x.symbol.name]
            return self.transpose(first.like(dtype=x.dtype), [order[axis] for axis in axes])
        shape = tuple(x.shape[axis] for axis in axes)
        if is_known(shape) and _in_order([axis for axis in axes if x.shape[axis] != 1]):
            return self.reshape(x, shape)
        result = self.op("transpose", x, axes=axes).like(shape, x.dtype)
        if result.symbol is not None:
            turned[result.symbol.name] = x, axes
        return result

    def broadcast_to(self, x, shape):
        """The tensor repeated along axes of size 1."""
        shape = tuple(shape)
        if x.shape == shape:
            return x
        if 0 in shape:
            return Value.constant(np.zeros(shape, computed_in(x.dtype)), x.dtype)
        x = self.with_rank(x, len(shape))
        axes = [i for i, (old, new) in enumerate(zip(x.shape, shape)) if old != new]
        if not axes:
            return x
        self.check_size(shape, x.dtype)
        number = x.array().reshape(-1)[0] if x.is_constant and x.array().size == 1 else None
        known = [axis for axis in axes if not isinstance(shape[axis], Size)]
        dtype = x.dtype
        if known:
            sizes = tuple(shape[axis] for axis in known)
            x = self.op("broadcast_axis", x, axis=tuple(known), size=sizes)
        for axis in set(axes) - set(known):
            donor, place = self.donor(shape[axis])
            x = self.op("broadcast_like", x, donor, lhs_axes=(axis,), rhs_axes=(place,))
        if number is not None and x.symbol is not None:
            self.reader.builder.uniform[x.symbol.name] = number
        return x.like(shape, dtype)

    def donor(self, size):
        """A tensor with an axis of an open size, and the axis.

        Raises:
            NotImplementedError: There is none.
        """
        found = self.reader.builder.donors.get(size)
        if found is None:
            raise error.NotImplementedError(
                f"{self.title}: a size of {self.proto.op_type} is open and that of no tensor; "
                "input_shapes of import_model is expected"
            )
        return found

    def count_up(self, size):
        """The numbers 0, 1, ... below an open size, float32."""
        donor, axis = self.donor(size)
        line = self.op("_contrib_arange_like", self.cast(donor, "float32"), axis=axis)
        return line.like((size,))

    def check_size(self, shape, dtype, limit=1 << 38):
        """Refuse results that no memory holds, before anything of their size is made."""
        count = 1
        for size in shape:
            count *= size.first if isinstance(size, Size) else size
        if count * np.dtype(computed_in(dtype)).itemsize > limit:
            raise error.ValueError(
                f"{self.title}: shape={list(shape)} takes more than {limit} bytes; a smaller "
                "result is expected"
            )

    def check_constant(self, shape, dtype):
        """Refuse constants that are too large to be made while a file is read."""
        self.check_size(shape, dtype, CONSTANT_LIMIT)

    def check_steps(self, count, what):
        """Refuse work that is written out one by one for too many elements.

        Args:
            count (int): How many.
            what (str): What they are, for the error.
        """
        if count > _MOST_STEPS:
            raise error.ValueError(
                f"{self.title}: {count} {what} of {self.proto.op_type} are too many; at most "
                f"{_MOST_STEPS} are expected"
            )

    def full(self, shape, number, dtype):
        """A constant of one number, not stored unless it is read as a whole."""
        shape = tuple(shape)
        single = np.full((1,) * len(shape), number).astype(computed_in(dtype))
        if not is_known(shape):
            return self.broadcast_to(Value.constant(single, dtype), shape)
        self.check_constant(shape, dtype)
        return Value.constant(np.broadcast_to(single, shape), dtype)

    def concat(self, parts, axis):
        """Tensors one after the other along an axis."""
        filled = [part for part in parts if not part.is_empty]
        if not filled:
            return Value.constant(
                np.concatenate([part.array() for part in parts], axis), parts[0].dtype
            )
        if len(filled) == 1:
            return filled[0]
        axis = axis % filled[0].rank
        return self.op("Concat", *filled, dim=axis, num_args=len(filled)).like(dtype=parts[0].dtype)

    def slice_axis(self, x, axis, begin, end):
        """The elements from `begin` to before `end` of an axis; `end` None is its end."""
        if end is not None and end <= begin:
            shape = (*x.shape[:axis], 0, *x.shape[axis + 1 :])
            if is_known(shape):
                return Value.constant(np.zeros(shape, computed_in(x.dtype)), x.dtype)
        return self.op("slice_axis", x, axis=axis, begin=begin, end=end).like(dtype=x.dtype)

    def take(self, x, indices, axis=0):
        """The elements of an axis with given numbers, which may count from the end."""
        shape = x.shape[:axis] + indices.shape + x.shape[axis + 1 :]
        if 0 in shape:
            return Value.constant(np.zeros(shape, computed_in(x.dtype)), x.dtype)
        indices, mode = self._places(indices, x.shape[axis])
        taken = self.op("take", x, indices, axis=axis, mode=mode).like(dtype=x.dtype)
        if axis:
            self._keep_choice(x, taken, lambda rows: self.take(rows, indices, axis))
        # A single index without axes is held in an array with one.
        return self.reshape(taken, shape)

    def _places(self, indices, size):
        """Indices for ``take``, and what it does with those outside."""
        if indices.is_constant and not isinstance(size, Size):
            return self.from_start(indices, size), "clip"
        if indices.symbol is not None and not isinstance(size, Size):
            clipped = self.reader.builder.clipped.get(indices.symbol.name)
            if clipped is not None and clipped[1:] == (0, size - 1):
                return clipped[0].like(indices.shape, indices.dtype), "clip"
        # Those that count from the end are wrapped to their places.
        return indices, "wrap"

    def from_start(self, indices, size):
        """Indices with those that count from the end counted from the start."""
        array = indices.array()
        if array is not None:
            if array.size and array.min() >= 0:
                return indices
            return Value.constant(np.where(array < 0, array + size, array), indices.dtype)
        negative = self.binary("less", indices, self.const(0, indices.dtype))
        shifted = self.add(indices, self.const(size, indices.dtype))
        return self.where(negative, shifted, indices)

    def reduce(self, name, x, axes, keepdims):
        """A reduction (``sum``, ``mean``, ``max``, ``min``, ``prod``) over axes."""
        shape = [
            1 if i in axes else size for i, size in enumerate(x.shape) if keepdims or i not in axes
        ]
        if not axes:
            return x
        return self.op(name, x, axis=tuple(axes), keepdims=bool(keepdims)).like(shape, x.dtype)


def _product(sizes):
    first = second = 1
    for size in sizes:
        first *= size.first if isinstance(size, Size) else size
        second *= size.second if isinstance(size, Size) else size
    return first if first == second else Size(first, second)


def _in_order(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))
