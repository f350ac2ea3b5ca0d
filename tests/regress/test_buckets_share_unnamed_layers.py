"""Layers without a name were numbered on from bucket to bucket, so that no two shared a weight."""

import mxnet as mx


def test_buckets_share_unnamed_layers():
    def network(length):
        hidden = mx.sym.FullyConnected(
            mx.sym.sum(mx.sym.var("data"), axis=1, keepdims=True), num_hidden=3
        )
        return mx.sym.LinearRegressionOutput(hidden, name="fit"), ("data",), ("fit_label",)

    module = mx.mod.BucketingModule(network, default_bucket_key=3)
    module.bind([("data", (2, 3))], [("fit_label", (2, 3))])
    module.init_params(mx.init.One())
    batches = [
        mx.io.DataBatch(
            [mx.nd.ones((2, length))],
            [mx.nd.zeros((2, 3))],
            bucket_key=length,
            provide_data=[("data", (2, length))],
            provide_label=[("fit_label", (2, 3))],
        )
        for length in (3, 4)
    ]
    for batch, total in zip(batches, (3, 4)):
        module.forward(batch, is_train=False)
        assert (module.get_outputs()[0].asnumpy() == total).all()
