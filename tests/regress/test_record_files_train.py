"""mx.io.ImageRecordIter was missing: no program that trains on a record file ran."""

import numpy as np

import mxnet as mx


def test_module_trains_on_a_record_file(tmp_path):
    path = str(tmp_path / "pictures.rec")
    writer = mx.recordio.MXRecordIO(path, "w")
    for i in range(32):
        gray = np.full((6, 6), 200 * (i % 2) + i, np.uint8)
        picture = b"P5 6 6 255\n" + gray.tobytes()
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, float(i % 2), i, 0), picture))
    writer.close()
    data = mx.io.ImageRecordIter(
        path_imgrec=path,
        data_shape=(1, 4, 4),
        batch_size=8,
        shuffle=True,
        rand_crop=True,
        scale=1 / 255,
    )
    assert isinstance(data, mx.io.MXDataIter)
    net = mx.sym.FullyConnected(mx.sym.flatten(mx.sym.var("data")), num_hidden=2)
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    module.fit(data, num_epoch=10, optimizer_params={"learning_rate": 0.5})
    assert dict(module.score(data, "acc"))["accuracy"] == 1
