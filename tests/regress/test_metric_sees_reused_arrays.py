"""`fit` fetched the next batch before the metric had seen the labels of this one.

An iterator that hands over the same arrays again changed them under the metric.
"""

import mxnet as mx


class Reusing(mx.io.DataIter):
    """Gives the number of the batch as its label, in one array for all batches."""

    def __init__(self):
        super().__init__(1)
        self.number = 0
        self.label = mx.nd.zeros((1,))
        self.provide_data = [("data", (1, 2))]
        self.provide_label = [("softmax_label", (1,))]

    def reset(self):
        self.number = 0

    def next(self):
        if self.number == 4:
            raise StopIteration
        self.label[:] = self.number
        self.number += 1
        return mx.io.DataBatch([mx.nd.ones((1, 2))], [self.label], pad=0)


def test_labels_of_each_batch():
    seen = []

    def labels(label, pred):
        seen.append(label.item())
        return 0

    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4)
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    module.fit(Reusing(), num_epoch=1, eval_metric=mx.metric.np(labels))
    assert seen == [0, 1, 2, 3]
