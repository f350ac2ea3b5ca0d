"""The methods of NDArray that are written in Python."""

import warnings

import numpy as np

from .. import _core, error
from .._core import NDArray
from ._creation import split_v2


def _operator(name):
    return _core.op_function(name, name, __name__)


_op_cast, _op_broadcast_to, _op_expand_dims, _op_flatten, _op_squeeze, _op_zeros_like = map(
    _operator, ("Cast", "broadcast_to", "expand_dims", "Flatten", "squeeze", "zeros_like")
)
_op_zeros = _operator("_zeros")
_op_cast_storage = _operator("cast_storage")
_op_slice_assign, _op_slice_assign_scalar = map(
    _operator, ("_slice_assign", "_slice_assign_scalar")
)


class ArrayMethods:
    """Its attributes become attributes of NDArray."""

    __array_priority__ = 1000.0
    __hash__ = object.__hash__

    @property
    def T(self):
        """The array with its dimensions in reverse order."""
        return self if self.ndim < 2 else self.transpose()

    def __repr__(self):
        if self.shape is None:
            return "\n<NDArray that holds nothing>"
        shape = "x".join(map(str, self.shape))
        return f"\n{self.asnumpy()}\n<{type(self).__name__} {shape} @{self.context}>"

    def __len__(self):
        if not self.shape:
            raise error.TypeError("len: this NDArray has no dimension; at least one is expected")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        if self.size > 1:
            raise error.ValueError(
                "The truth value of an NDArray with multiple elements is ambiguous."
            )
        return self.size == 1 and bool(self.asscalar())

    def __float__(self):
        return float(self.asscalar())

    def __int__(self):
        return int(self.asscalar())

    def __array__(self, dtype=None, copy=None):
        array = self.asnumpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __rmatmul__(self, other):
        # NumPy leaves `array @ x` to us, while `x @ array` comes to it.
        return other @ self.asnumpy() if isinstance(other, np.ndarray) else NotImplemented

    def asscalar(self):
        """The one element of this array as a NumPy scalar.

        Raises:
            ValueError: The array has not one element.
        """
        if self.size != 1:
            raise error.ValueError("The current array is not a scalar")
        return self.asnumpy().reshape(-1)[0]

    def item(self):
        """The one element of this array as a Python number."""
        return self.asscalar().item()

    def astype(self, dtype, copy=True):
        """The elements in another type.

        Args:
            dtype (str or type): The type; None is float32.
            copy (bool): Whether to copy even if this array has that type already.
        """
        dtype = np.float32 if dtype is None else dtype
        if not copy and _core.same_dtype(self, dtype):
            return self
        return _op_cast(self, dtype=dtype)

    def copyto(self, other):
        """Copy the elements into another array, or into a new one of another context.

        Args:
            other (NDArray or Context): The target. An array must have the same shape.

        Returns:
            NDArray: The target, or False if it is this array itself.
        """
        if isinstance(other, NDArray):
            if other is self or other._same_memory(self):
                warnings.warn("You are attempting to copy an array to itself", RuntimeWarning)
                return False
            self._copy_to(other)
            return other
        return self._copy_to_device(other)

    def copy(self):
        """A copy of this array in the same context."""
        return self._copy_to_device(self.context)

    def as_in_context(self, context):
        """This array if it is in `context`, else a copy there."""
        return self if self.context == context else self._copy_to_device(context)

    def as_nd_ndarray(self):
        """This array as an `NDArray`; an array of `mx.np` shares its memory with the result."""
        return self

    def as_np_ndarray(self):
        """This array as an array of `mx.np`, which shares the memory.

        Raises:
            ValueError: The array is sparse.
        """
        if self.stype != "default":
            raise error.ValueError(
                f"as_np_ndarray: stype={self.stype!r} has no array of mx.np; expected a dense array"
            )
        return self._with_interface(True)

    @property
    def handle(self):
        """What `NDArray` takes to make an object for the same array: the array itself."""
        return self

    @property
    def writable(self):
        """True: every array can be written."""
        return True

    def tostype(self, stype):
        """A copy of the array in another storage kind: 'default', 'csr' or 'row_sparse'."""
        return _op_cast_storage(self, stype=stype)

    def broadcast_to(self, shape):
        """Repeat the elements along dimensions of size 1, or that are missing, up to `shape`."""
        shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
        own = (1,) * (len(shape) - self.ndim) + self.shape
        if len(own) != len(shape) or any(a not in (1, b) for a, b in zip(own, shape)):
            raise error.ValueError(
                f"broadcast_to: shape={shape} cannot be reached from {self.shape}; "
                "expected equal sizes where this array has a size other than 1"
            )
        array = self if own == self.shape else self.reshape(own)
        return _op_broadcast_to(array, shape=shape)

    def broadcast_like(self, other):
        """Repeat the elements up to the shape of another array, as `broadcast_to` does."""
        return self.broadcast_to(other.shape)

    def reshape(self, *shape, **kwargs):
        """The same elements in another shape; shares the memory.

        Args:
            *shape (int or tuple of int): The new dimensions. 0 keeps a dimension, -1 is what is
                left, -2 keeps all further ones, -3 joins two, -4 splits one into the next two.
            reverse (bool): Whether the codes are read from the right.

        Returns:
            NDArray: A view.
        """
        if len(shape) == 1 and not isinstance(shape[0], int):
            shape = shape[0]
        elif not shape:
            shape = kwargs.get("shape")
            if shape is None:
                raise error.AssertedTypeError(
                    "reshape: shape is missing; expected ints or a tuple of ints"
                )
        unknown = set(kwargs) - {"shape", "reverse"}
        if unknown:
            raise error.TypeError(
                f"reshape: {sorted(unknown)[0]} is not an argument; expected shape or reverse"
            )
        return self._reshape(shape, kwargs.get("reverse", False))

    def expand_dims(self, axis, inplace=False):
        """A dimension of size 1 more, at `axis`; with `inplace` the memory is shared."""
        if not inplace:
            return _op_expand_dims(self, axis=axis)
        place = axis + self.ndim + 1 if axis < 0 else axis
        return self._reshape(self.shape[:place] + (1,) + self.shape[place:])

    def flatten(self, inplace=False):
        """All dimensions but the first joined into one; with `inplace` the memory is shared."""
        return self._reshape((0, -1)) if inplace else _op_flatten(self)

    def squeeze(self, axis=None, inplace=False):
        """Dimensions of size 1 dropped: all, or those in `axis`; `inplace` shares the memory."""
        if not inplace:
            return _op_squeeze(self, axis=axis)
        axes = (
            range(self.ndim)
            if axis is None
            else (axis,)
            if isinstance(axis, (int, np.integer))
            else axis
        )
        drop = {a + self.ndim if a < 0 else a for a in axes}
        if axis is not None and any(self.shape[a] != 1 for a in drop):
            raise error.ValueError(
                f"squeeze: axis={axis} has a size other than 1 in {self.shape}; expected "
                "axes of size 1"
            )
        kept = tuple(size for a, size in enumerate(self.shape) if size != 1 or a not in drop)
        return self._reshape(kept or (1,))

    def _at(self, idx):
        return self[idx]

    def _slice(self, start, stop):
        return self[start:stop]

    def slice_assign(self, rhs, begin, end, step):
        """Write an array into the part that `slice` with the same arguments gives."""
        return _op_slice_assign(self, rhs, begin=begin, end=end, step=step, out=self)

    def slice_assign_scalar(self, value, begin, end, step):
        """Write a number into the part that `slice` with the same arguments gives."""
        return _op_slice_assign_scalar(
            self, scalar=value, begin=begin, end=end, step=step, out=self
        )

    def split_v2(self, indices_or_sections, axis=0, squeeze_axis=False):
        """See `mx.nd.split_v2`."""
        return split_v2(self, indices_or_sections, axis, squeeze_axis)

    @property
    def grad(self):
        """The gradient that `attach_grad` made, or None."""
        return _core._grad_of(self)

    @property
    def _fresh_grad(self):
        """Whether `backward` wrote the gradient since this was last set to False."""
        return _core._grad_is_fresh(self)

    @_fresh_grad.setter
    def _fresh_grad(self, fresh):
        _core._set_grad_is_fresh(self, fresh)

    def attach_grad(self, grad_req="write", stype=None):
        """Make this array a variable: `backward` computes its gradient, found in `grad`.

        Args:
            grad_req (str): 'write', 'add' (to what is there) or 'null'.
            stype (str): Storage kind of the gradient: 'default', 'csr' or 'row_sparse'; None is
                that of this array.
        """
        if stype in (None, self.stype):
            grad = _op_zeros_like(self.detach())
        elif stype == "default":
            grad = _op_zeros(shape=self.shape, ctx=self.context, dtype=self.dtype)
        else:
            grad = _core.sparse_zeros(stype, self.shape, self.context, self.dtype)
        _core.mark_variables([self], [grad], [grad_req])

    def detach(self):
        """The same values, without the record of how they were computed."""
        return _core._detach(self)

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """Compute the gradients of this array with respect to all variables it depends on.

        Args:
            out_grad (NDArray): Weights of the elements; None means ones.
            retain_graph (bool): Whether to keep the record, for another call.
            train_mode (bool): Whether the computation was made in train mode.
        """
        _core.backward((self,), None if out_grad is None else (out_grad,), retain_graph, train_mode)

    def __reduce__(self):
        return type(self), (None,), {"handle": _core._array_to_bytes(self)}

    def __setstate__(self, state):
        if state["handle"] is not None:
            self._become(_core._array_from_bytes(state["handle"]))

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        """A DLPack capsule of the memory, as ``from_dlpack`` of other libraries asks for it."""
        return _core._to_dlpack(self.copy() if copy else self)

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    as_in_ctx = as_in_context
