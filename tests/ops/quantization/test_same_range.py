import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import one, whole

LOW, HIGH = one(-2), one(3)


def keeps(f):
    return lambda x, low, high, **attrs: [f(x), low, high]


def out(dtype):
    return {"out_dtype": [dtype, "float32", "float32"], "grad": False}


RELU = {"act_type": "relu"}
relu = keeps(lambda x: np.maximum(x, 0))
flatten = keeps(lambda x: x.reshape(len(x), -1))
WEIGHT = whole("int8", 5, 3)
SIZES = {"input_dim": 5, "output_dim": 3}
CASES = [
    Case("_contrib_quantized_flatten", [whole("int8", 2, 3, 4), LOW, HIGH], flatten, **out("int8")),
    Case("_contrib_quantized_flatten", [whole("uint8", 2, 3), LOW, HIGH], flatten, **out("uint8")),
    Case("_contrib_quantized_act", [whole("int8", 2, 3, 4), LOW, HIGH], relu, RELU, **out("int8")),
    Case(
        "_contrib_quantized_act",
        [whole("uint8", 2, 3, 4), LOW, HIGH],
        relu,
        RELU,
        oracle="1.9.1 says that the result is int8",
        **out("uint8"),
    ),
    Case(
        "_contrib_quantized_embedding",
        [np.array([[0.0, 4.0], [2.0, 1.0]]), WEIGHT, LOW, HIGH],
        lambda x, w, low, high, **attrs: [w[x.astype(int)], low, high],
        SIZES,
        **out("int8"),
    ),
]
FAULTS = [
    Fault(
        "_contrib_quantized_act",
        [whole("int8", 3), LOW, HIGH],
        "expected relu",
        {"act_type": "tanh"},
    ),
    Fault(
        "_contrib_quantized_flatten",
        [np.ones((2, 3)), LOW, HIGH],
        "has dtype float32",
        kind=TypeError,
        oracle="1.9.1 flattens anything",
    ),
]
TestSameRange = operator_tests(CASES, FAULTS)
