import numpy as np
from harness import Case, Fault, operator_tests

X = np.random.default_rng(18).normal(size=(4, 3, 2))
LENGTHS = {0: np.array([1, 2, 3], "int32"), 1: np.array([1, 2, 3, 1], "int32")}


def time_first(x, axis):
    return np.swapaxes(x, 0, axis)


def lengths_of(x, lengths, axis):
    return np.full(x.shape[1 - axis], x.shape[axis]) if lengths is None else lengths.astype(int)


def mask(x, lengths=None, use_sequence_length=False, value=0, axis=0):
    result = time_first(x, axis).copy()
    for s, n in enumerate(lengths_of(x, lengths, axis)):
        result[n:, s] = value
    return time_first(result, axis)


def last(x, lengths=None, use_sequence_length=False, axis=0):
    ordered = time_first(x, axis)
    return np.stack([ordered[n - 1, s] for s, n in enumerate(lengths_of(x, lengths, axis))])


def reverse(x, lengths=None, use_sequence_length=False, axis=0):
    result = time_first(x, axis).copy()
    for s, n in enumerate(lengths_of(x, lengths, axis)):
        result[:n, s] = result[:n, s][::-1]
    return time_first(result, axis)


def cases(op, reference, axes=(0, 1), **attrs):
    for axis in axes:
        given = {"axis": axis, **attrs}
        oracle = True if op != "SequenceLast" else "1.9.1 gives no gradient without lengths"
        yield Case(op, [X], reference, attrs=given, oracle=oracle)
        given = {**given, "use_sequence_length": True}
        inputs = [X, LENGTHS[axis]]
        yield Case(op, inputs, reference, attrs=given, second=True, dtypes=("float32", "float64"))


CASES = [
    *cases("SequenceMask", mask, value=-1.5),
    *cases("SequenceLast", last),
    *cases("SequenceReverse", reverse, axes=(0,)),
    Case(
        "SequenceMask",
        [X, np.array([0, 2, 9], "int32")],
        lambda x, n, **attrs: mask(x, np.minimum(n, 4), **attrs),
        attrs={"use_sequence_length": True, "value": 2},
    ),
    Case("SequenceReverse", [X], reverse, attrs={"axis": 1}, oracle="1.9.1 wants axis 0"),
]
FAULTS = [
    Fault("SequenceMask", [X], "axis=2 is out of range", {"axis": 2}),
    Fault("SequenceMask", [X[0, 0]], "has 1 dimensions"),
    Fault(
        "SequenceLast",
        [X, LENGTHS[1]],
        r"sequence_length=\(4,\) has the wrong shape",
        {"use_sequence_length": True},
    ),
    Fault("SequenceReverse", [X], "sequence_length is missing", {"use_sequence_length": True}),
]
TestSequence = operator_tests(CASES, FAULTS)
