"""Blocks side by side, and an embedding whose vectors are row-sparse."""

from .... import _elsewhere
from .... import ndarray as nd
from ...block import Block
from ...nn import Concatenate, HybridConcatenate

__all__ = ["Concurrent", "HybridConcurrent", "SparseEmbedding"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "Identity": "gluon.nn",
        "PixelShuffle1D": "gluon.nn",
        "PixelShuffle2D": "gluon.nn",
        "PixelShuffle3D": "gluon.nn",
        "SyncBatchNorm": "gluon.nn",
    },
)


class Concurrent(Concatenate):
    """See `nn.Concatenate`."""


class HybridConcurrent(HybridConcatenate):
    """See `nn.HybridConcatenate`."""


class SparseEmbedding(Block):
    """Turns numbers into vectors, of which each device fetches those that a batch needs.

    Args:
        input_dim (int): How many numbers there are.
        output_dim (int): Size of the vectors.
        dtype (str or type): Type of the vectors.
        weight_initializer (Initializer or str): Initializer of the vectors.

    Inputs:
        x of any shape; the output has one axis more, of size output_dim.
    """

    def __init__(self, input_dim, output_dim, dtype="float32", weight_initializer=None, **kwargs):
        super().__init__(**kwargs)
        self._kwargs = {
            "input_dim": input_dim,
            "output_dim": output_dim,
            "dtype": dtype,
            "sparse_grad": True,
        }
        self.weight = self.params.get(
            "weight",
            shape=(input_dim, output_dim),
            init=weight_initializer,
            dtype=dtype,
            grad_stype="row_sparse",
            stype="row_sparse",
        )

    def forward(self, x):
        return nd.Embedding(x, self.weight.row_sparse_data(x), name="fwd", **self._kwargs)

    def __repr__(self):
        return "{}({input_dim} -> {output_dim}, {dtype})".format(
            type(self).__name__, **self._kwargs
        )
