"""What tests run in: device, environment variables, output; and what they repeat."""

import contextlib
import functools
import os
import platform
import sys

import numpy as np

from .. import _core, context, error
from ..io import DataIter
from ..util import setenv

__all__ = [
    "default_context",
    "set_default_context",
    "list_gpus",
    "get_cuda_compute_capability",
    "environment",
    "discard_stderr",
    "retry",
    "DummyIter",
    "is_cd_run",
    "is_aarch64_run",
    "is_op_runnable",
    "has_tvm_ops",
]


def default_context():
    """The context that tests run in: that in force in this thread."""
    return context.current_context()


def set_default_context(ctx):
    """Set the context that tests run in."""
    _core._set_current_context(ctx)


def list_gpus():
    """Numbers of the usable GPUs (range)."""
    return range(context.num_gpus())


def get_cuda_compute_capability(ctx):
    """The compute capability of a GPU, which nothing here tells.

    Raises:
        ValueError: `ctx` is no GPU.
        NotImplementedError: It is one.
    """
    if ctx.device_type != "gpu":
        raise error.ValueError(
            f"get_cuda_compute_capability: ctx={ctx} is no GPU; a context such as mx.gpu(0) is "
            "expected"
        )
    raise error.NotImplementedError(
        "get_cuda_compute_capability: it is not in this version of Remx; nvidia-smi tells it"
    )


@contextlib.contextmanager
def environment(*args):
    """A ``with`` block with other environment variables: a name and a value, or a dict.

    None as a value removes the variable.
    """
    if len(args) == 1 and isinstance(args[0], dict):
        wanted = args[0]
    elif len(args) == 2:
        wanted = {args[0]: args[1]}
    else:
        raise error.ValueError(
            f"environment: {len(args)} arguments were given; a dict, or a name and a value are "
            "expected"
        )
    before = {name: os.environ.get(name) for name in wanted}
    for name, value in wanted.items():
        setenv(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setenv(name, value)


@contextlib.contextmanager
def discard_stderr():
    """A ``with`` block in which the standard error stream of the process goes nowhere."""
    number = sys.__stderr__.fileno()
    sys.stderr.flush()
    kept = os.dup(number)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        os.dup2(nowhere.fileno(), number)
        try:
            yield
        finally:
            os.dup2(kept, number)
            os.close(kept)


def retry(n):
    """Decorator for tests of chance: up to `n` attempts, each with another seed."""
    if n <= 0:
        raise error.AssertedValueError(f"retry: n={n} is too small; at least 1 is expected")

    def decorate(test):
        @functools.wraps(test)
        def wrapper(*args, **kwargs):
            for attempt in range(n):
                try:
                    return test(*args, **kwargs)
                except AssertionError:
                    if attempt == n - 1:
                        raise
                    np.random.seed(np.random.randint(0, 100000))

        return wrapper

    return decorate


class DummyIter(DataIter):
    """Gives the first batch of an iterator for ever.

    Args:
        real_iter (DataIter): The iterator.
    """

    def __init__(self, real_iter):
        super().__init__(real_iter.batch_size)
        self.real_iter = real_iter
        self.provide_data = real_iter.provide_data
        self.provide_label = real_iter.provide_label
        self.the_batch = next(real_iter)

    def next(self):
        return self.the_batch


def is_cd_run():
    """Whether a release is being tested, as the environment variable CD_JOB says."""
    return os.environ.get("CD_JOB", "0") == "1"


def is_aarch64_run():
    """Whether this is a 64-bit ARM processor."""
    return platform.machine() == "aarch64"


def is_op_runnable():
    """Whether operators can run here; they can."""
    return True


def has_tvm_ops():
    """Whether there are operators made with TVM; there are none."""
    return False
