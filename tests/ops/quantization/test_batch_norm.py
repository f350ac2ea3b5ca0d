import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import R, cut, magnitude, one, whole

LOW, HIGH = one(-2), one(3)
GAMMA, BETA = np.linspace(0.5, 1.5, 10), np.linspace(-0.5, 0.5, 10)
MEAN, VAR = R.normal(size=10), np.linspace(0.5, 1.5, 10)
CALIBRATED = {"min_calib_range": -4.0, "max_calib_range": 5.0}


def batch_norm(x, gamma, beta, mean, var, low, high, eps=1e-3, fix_gamma=True, **calibrated):
    gamma = np.ones_like(gamma) if fix_gamma else gamma
    real = x * (magnitude(low, high) / 127.5 / np.sqrt(1 + eps))
    scale, shape = gamma / np.sqrt(var + eps), (1, -1, 1, 1)
    real = real * scale.reshape(shape) + (beta - mean * scale).reshape(shape)
    if not calibrated:
        size = np.abs(real).max()
        return [cut(real * 127.5 / size, "int8"), one(-size), one(size), mean, var]
    ends = list(calibrated.values())
    size = np.abs(ends).max()
    return [cut(real * 127.5 / size, "int8"), one(ends[0]), one(ends[1]), mean, var]


INPUTS = [whole("int8", 2, 10, 4, 3), GAMMA, BETA, MEAN, VAR, LOW, HIGH]
OUT = {"out_dtype": ["int8", "float32", "float32"], "grad": False}
NAME = "_contrib_quantized_batch_norm"
CASES = [
    Case(NAME, INPUTS, batch_norm, {"fix_gamma": False, **CALIBRATED}, **OUT),
    Case(NAME, INPUTS, batch_norm, CALIBRATED, oracle="1.9.1 uses gamma though it is fixed", **OUT),
    Case(
        NAME,
        INPUTS,
        batch_norm,
        {"fix_gamma": False, "eps": 1e-5},
        oracle="1.9.1 needs a calibrated range",
        **OUT,
    ),
]
FAULTS = [
    Fault(NAME, [INPUTS[0].astype("f"), *INPUTS[1:]], "has dtype float32", CALIBRATED, TypeError),
]
TestQuantizedBatchNorm = operator_tests(CASES, FAULTS)
