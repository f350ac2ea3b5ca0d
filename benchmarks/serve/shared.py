"""Servers as processes, networks to serve, and `remx bench` for both sides."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = ("mlp", "squeezenet1.1", "resnet50_v1")


def environment(build):
    """Environment of a process that runs a build."""
    return {
        "OMP_NUM_THREADS": "2",
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(build).resolve() / "python")]),
    }


def remx(build, *arguments):
    """The JSON document that a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "mxnet.cli", *map(str, arguments), "--json"],
        env=environment(build),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


@contextlib.contextmanager
def serving(build, *arguments):
    """A server: (process, the document that it prints)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mxnet.cli", "serve", *map(str, arguments), "--port", "0", "--json"],
        env=environment(build),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        text = ""
        while "\n}" not in text:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the server has ended")
            text += line
        yield process, json.loads(text)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def make_network(name, folder):
    """Write a checkpoint with random weights; gives its prefix and the shape of a row."""
    import mxnet as mx

    mx.random.seed(1)
    if name == "mlp":
        net = mx.gluon.nn.HybridSequential()
        net.add(mx.gluon.nn.Dense(128, activation="relu"), mx.gluon.nn.Dense(10))
        shape = (784,)
    else:
        net = mx.gluon.model_zoo.vision.get_model(name)
        shape = (3, 224, 224)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    net(mx.nd.zeros((1, *shape)))
    prefix = Path(folder) / name
    net.export(str(prefix))
    return prefix, ",".join(map(str, shape))
