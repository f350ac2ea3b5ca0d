"""BucketingModule: one set of parameters for batches of different length."""

import numpy as np
import pytest

import mxnet as mx

RNG = np.random.RandomState(0)


def network(length):
    x = mx.sym.sum(mx.sym.Variable("data"), axis=1)
    x = mx.sym.FullyConnected(x / length, num_hidden=2, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax"), ("data",), ("softmax_label",)


class Lengths(mx.io.DataIter):
    """Batches of lengths 6, 3, 5, 3."""

    default_bucket_key = 6

    def __init__(self):
        super().__init__(4)
        self.batches = [self.batch(length) for length in (6, 3, 5, 3)]
        self.provide_data = self.batches[0].provide_data
        self.provide_label = self.batches[0].provide_label
        self.position = 0

    @staticmethod
    def batch(length):
        label = RNG.randint(0, 2, 4)
        data = RNG.randn(4, length, 3) + label.reshape(-1, 1, 1) * 4
        return mx.io.DataBatch(
            [mx.nd.array(data)],
            [mx.nd.array(label)],
            bucket_key=length,
            provide_data=[mx.io.DataDesc("data", data.shape)],
            provide_label=[mx.io.DataDesc("softmax_label", (4,))],
        )

    def reset(self):
        self.position = 0

    def next(self):
        if self.position == len(self.batches):
            raise StopIteration
        self.position += 1
        return self.batches[self.position - 1]


@pytest.fixture
def trained():
    module = mx.mod.BucketingModule(network, default_bucket_key=6)
    mx.random.seed(5)
    module.fit(Lengths(), num_epoch=10, optimizer_params={"learning_rate": 0.5})
    return module


def test_buckets_learn_together(trained):
    assert trained.score(Lengths(), "acc")[0][1] == 1.0
    assert sorted(trained._buckets) == [3, 5, 6]
    weights = {id(m._exec_group.param_arrays[0][0]) for m in trained._buckets.values()}
    assert len(weights) == 1


def test_preparing_leaves_the_current_bucket(trained):
    data = Lengths()
    trained.forward(data.batches[0], is_train=False)
    trained.prepare(data.batch(4))
    assert trained.data_shapes == [("data", (4, 6, 3))]
    assert sorted(trained._buckets) == [3, 4, 5, 6]


def test_round_trip(trained, tmp_path):
    prefix = str(tmp_path / "net")
    trained.save_checkpoint(prefix, 2)
    assert mx.nd.load(f"{prefix}.buckets")[0].asnumpy().tolist() == list(trained._buckets)
    assert mx.sym.load(f"{prefix}-3-symbol.json").list_outputs() == ["softmax_output"]
    data = Lengths()
    loaded = mx.mod.BucketingModule.load(prefix, 2, network, 6)
    loaded.bind(data.provide_data, data.provide_label, for_training=False)
    for found, wanted in zip(
        loaded.predict(data, merge_batches=False), trained.predict(data, merge_batches=False)
    ):
        np.testing.assert_allclose(found[0].asnumpy(), wanted[0].asnumpy(), rtol=1e-6)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: mx.mod.BucketingModule(network), "default_bucket_key is not given"),
        (lambda: mx.mod.BucketingModule(lambda key: 3, 6).data_names, r"sym_gen\(6\) gives 3"),
        (lambda: mx.mod.BucketingModule(network, 6).get_params(), "have no values"),
        (lambda: mx.mod.BucketingModule.load("x", 1), "sym_gen is not given"),
    ],
)
def test_errors(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()
