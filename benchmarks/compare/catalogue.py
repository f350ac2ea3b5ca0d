"""What is measured: programs, works, and the limits that Remx has set itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
NETWORKS = (
    "resnet50_v1 resnet152_v1 vgg16 mobilenet1_0 mobilenetv2_1_0 squeezenet1_1 Inception-BN"
).split()
BATCHES = (1, 16)
MXNET_LIKE = ("mxnet", "remx")
PEERS = ("onnxruntime", "openvino")


@dataclass(frozen=True)
class Program:
    """One program to measure: its interpreter, its script and what its environment adds."""

    name: str
    python: str
    script: str
    arguments: tuple = ()
    environment: dict = field(default_factory=dict)

    def command(self, *arguments):
        return [self.python, str(HERE / self.script), *self.arguments, *map(str, arguments)]


@dataclass(frozen=True)
class Work:
    """One work: how each program is called for it, and the limits for Remx.

    `calls` maps program names to the arguments of the program's script; with `whole_process` the
    process is timed from outside, with its peak memory. `limits` maps a row's name to
    (reference, largest ratio), where the reference is a program, `best peer`, or `absolute`.
    """

    name: str
    calls: dict
    whole_process: bool = False
    rounds: int = 0
    limits: dict = field(default_factory=dict)


def runs_for(batch, quick):
    return 2 if quick else {1: 15}.get(batch, 4)


def inference(folder, quick):
    for network in NETWORKS:
        if not (folder / f"{network}-0000.params").exists():
            continue
        for batch in (1,) if quick else BATCHES:
            tail = (batch, 224, runs_for(batch, quick))
            prefix, onnx = folder / network, folder / f"{network}.onnx"
            name = f"infer {network} batch {batch}"
            yield Work(
                name,
                dict.fromkeys(MXNET_LIKE, ("infer", prefix, *tail))
                | dict.fromkeys(PEERS, ("infer", onnx, *tail)),
                limits={name: (("mxnet", 0.95), ("best peer", 1.05))},
            )
            name += " bf16"
            yield Work(
                name,
                {
                    "remx-bf16": ("infer", prefix, *tail),
                    "openvino-bf16": ("infer", onnx, *tail),
                },
                limits={name: (("openvino-bf16", 1.1),)},
            )


def training(folder, quick):
    runs = 2 if quick else 60
    calls = dict.fromkeys((*MXNET_LIKE, "torch"), ("train_lenet", runs))
    yield Work("LeNet step batch 64", calls, limits={"LeNet step batch 64": (("mxnet", 0.85),)})
    batch = 2 if quick else 16
    name = f"ResNet-50 step batch {batch}"
    calls = dict.fromkeys(
        MXNET_LIKE, ("train_bound", folder / "resnet50_v1", batch, max(1, runs // 15))
    )
    limits = {name: (("mxnet", 1.0),), f"{name} planned": (("mxnet", 0.75),)}
    yield Work(name, calls, limits=limits, rounds=3)


def eager(folder, quick):
    calls = dict.fromkeys((*MXNET_LIKE, "torch"), ("eager", 30 if quick else 3000))
    microseconds = {"a + b": 2, "dot": 2, "FullyConnected": 2, "softmax": 2, "reshape": 2}
    limits = {f"eager {op} 10x10": (("absolute", most),) for op, most in microseconds.items()}
    limits["eager record 2 operators, backward"] = (("absolute", 12),)
    limits["eager record 3 operators, backward"] = (("absolute", 25),)
    yield Work("eager", calls, limits=limits)


NUMPY_CALLS = """a + b;add(a, 2);exp;dot;sum;mean axis 1;reshape;transpose;concatenate;a[1:3];a[mask];
zeros;random.uniform;npx.softmax""".replace("\n", "").split(";")


def numpy_calls(folder, quick):
    limits = {f"mx.np {name} 10x10": (("mxnet", 1.0),) for name in NUMPY_CALLS}
    calls = dict.fromkeys(MXNET_LIKE, ("numpy_calls", 30 if quick else 3000))
    yield Work("mx.np", calls, limits=limits)


def processes(folder, quick):
    network = folder / "resnet50_v1"
    calls = dict.fromkeys(MXNET_LIKE, ("first_prediction", network))
    calls["onnxruntime"] = ("first_prediction", folder / "resnet50_v1.onnx")
    parameters_mb = Path(f"{network}-0000.params").stat().st_size / 1e6
    limits = {
        "start to first ResNet-50 prediction": (("absolute", 0.45),),
        "start to first ResNet-50 prediction, peak memory": (("absolute", 3 * parameters_mb),),
    }
    yield Work("start to first ResNet-50 prediction", calls, True, 0 if quick else 7, limits)
    calls = dict.fromkeys(MXNET_LIKE, ("-c", "import mxnet"))
    calls["onnxruntime"] = ("-c", "import onnxruntime")
    calls["torch"] = ("-c", "import torch")
    limits = {"import": (("absolute", 0.2),), "import, peak memory": (("absolute", 70),)}
    yield Work("import", calls, True, 0 if quick else 7, limits)


def memory(folder, quick):
    network = folder / "Inception-BN"
    if Path(f"{network}-symbol.json").exists():
        calls = dict.fromkeys(MXNET_LIKE, ("plan", network, 32))
        limits = {"plan forward": (("absolute", 170),), "plan training": (("absolute", 1050),)}
        yield Work("plan", calls, rounds=1, limits=limits)
    small = folder / "mobilenetv2_1_0"
    count = 20 if quick else 10000
    limits = {"steady": (("absolute", 4),)}
    yield Work("steady", {"remx": ("steady", small, count)}, rounds=1, limits=limits)


def threads(folder, quick):
    calls = {"remx": ("threads", folder / "mobilenetv2_1_0", 4, 4 if quick else 200)}
    yield Work("threads", calls, rounds=1 if quick else 3)


GROUPS = {
    "inference": inference,
    "training": training,
    "eager": eager,
    "numpy": numpy_calls,
    "processes": processes,
    "memory": memory,
    "threads": threads,
}
