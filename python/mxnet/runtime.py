"""What this build can do."""

import collections
import importlib.util
import os

from . import _core

__all__ = ["Feature", "feature_list", "Features"]


class Feature(collections.namedtuple("Feature", ["name", "enabled"])):
    """A feature by name, and whether this build has it."""

    __slots__ = ()

    def __repr__(self):
        return f"{'✔' if self.enabled else '✖'} {self.name}"


# In the order of MXNet 1.9.1.
_NAMES = """CUDA CUDNN NCCL CUDA_RTC TENSORRT CPU_SSE CPU_SSE2 CPU_SSE3 CPU_SSE4_1 CPU_SSE4_2
    CPU_SSE4A CPU_AVX CPU_AVX2 OPENMP SSE F16C JEMALLOC BLAS_OPEN BLAS_ATLAS BLAS_MKL BLAS_APPLE
    LAPACK MKLDNN OPENCV CAFFE PROFILER DIST_KVSTORE CXX14 INT64_TENSOR_SIZE SIGNAL_HANDLER DEBUG
    TVM_OP""".split()


def _enabled():
    """Names of the features that are there."""
    enabled = set(_core.build_features())
    if importlib.util.find_spec("mxnet._image"):
        enabled.add("OPENCV")  # programs ask for it before they use mx.image
    if os.path.exists(os.path.join(os.path.dirname(__file__), "libmxnet_cuda.so")):
        enabled.update(("CUDA", "CUDNN"))
    return enabled


def feature_list():
    """All features that MXNet 1.9.1 knows (list of Feature).

    OPENCV says that image files can be decoded, whatever does it.
    """
    enabled = _enabled()
    return [Feature(name, name in enabled) for name in _NAMES]


class Features(collections.OrderedDict):
    """The features by name (dict of str to Feature); every call gives the same object."""

    instance = None

    def __new__(cls):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
            cls.instance.update((feature.name, feature) for feature in feature_list())
        return cls.instance

    def __init__(self):
        """Nothing is done anew."""

    def __repr__(self):
        return str(list(self.values()))

    def is_enabled(self, feature_name):
        """Whether this build has a feature.

        Raises:
            RuntimeError: There is no feature of that name.
        """
        name = feature_name.upper()
        if name not in self:
            raise RuntimeError(
                f"Features: feature_name={feature_name!r} is not known; expected "
                f"one of {', '.join(self)}"
            )
        return self[name].enabled
