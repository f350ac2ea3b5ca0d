"""What `amp.init` does is for ever; tests take it back."""

import pytest

import mxnet as mx
from mxnet.contrib import amp


@pytest.fixture
def init_amp():
    """`amp.init`, until the end of the test."""
    yield amp.init
    mx._core.set_active_cast_policy(None)
    amp.amp._amp_initialized = False
