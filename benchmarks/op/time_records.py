"""Pictures a second of mx.io.ImageRecordIter, in this package or in MXNet 1.9.1.

    PYTHON time_records.py FILE.rec [THREADS]

Crops 224x224 at random places and mirrors half of them; FILE.rec holds JPEG files of 500x375 to
compare the two. The first epoch warms up, the best of three counts.
"""

import sys
import time

import mxnet as mx


def time_epoch(source):
    begin, count = time.perf_counter(), 0
    for batch in source:
        batch.data[0].wait_to_read()
        count += batch.data[0].shape[0] - batch.pad
    source.reset()
    return count / (time.perf_counter() - begin)


def main():
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    source = mx.io.ImageRecordIter(
        path_imgrec=sys.argv[1],
        data_shape=(3, 224, 224),
        batch_size=32,
        rand_crop=True,
        rand_mirror=True,
        preprocess_threads=threads,
    )
    time_epoch(source)
    print(f"{max(time_epoch(source) for _ in range(3)):.0f} pictures/s, {threads} threads")


if __name__ == "__main__":
    main()
