from harness import Case, Fault, operator_tests
from harness.quantized import R, one, whole

import mxnet as mx

PARAMETERS = R.normal(size=4 * 3 * (5 + 3) + 2 * 4 * 3) * 0.3
STATE, CELL = R.normal(size=(1, 2, 3)), R.normal(size=(1, 2, 3))
ATTRS = {"mode": "lstm", "state_size": 3, "num_layers": 1}


def rnn(x, parameters, state, cell, scale, shift, **attrs):
    data = (x - shift[0]) / scale[0]
    inputs = [mx.nd.array(a) for a in (data, parameters, state, cell)]
    return mx.nd.RNN(*inputs, **attrs).asnumpy()


CASES = [
    Case(
        "_contrib_quantized_rnn",
        [whole("uint8", 4, 2, 5), PARAMETERS, STATE, CELL, one(40.0), one(120.0)],
        rnn,
        ATTRS,
        rtol=1e-4,
        grad=False,
        oracle="1.9.1 has no such operator for CPUs without its library's cells",
    ),
]
FAULTS = [
    Fault(
        "_contrib_quantized_rnn",
        [whole("uint8", 4, 2, 5), PARAMETERS, STATE, CELL, one(40.0), one(120.0)],
        "use_sequence_length=True is not known",
        {**ATTRS, "use_sequence_length": True},
        oracle="1.9.1 crashes",
    ),
]
TestQuantizedRnn = operator_tests(CASES, FAULTS)
