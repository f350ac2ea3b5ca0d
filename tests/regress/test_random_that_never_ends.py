"""Samplers by rejection did not end for infinite, NaN or too large parameters."""

import subprocess
import sys

import pytest

REFUSED = [
    "random.poisson(1e300)",
    "random.poisson(float('nan'))",
    "random.poisson(float('inf'))",
    "random.gamma(float('inf'), 1)",
    "random.gamma(float('nan'), 1)",
    "random.gamma(1, float('nan'))",
    "random.negative_binomial(1, float('nan'))",
    "random.generalized_negative_binomial(float('inf'), 1)",
    "random.generalized_negative_binomial(1, float('nan'))",
    "random.normal(0, float('nan'))",
    "random.uniform(0, float('inf'))",
    "random.exponential(float('nan'))",
    "nd.sample_poisson(mx.nd.array([float('inf')]))",
    "nd.sample_gamma(mx.nd.array([float('nan')]), mx.nd.array([1]))",
]
ANSWERED = [
    f"random.poisson({rate}, shape=50)"
    for rate in ("1e5", "1e7", "1e9", "1e15", "1e30", "1e37", "3e38", "1e-30")
] + [
    "random.gamma(1e-30, 1, shape=50)",
    "random.gamma(3e38, 1, shape=50)",
    "random.gamma(1, 3e38, shape=50)",
    "random.negative_binomial(2**62, 1e-30, shape=50)",
    "random.negative_binomial(0, 0.5, shape=50)",
    "random.generalized_negative_binomial(3e38, 3e38, shape=50)",
    "random.generalized_negative_binomial(1, 1e-38, shape=50)",
    "random.generalized_negative_binomial(1, 1e-45, shape=50)",
    "nd.sample_poisson(mx.nd.array([1e37, 0, 5]), shape=50)",
    "nd._internal._sample_unique_zipfian(1000, shape=(2, 1000))[0]",
]


def run(call):
    code = f"import mxnet as mx; print(mx.{call}.asnumpy().astype('float64').mean())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("call", REFUSED)
def test_refused(call):
    done = run(call)
    assert done.returncode == 1
    assert "expected" in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("call", ANSWERED)
def test_answered(call):
    done = run(call)
    assert done.returncode == 0, done.stderr
    mean = float(done.stdout)
    if "binomial(0" in call:
        assert mean == 0
    if "poisson(1e" in call and "e-30" not in call:
        rate = float(call.split("(")[1].split(",")[0])
        assert abs(mean / rate - 1) < 0.1
