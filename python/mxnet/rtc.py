"""Kernels compiled from CUDA source while a program runs: the names, and why there are none."""

from . import context, error

__all__ = ["CudaKernel", "CudaModule"]


def _refuse(what):
    where = "there is no CUDA here" if context.num_gpus() == 0 else "it is not compiled at run time"
    raise error.MXNetError(
        f"{what}: source is CUDA code, and {where}; expected an operator of mx.operator, or of a "
        "library that mx.library.load loads"
    )


class CudaModule:
    """CUDA source and its kernels.

    Args:
        source (str): The code.
        options (tuple of str): Options of the compiler.
        exports (tuple of str): Names of templates to instantiate.

    Raises:
        MXNetError: Always: this version has no run-time compiler for CUDA.
    """

    def __init__(self, source, options=(), exports=()):
        _refuse("CudaModule")

    def get_kernel(self, name, signature):
        """A kernel of the module."""
        _refuse("CudaModule.get_kernel")


class CudaKernel:
    """A kernel of a `CudaModule`; not to be made otherwise.

    Raises:
        MXNetError: Always; see `CudaModule`.
    """

    def __init__(self, handle, name, is_ndarray, dtypes):
        _refuse("CudaKernel")

    def launch(self, args, ctx, grid_dims, block_dims, shared_mem=0):
        """Run the kernel."""
        _refuse("CudaKernel.launch")
