"""What a row of a table says."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
from collections.abc import Callable, Sequence

import numpy as np

from . import run

FLOATS = ("float32", "float64", "float16", "bfloat16")
INTS = ("int32", "int64", "int8", "uint8")
ALL = FLOATS + INTS

_DATA = pathlib.Path(__file__).parents[2] / "data" / "ops"


@dataclasses.dataclass
class Stored:
    """A result of MXNet 1.9.1: arrays ``<key>``, or ``<key>_0``, ``<key>_1`` ... of a file.

    Args:
        file: Name below ``tests/data/ops``, for instance "lrn.npz".
        key: Name inside the file; without underscores, as numbers of outputs follow one.
    """

    file: str
    key: str

    def __call__(self, *inputs, **attrs):
        with np.load(_DATA / self.file) as stored:
            if self.key in stored:
                return stored[self.key]
            count = sum(name.startswith(self.key + "_") for name in stored.files)
            return [stored[f"{self.key}_{i}"] for i in range(count)]


@dataclasses.dataclass
class Case:
    """One operator with inputs and attributes, and what must come out.

    Attributes:
        op: Name in the registry or an alias.
        inputs: NumPy arrays.
        reference: Function of the inputs and ``**attrs``, or `Stored`. Behind the outputs it
            returns what the inputs that the operator updates (averages, optimizers' states) hold
            afterwards, in their order.
        attrs: Attributes of the operator.
        dtypes: Dtypes under test.
        out_dtype: Dtype of the outputs, one or a list; None: the dtype under test.
        rtol: Relative tolerance in float32; other dtypes scale it by their precision.
        atol: Absolute tolerance in float32, scaled likewise.
        grad: Whether to check gradients; a tuple of input numbers restricts them.
        grad_tol: Tolerance of gradients.
        grad_reference: For operators whose gradient is no derivative (losses): function of the
            inputs, the head gradients and ``**attrs`` that returns a gradient for each input (None:
            not compared).
        second: Whether to check the gradient of the gradient.
        train: Whether to run in train mode.
        symbol: Whether a bound symbol can express the case.
        name: Distinguishes cases in the names of the tests.
        oracle: True, or why the case does not hold for MXNet 1.9.1.
        bench: Shapes of the inputs in the timing run, one tuple of shapes for each row.
    """

    op: str
    inputs: Sequence
    reference: Callable | Stored
    attrs: dict = dataclasses.field(default_factory=dict)
    dtypes: Sequence[str] = ("float32",)
    out_dtype: str | Sequence[str] | None = None
    rtol: float = 1e-5
    atol: float = 1e-6
    grad: bool | Sequence[int] = True
    grad_tol: float = 1e-5
    grad_reference: Callable | None = None
    second: bool = False
    train: bool = False
    symbol: bool = True
    name: str = ""
    oracle: bool | str = True
    bench: Sequence = ()
    _results: dict = dataclasses.field(default_factory=dict, init=False, repr=False)

    def __post_init__(self):
        self.inputs = [np.asarray(array) for array in self.inputs]
        if isinstance(self.dtypes, str):
            self.dtypes = (self.dtypes,)
        if self.grad is True:
            self.grad = [i for i, a in enumerate(self.inputs) if a.dtype.kind == "f"]
        self.grad = list(self.grad or ())
        if self.oracle is True and any(a.size == 0 for a in self.inputs):
            self.oracle = "1.9.1 has no arrays of size 0"

    def arrays(self, dtype):
        """The inputs as NumPy arrays in the dtype under test."""
        return [a if a.dtype.kind != "f" else round_to(a, dtype) for a in self.inputs]

    def dtypes_in(self, dtype):
        """Names of the inputs' dtypes when `dtype` is under test."""
        return [dtype if a.dtype.kind == "f" else a.dtype.name for a in self.inputs]

    @functools.cached_property
    def updated(self):
        """Numbers of the inputs that the operator itself writes: averages, optimizers' states."""
        auxiliary = run.compose(self).list_auxiliary_states()
        return [i for i in range(len(self.inputs)) if f"in{i}" in auxiliary]

    def expected(self, dtype):
        """The reference's results as a list of arrays."""
        return self._all_results(dtype)[0]

    def expected_states(self, dtype):
        """What the inputs in `updated` must hold afterwards, as a list of arrays."""
        return self._all_results(dtype)[1]

    def _all_results(self, dtype):
        if dtype not in self._results:
            result = self.reference(*self.arrays(dtype), **self.attrs)
            result = list(result) if isinstance(result, (list, tuple)) else [result]
            outputs = len(result) - len(self.updated)
            assert outputs > 0, f"{self.op}: the reference says nothing of inputs {self.updated}"
            self._results[dtype] = result[:outputs], result[outputs:]
        return self._results[dtype]

    def expected_dtype(self, i, dtype):
        """Name of the dtype that output i must have."""
        if self.out_dtype is None:
            return dtype
        return self.out_dtype if isinstance(self.out_dtype, str) else self.out_dtype[i]


@dataclasses.dataclass
class Fault:
    """A call that must fail.

    Attributes:
        op: Name in the registry.
        inputs: NumPy arrays.
        match: Regular expression that the message of the error contains.
        attrs: Attributes of the operator.
        kind: Builtin class that the error derives from beside MXNetError.
        dtype: Dtype to which floating inputs are cast.
        name: Distinguishes cases in the names of the tests.
        oracle: True when MXNet 1.9.1 refuses the call too, else why it does not.
    """

    op: str
    inputs: Sequence
    match: str
    attrs: dict = dataclasses.field(default_factory=dict)
    kind: type = ValueError
    dtype: str = "float32"
    name: str = ""
    oracle: bool | str = True


def round_to(array, dtype):
    """A floating array as values of `dtype`: float64 holds those of all floating dtypes."""
    if dtype == "bfloat16":
        return round_to_bfloat16(array)
    if np.dtype(dtype).kind == "f":
        with np.errstate(over="ignore"):
            return array.astype(dtype).astype("float64")
    return array.astype(dtype)


def round_to_bfloat16(array):
    """Values rounded to the nearest bfloat16, ties to even, as float64."""
    wide = np.asarray(array, "float32")
    bits = np.atleast_1d(wide).view("uint32").astype("uint64")
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    rounded = bits.astype("uint32").view("float32").reshape(wide.shape)
    return np.where(np.isnan(wide), wide, rounded).astype("float64")
