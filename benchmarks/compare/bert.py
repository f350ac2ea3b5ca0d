"""BERT-base's encoder beside other programs: prediction or a training step, in turn in one sitting.

    PYTHONPATH=build/release/python python benchmarks/compare/bert.py \
        --oracle-python MX191/bin/python --peers-python PEERS/bin/python \
        --torch-python TORCH/bin/python [--train] [--batch 8] [--length 128]

All programs have the same weights, of a seeded generator; ONNX Runtime and OpenVINO read what
`mx.onnx` writes. Each runs in a process of its own and is asked for runs in turn; medians, the
ratios of Remx to each (medians over rounds) and peak memory are printed. A program whose answer
differs is named. Nothing else may run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys

import numpy as np
from asking import Program, in_turn, threads_environment
from bert_network import encoder, parameters, words

TOLERANCE = 2e-3


def prepare(folder, batch, length):
    """Writes weights and the ONNX file for these sizes, where they are missing."""
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/bert-{batch}-{length}.onnx"
    if os.path.exists(path):
        return
    import mxnet as mx

    symbol = encoder(mx)
    arrays = parameters(symbol, batch, length)
    np.savez(f"{folder}/bert.npz", **arrays)
    values = {name: mx.nd.array(array) for name, array in arrays.items()}
    mx.nd.save(f"{folder}/bert.params", values)
    shape = words(batch, length).shape
    mx.onnx.export_model(symbol, values, [shape], np.float32, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oracle-python")
    parser.add_argument("--peers-python")
    parser.add_argument("--torch-python")
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", default="build/bert")
    arguments = parser.parse_args()
    prepare(arguments.folder, arguments.batch, arguments.length)
    kind = "train" if arguments.train else "infer"
    wanted = [("remx", sys.executable, "mxnet"), ("mxnet 1.9.1", arguments.oracle_python, "mxnet")]
    if not arguments.train:
        wanted += [
            ("onnxruntime", arguments.peers_python, "onnxruntime"),
            ("openvino", arguments.peers_python, "openvino"),
        ]
    wanted.append(("torch", arguments.torch_python, "torch"))
    sizes = [kind, arguments.folder, str(arguments.batch), str(arguments.length)]
    programs, first = [], None
    for name, python, program in wanted:
        if not python:
            continue
        environment = threads_environment(arguments.threads)
        if name == "remx":
            environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")
        programs.append(
            Program(name, python, "work_bert.py", program, *sizes, environment=environment)
        )
        answer = np.array(programs[-1].read())
        first = answer if first is None else first
        difference = np.abs(answer - first).max() / np.abs(first).max()
        if not difference <= TOLERANCE:
            print(f"{name}: its answer differs by {difference:.2g} of the largest output")
    answers = in_turn(programs, 1, arguments.rounds)
    times = {name: [min(each["seconds"]) for each in found] for name, found in answers.items()}
    peaks = {name: found[-1]["peak"] for name, found in answers.items()}
    print(f"{kind}, batch {arguments.batch}, length {arguments.length}")
    for name, seconds in times.items():
        ratio = statistics.median(a / b for a, b in zip(times["remx"], seconds))
        print(
            f"{name:12} {statistics.median(seconds) * 1e3:8.1f} ms (least "
            f"{min(seconds) * 1e3:.1f}), Remx / it {ratio:.2f}, peak {peaks[name]:.0f} MB"
        )
    for program in programs:
        program.close()


if __name__ == "__main__":
    main()
