"""Train LeNet on the bundled digits with several ranks: remx launch -n 2 python examples/fleet.py.

Each rank reads its part of the digits; `kvstore="dist_sync"` is all that is different from training
in one process. Rank 0 writes the checkpoint.
"""

import argparse

import demo
import shared

import mxnet as mx


def train(prefix, epochs):
    """Train, and tell how well all digits of the test are known.

    Args:
        prefix (str): The checkpoint to write.
        epochs (int): How often to go through the digits.
    """
    store = mx.kv.create("dist_sync")
    mx.random.seed(7)  # the same weights everywhere; rank 0's count
    part = {"num_parts": store.num_workers, "part_index": store.rank}
    data = mx.io.NDArrayIter(*shared.load_digits("train"), demo.BATCH // store.num_workers, **part)
    module = mx.mod.Module(demo.lenet())
    module.fit(
        data,
        num_epoch=epochs,
        kvstore=store,
        optimizer="adam",
        optimizer_params={"learning_rate": 0.002},
        initializer=mx.init.Xavier(),
    )
    store.barrier()
    if store.rank == 0:
        module.save_checkpoint(prefix, epochs)
        test = mx.io.NDArrayIter(*shared.load_digits("t10k"), demo.BATCH // store.num_workers)
        ((_, accuracy),) = module.score(test, "acc")
        print(f"{store.num_workers} ranks: accuracy on the test digits {accuracy:.4f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", default="fleet")
    parser.add_argument("--epochs", type=int, default=15)
    options = parser.parse_args()
    train(options.prefix, options.epochs)
