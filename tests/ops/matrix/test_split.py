import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(7).normal(size=(2, 6, 4))


def split(x, num_outputs, axis=1, squeeze_axis=False):
    parts = np.split(x, num_outputs, axis)
    return [p.squeeze(axis) for p in parts] if squeeze_axis else parts


def split_v2(x, indices, axis=1, squeeze_axis=False, sections=0):
    parts = np.array_split(x, sections or list(indices[1:]), axis)
    return [p.squeeze(axis) for p in parts] if squeeze_axis else parts


def split_axis(along):
    """mx.np's splits, which know their axis themselves."""

    def reference(x, indices, sections=0, **_):
        return np.array_split(x, sections or list(indices[1:]), along)

    return reference


CASES = [
    Case("SliceChannel", [X], split, attrs={"num_outputs": 3}, dtypes=ALL, second=True),
    Case("SliceChannel", [X], split, attrs={"num_outputs": 2, "axis": -1}),
    Case("SliceChannel", [X], split, attrs={"num_outputs": 2, "axis": 0, "squeeze_axis": True}),
    Case("SliceChannel", [X], split, attrs={"num_outputs": 4, "axis": 2, "squeeze_axis": True}),
    Case("SliceChannel", [X], split, attrs={"num_outputs": 1}),
    Case("_split_v2", [X], split_v2, attrs={"indices": (0, 2, 3)}, second=True),
    Case("_split_v2", [X], split_v2, attrs={"indices": (0, 1), "axis": 0, "squeeze_axis": True}),
    Case("_split_v2", [X], split_v2, attrs={"indices": (), "sections": 3}),
    Case("_split_v2", [X], split_v2, attrs={"indices": (), "sections": 4}),
]
CASES += [
    Case("_npi_hsplit", [X], split_axis(1), attrs={"indices": (0, 2, 3)}, dtypes=ALL, second=True),
    Case("_npi_hsplit", [X[0, :, 0]], split_axis(0), attrs={"indices": (), "sections": 4}),
    Case("_npi_hsplit", [X], split_axis(1), attrs={"indices": (), "sections": 2, "axis": 0}),
    Case("_npi_dsplit", [X], split_axis(2), attrs={"indices": (0, 1)}, dtypes=ALL, second=True),
    Case("_npi_dsplit", [X], split_axis(2), attrs={"indices": (), "sections": 2, "axis": 2}),
]
FAULTS = [
    Fault("_npi_hsplit", [np.float64(1)], "data has 0 axes", {"indices": (), "sections": 1}),
    Fault("_npi_hsplit", [X], "indices=.* do not rise", {"indices": (0, 1, 77)}),
    Fault("_npi_dsplit", [X[0]], "data has 2 axes; expected at least 3", {"indices": (0, 1)}),
    Fault("SliceChannel", [X], "cannot be cut into 5 equal parts", {"num_outputs": 5}),
    Fault(
        "SliceChannel",
        [X],
        "squeeze_axis=1 needs parts of size 1",
        {"num_outputs": 2, "squeeze_axis": True},
    ),
    Fault("SliceChannel", [X], "axis=9", {"num_outputs": 2, "axis": 9}, IndexError),
    Fault("SliceChannel", [X], "num_outputs=0 is out of range", {"num_outputs": 0}),
    Fault("_split_v2", [X], "indices=.* do not rise", {"indices": (0, 9)}),
    Fault("_split_v2", [X], "indices=.* do not rise", {"indices": (0, 4, 2)}),
    Fault("_split_v2", [X], "indices=.* do not rise from 0", {"indices": (1, 2)}),
]
TestSplit = operator_tests(CASES, FAULTS)


def test_unused_parts_have_gradient_zero():
    import mxnet as mx

    x = mx.nd.array(X)
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.split(x, num_outputs=3)[1] * 2
    y.backward()
    expected = np.zeros_like(X)
    expected[:, 2:4] = 2
    np.testing.assert_array_equal(x.grad.asnumpy(), expected)
