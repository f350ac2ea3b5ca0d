"""Names for CUDA: what they say where there is none."""

import pytest

import mxnet as mx


@pytest.mark.parametrize(
    "make", [lambda: mx.rtc.CudaModule("x"), lambda: mx.rtc.CudaKernel(None, "x", (), ())]
)
def test_kernels_of_source_are_refused(make):
    with pytest.raises(mx.MXNetError, match="source is CUDA code, and .*; expected an operator"):
        make()


def test_compute_capability_is_that_of_a_gpu():
    with pytest.raises(ValueError, match="Expecting a gpu context"):
        mx.util.get_cuda_compute_capability(mx.cpu())
    if mx.context.num_gpus() == 0:
        with pytest.raises(OSError, match="get_cuda_compute_capability: "):
            mx.util.get_cuda_compute_capability(mx.gpu())
    else:
        assert mx.util.get_cuda_compute_capability(mx.gpu()) >= 30
