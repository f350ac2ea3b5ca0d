import numpy as np
from harness import Case, Fault, operator_tests
from harness.boxes import random_boxes

ENCODE, DECODE = "_contrib_box_encode", "_contrib_box_decode"
R = np.random.default_rng(36)


def center(boxes):
    low, high = boxes[..., :2], boxes[..., 2:]
    return (low + high) / 2, high - low


def encode(samples, matches, anchors, refs, means, stds):
    chosen = np.take_along_axis(refs, np.maximum(matches, 0).astype(int)[..., None], 1)
    (middle, size), (at, unit) = center(chosen), center(anchors)
    offsets = np.concatenate([(middle - at) / unit, np.log(size / unit)], -1)
    mask = np.repeat((samples > 0.5)[..., None], 4, -1).astype(float)
    return np.where(mask > 0, (offsets - means) / stds, 0), mask


def decode(data, anchors, std0=1, std1=1, std2=1, std3=1, clip=-1, format="center"):
    at, unit = center(anchors) if format == "corner" else (anchors[..., :2], anchors[..., 2:])
    scaled = data * [std0, std1, std2, std3]
    middle = scaled[..., :2] * unit + at
    limited = np.minimum(scaled[..., 2:], clip) if clip > 0 else scaled[..., 2:]
    half = np.exp(limited) * unit / 2
    return np.concatenate([middle - half, middle + half], -1)


def zero(*arrays, **_):
    """As 1.9.1: no gradient flows."""
    return [np.zeros(a.shape) for a in arrays]


def case(op, inputs, **attrs):
    reference = encode if op == ENCODE else decode
    dtypes = ("float32",) if attrs else ("float32", "float64")
    return Case(op, inputs, reference, attrs, dtypes, rtol=1e-4, atol=1e-5, grad_reference=zero)


SAMPLES = np.array([[1, -1, 1, 0], [0.4, 0.6, 0.5, 1]])
MATCHES = np.array([[0, -1, 2, 1], [5, 1, 9, 0.0]])
INPUTS = [
    SAMPLES,
    MATCHES,
    random_boxes(R, 2, 4),
    random_boxes(R, 2, 3),
    np.array([0, 0.1, 0.2, 0.3]),
    np.array([0.1, 0.1, 0.2, 0.5]),
]
DATA, ANCHORS = R.normal(size=(2, 5, 4)), random_boxes(R, 1, 5)


def encode_fault(match, position, value, **kwargs):
    inputs = list(INPUTS)
    inputs[position] = value
    return Fault(ENCODE, inputs, match, **kwargs)


CASES = [
    case(ENCODE, INPUTS),
    case(DECODE, [DATA, ANCHORS]),
    case(DECODE, [DATA, ANCHORS], format="corner"),
    case(DECODE, [DATA, ANCHORS], std0=0.1, std1=0.2, std2=0.3, std3=0.4, format="corner"),
    case(DECODE, [DATA, ANCHORS], clip=0.5),
    case(DECODE, [DATA, ANCHORS], clip=0),
]
# The reference looks all rows up, also those without a box.
CASES[0].reference = lambda s, m, *rest: encode(s, np.where(s > 0.5, m, 0), *rest)
FAULTS = [
    encode_fault("means=", 4, np.zeros(3)),
    encode_fault("anchors=|samples=|matches=", 2, random_boxes(R, 1, 4)),
    encode_fault("samples=", 0, SAMPLES[0]),
    encode_fault(
        "matches=3 is out of range; expected a row of refs, 0 to 2",
        1,
        np.full((2, 4), 3.0),
        kind=IndexError,
        oracle="1.9.1 reads beyond the array",
    ),
    Fault(DECODE, [DATA[0], ANCHORS], "data="),
    Fault(DECODE, [DATA[..., :3], ANCHORS], "data="),
    Fault(DECODE, [DATA, ANCHORS[:, :2]], "expected"),
    Fault(DECODE, [DATA, np.repeat(ANCHORS, 2, 0)], "anchors="),
]
TestBoxEncode = operator_tests(CASES, FAULTS)
