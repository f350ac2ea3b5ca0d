"""What loaders.py measures of Remx.

PYTHON work_remx.py KIND FOLDER WORKERS
"""

import multiprocessing
import pathlib
import sys
import time

import mxnet as mx
from mxnet.gluon.data import ArrayDataset, DataLoader
from mxnet.gluon.data.vision import ImageFolderDataset, transforms

BATCH = 32
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def folder_loader(folder, workers):
    steps = [transforms.RandomResizedCrop(224), transforms.RandomFlipLeftRight()]
    steps += [transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)]
    dataset = ImageFolderDataset(str(folder)).transform_first(transforms.Compose(steps))
    return DataLoader(dataset, BATCH, shuffle=True, num_workers=workers)


def record_file(folder):
    """The files of the folder as they are in one record file, made once."""
    path = folder.with_suffix(".rec")
    if not path.exists():
        writer = mx.recordio.MXIndexedRecordIO(str(path.with_suffix(".idx")), str(path), "w")
        for i, picture in enumerate(sorted(folder.glob("*/*.jpg"))):
            header = mx.recordio.IRHeader(0, float(picture.parent.name[-1]), i, 0)
            writer.write_idx(i, mx.recordio.pack(header, picture.read_bytes()))
        writer.close()
    return path


def record_iterator(folder, workers):
    path = record_file(folder)
    return mx.io.ImageRecordIter(
        path_imgrec=str(path),
        path_imgidx=str(path.with_suffix(".idx")),
        data_shape=(3, 224, 224),
        batch_size=BATCH,
        shuffle=True,
        random_resized_crop=True,
        min_random_area=0.08,
        max_random_area=1.0,
        min_aspect_ratio=3 / 4,
        max_aspect_ratio=4 / 3,
        rand_mirror=True,
        mean_r=MEAN[0] * 255,
        mean_g=MEAN[1] * 255,
        mean_b=MEAN[2] * 255,
        std_r=DEVIATION[0] * 255,
        std_g=DEVIATION[1] * 255,
        std_b=DEVIATION[2] * 255,
        preprocess_threads=workers,
    )


def count_pictures(source):
    count = 0
    for batch in source:
        data = batch.data[0] if isinstance(batch, mx.io.DataBatch) else batch[0]
        data.wait_to_read()
        count += data.shape[0] - (getattr(batch, "pad", 0) or 0)
    return count


def pictures_per_second(source):
    """Of the second epoch: the first one starts workers."""
    count_pictures(source)
    if hasattr(source, "reset"):
        source.reset()
    begin = time.perf_counter()
    count = count_pictures(source)
    return count / (time.perf_counter() - begin)


def first_batches_per_second(workers):
    """One divided by the time until the first batch of a loader with spawned workers."""
    multiprocessing.set_start_method("spawn")
    data = mx.nd.ones((64, 8))
    begin = time.perf_counter()
    next(iter(DataLoader(ArrayDataset(data, data), 8, num_workers=workers)))
    return 1 / (time.perf_counter() - begin)


def main():
    kind, folder, workers = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    if kind == "first":
        print(first_batches_per_second(workers))
    else:
        make = folder_loader if kind == "loader" else record_iterator
        print(pictures_per_second(make(folder, workers)))


if __name__ == "__main__":
    main()
