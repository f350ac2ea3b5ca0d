import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(5).normal(size=(3, 4)) * 3
FUNCTIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "softrelu": lambda x: np.logaddexp(x, 0),
    "softsign": lambda x: x / (1 + abs(x)),
}


def reference(x, act_type):
    return FUNCTIONS[act_type](x)


CASES = [
    Case(
        "Activation",
        [X],
        reference,
        {"act_type": name},
        FLOATS,
        second=name != "relu",
        name=name,
        oracle="1.9.1 has no bfloat16",
    )
    for name in FUNCTIONS
]
CASES += [
    Case(
        "Activation",
        [np.array([-200.0, -90, 0, 90, 200])],
        reference,
        {"act_type": name},
        grad=False,
    )
    for name in FUNCTIONS
]
FAULTS = [
    Fault("Activation", [X], "Activation: act_type is missing"),
    Fault("Activation", [X], "Activation: act_type=swish is not valid", {"act_type": "swish"}),
]
TestActivation = operator_tests(CASES, FAULTS)
