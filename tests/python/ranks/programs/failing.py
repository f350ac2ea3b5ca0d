"""Steps of which rank 1 makes twenty and then does what it is told: failing.py HOW FOLDER."""

import os
import pathlib
import signal
import sys
import time

import mxnet as mx


def go(how):
    if how == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "exit":
        os._exit(5)
    elif how == "raise":
        raise ValueError("rank 1 has had enough")
    elif how == "leave":
        sys.exit(0)
    elif how == "shape":
        return mx.nd.ones((5,))
    return mx.nd.ones((4,))


def main(how, folder):
    store = mx.kv.create("dist_sync")
    pathlib.Path(folder, f"{store.rank}.pid").write_text(str(os.getpid()))
    out = mx.nd.zeros((4,))
    store.init("weight", out)
    for step in range(100_000):
        gradient = mx.nd.ones((4,))
        if step == 20 and store.rank == 1:
            gradient = go(how)
        store.push("weight", gradient)
        store.pull("weight", out=out)
        out.wait_to_read()
        time.sleep(0.02)


main(*sys.argv[1:])
