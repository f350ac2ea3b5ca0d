"""Iterators: the batches of two epochs."""

import numpy as np

from .digest import values

ROWS = np.arange(7)


def _epochs(iterator, epochs=2):
    described = [
        [(desc.name, list(desc.shape), np.dtype(desc.dtype).name) for desc in descs]
        for descs in (iterator.provide_data, iterator.provide_label)
    ]
    batches = []
    for _ in range(epochs):
        batches.append(
            [
                [[values(x) for x in batch.data], [values(x) for x in batch.label or []], batch.pad]
                for batch in iterator
            ]
        )
        iterator.reset()
    return [described, batches]


def _arrays(**options):
    def run(mx):
        np.random.seed(1)
        return _epochs(mx.io.NDArrayIter(ROWS, ROWS * 10, **options))

    return run


def _named(mx):
    return _epochs(mx.io.NDArrayIter({"b": ROWS, "a": ROWS + 1}, {"y": ROWS, "x": ROWS}, 7))


def _several(mx):
    return _epochs(mx.io.NDArrayIter([ROWS, ROWS + 1], [ROWS, ROWS], 3))


def _typed(mx):
    label = mx.nd.array(ROWS, dtype="int32")
    return _epochs(mx.io.NDArrayIter(ROWS.astype("float16"), label, 7, layout="NHWC"))


def _resized(reset_internal):
    def run(mx):
        inner = mx.io.NDArrayIter(ROWS, ROWS, 3)
        return _epochs(mx.io.ResizeIter(inner, 5, reset_internal), 3)

    return run


def _prefetched(mx):
    parts = [mx.io.NDArrayIter(ROWS, ROWS, 3), mx.io.NDArrayIter({"z": ROWS}, {"l": ROWS}, 3)]
    return _epochs(
        mx.io.PrefetchingIter(
            parts,
            rename_data=[{"data": "first"}, {"z": "second"}],
            rename_label=[{"softmax_label": "one"}, {"l": "two"}],
        )
    )


CASES = {
    **{
        f"{handle}{'_shuffled' * shuffle}": _arrays(
            batch_size=3, last_batch_handle=handle, shuffle=shuffle
        )
        for handle in ("pad", "discard", "roll_over")
        for shuffle in (False, True)
    },
    "one_batch": _arrays(batch_size=8),
    "named": _named,
    "several": _several,
    "typed": _typed,
    "resized": _resized(True),
    "resized_going_on": _resized(False),
    "prefetched": _prefetched,
}
