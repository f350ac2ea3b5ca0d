"""Sizes from arguments wrapped around: repeat(ones(4), repeats=2**62) gave an empty array."""

import pytest

import mxnet as mx

H, M = 2**62, 2**63 - 1
D, S = mx.nd, mx.sym
IMAGE = (1, 1, 4, 4)


def image(**kwargs):
    return mx.nd.ones(kwargs.get("shape", IMAGE))


CASES = {
    "repeats": lambda: D.repeat(D.ones(4), repeats=H),
    "repeats axis": lambda: D.repeat(D.ones((2, 4)), repeats=M, axis=1),
    "reps": lambda: D.tile(D.ones((2, 4)), reps=(H, H)),
    "reps zero": lambda: D.tile(D.ones((2, 4)), reps=(0, M)),
    "pad_width": lambda: D.Pad(
        image(), mode="constant", constant_value=0, pad_width=(0, 0, 0, 0, M, M, 1, 1)
    ),
    "scale": lambda: D.UpSampling(image(), scale=2**31 - 1, sample_type="nearest"),
    "weight bilinear": lambda: D.UpSampling(
        image(), D.ones((1, 1, 4, 4)), scale=2**31 - 1, sample_type="bilinear", num_filter=1
    ),
    "depth": lambda: D.one_hot(D.zeros((3,)), H),
    "repeat": lambda: mx.nd.arange(0, 10, repeat=M),
    "step": lambda: mx.nd.arange(0, 1e300, 1e-300),
    "num": lambda: D._internal._linspace(0, 1, num=M),
    "N": lambda: D.eye(H, H),
    "k": lambda: D.diag(D.ones(3), k=M),
    "k least": lambda: D.diag(D.ones(3), k=-M - 1),
    "k matrix": lambda: D.diag(D.ones((3, 3)), k=-M - 1),
    "block_size": lambda: D.depth_to_space(image(), block_size=2**32),
    "block_size space": lambda: D.space_to_depth(image(), block_size=M),
    "kernel": lambda: D.Convolution(
        image(), image(), kernel=(M, 1), num_filter=1, no_bias=True, dilate=(M, 1)
    ),
    "data_shape": lambda: D._internal._backward_Convolution_weight(
        image(), image(), kernel=(1, 1, 1), num_filter=1, data_shape=IMAGE
    ),
    "pad": lambda: D.Convolution(
        image(), D.ones((1, 1, 1, 1)), kernel=(1, 1), num_filter=1, no_bias=True, pad=(H, H)
    ),
    "kernel Pooling": lambda: D.Pooling(image(), kernel=(M, M), pad=(H, H), pool_type="max"),
    "stride": lambda: D.Deconvolution(
        image(), D.ones((1, 1, 1, 1)), kernel=(1, 1), num_filter=1, no_bias=True, stride=(H, H)
    ),
    "num_outputs": lambda: D.SliceChannel(D.ones((2, 4)), num_outputs=H),
    "sections": lambda: D._internal._split_v2(D.ones((2, 4)), indices=(), sections=H),
    "indices": lambda: D._internal._split_v2(
        D.ones((2, 4)), indices=(0, -(2**31)), axis=0, squeeze_axis=True
    ),
    "indices none": lambda: D._internal._split_v2(D.ones((2, 4)), indices=()),
    "shape": lambda: D.reshape(D.ones((2, 4)), shape=(H, H, -1)),
    "shape -4": lambda: D.reshape(D.ones((2, 4)), shape=(-4, H, 4, 0)),
    "shape ones": lambda: mx.nd.ones((H, H)),
    "shape zeros": lambda: mx.nd.zeros((0, M)),
    "shape uniform": lambda: mx.nd.random.uniform(shape=(H, 4)),
    "shape broadcast": lambda: D.broadcast_to(D.ones((1, 1)), shape=(H, H)),
    "size": lambda: D.broadcast_axis(D.ones((1, 1)), axis=(0, 1), size=(H, H)),
    "pooled_size": lambda: D.ROIPooling(image(), D.zeros((1, 5)), (2**40, 2**40), 1),
    "num_args": lambda: S.add_n(S.Variable("a"), num_args=M),
    "num_weights": lambda: S.multi_sgd_update(S.Variable("a"), lrs=(1,), wds=(1,), num_weights=H),
    "offset": lambda: D.Crop(image(), h_w=(2, 2), offset=(M, M)),
    "num_hidden": lambda: S.FullyConnected(S.Variable("a"), num_hidden=2**31).infer_shape(a=(1, H)),
    "a": lambda: S.Flatten(S.Variable("a")).infer_shape(a=(2, H, H)),
    "a conv": lambda: S.Convolution(S.Variable("a"), kernel=(3,), num_filter=1).infer_shape(
        a=(1, 1, M)
    ),
    "data concat": lambda: S.Concat(S.Variable("a"), S.Variable("b"), dim=1).infer_shape(
        a=(1, M), b=(1, M)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_error(name):
    with pytest.raises((mx.MXNetError, ValueError, IndexError)) as caught:
        out = CASES[name]()
        (out[0] if isinstance(out, list) else out).asnumpy()
    message = str(caught.value)
    assert "\n" not in message and "internal" not in message.lower()
    if not name.startswith(("a", "data concat", "k least", "step")):
        assert name.split()[0] + "=" in message


def test_slices_of_any_reach():
    data = mx.nd.array([0, 1, 2])
    for begin, end, step, expected in [
        (None, None, M, [0]),
        (None, None, -M - 1, [2]),
        (-M - 1, M, None, [0, 1, 2]),
        (M, -M - 1, -1, [2, 1, 0]),
        (1, 2, M, [1]),
    ]:
        got = mx.nd.slice(data, begin=(begin,), end=(end,), step=(step,) if step else ())
        assert got.asnumpy().tolist() == expected


def test_diagonals_beside_the_matrix():
    for k in (-M - 1, M, 4, -3):
        assert mx.nd.eye(3, 4, k=k).sum().asscalar() == 0
    assert mx.nd.eye(3, 4, k=-2).asnumpy()[2, 0] == 1 == mx.nd.eye(3, 4, k=3).asnumpy()[0, 3]
