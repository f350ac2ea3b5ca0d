"""Trains on records that make no equal parts: uneven.py FOLDER HANDLE; rank 0 writes them."""

import pathlib
import sys

import numpy as np

import mxnet as mx

ROWS, BATCH = 23, 2


def write(path):
    writer = mx.recordio.MXRecordIO(str(path), "w")
    for row in range(ROWS):
        side = 40 if row < 4 else 4
        noise = np.random.RandomState(row).randint(0, 255, (side, side, 3)).astype("uint8")
        header = mx.recordio.IRHeader(0, float(row % 2), row, 0)
        writer.write(mx.recordio.pack_img(header, noise, img_fmt=".png"))
    writer.close()


def main(folder, handle):
    store = mx.kv.create("dist_sync")
    path = pathlib.Path(folder, "pictures.rec")
    if store.rank == 0:
        write(path)
    store.barrier()
    batches = mx.io.ImageRecordIter(
        path_imgrec=str(path),
        data_shape=(3, 4, 4),
        batch_size=BATCH,
        shuffle=True,
        num_parts=store.num_workers,
        part_index=store.rank,
        part_handle=handle,
    )
    net = mx.sym.FullyConnected(mx.sym.Flatten(mx.sym.var("data")), num_hidden=2, name="out")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    steps = []
    module.fit(batches, num_epoch=3, kvstore=store, batch_end_callback=lambda _: steps.append(1))
    pathlib.Path(folder, f"{store.rank}.steps").write_text(str(len(steps)))


main(*sys.argv[1:])
