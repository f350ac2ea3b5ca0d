"""Measures Remx and its peers side by side and writes a table of ratios.

usage: python benchmarks/compare/run.py --oracle-python PATH --peers-python PATH
           [--group NAME ...] [--only TEXT] [--rounds 5] [--quick]

Run it with nothing else on the machine: a second busy process makes spinning OpenMP threads wait
for each other. Every measurement is a fresh process; programs take turns within a round, and
ratios are taken within rounds, because the speed of a shared machine drifts.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from asking import plain_environment
from catalogue import GROUPS, HERE, NETWORKS, Program
from measure import Measurements
from table import markdown

ROOT = HERE.parent.parent
COLUMNS = "mxnet remx onnxruntime openvino torch remx-bf16 openvino-bf16".split()


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oracle-python", help="interpreter that has mxnet 1.9.1")
    parser.add_argument(
        "--peers-python", help="interpreter with onnxruntime, openvino, onnx, torch"
    )
    parser.add_argument("--remx-python", default=sys.executable)
    parser.add_argument("--build", default=ROOT / "build/release", help="build folder of Remx")
    parser.add_argument("--group", action="append", choices=GROUPS)
    parser.add_argument("--only", default="", help="works whose name contains this text")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="check that the scripts work")
    parser.add_argument("--graph", action="append", default=[], help="more NAME-symbol.json files")
    parser.add_argument("--models", default=ROOT / "build/benchmark-models", type=Path)
    parser.add_argument("--output", type=Path, help="default: benchmarks/results/DATE-MACHINE.md")
    return parser.parse_args(arguments)


def programs_of(options):
    """The programs that can be measured with the interpreters given."""
    remx = {"PYTHONPATH": str(Path(options.build).resolve() / "python")}
    found = [
        Program("remx", options.remx_python, "work_mxnet.py", environment=remx),
        Program(
            "remx-bf16",
            options.remx_python,
            "work_mxnet.py",
            environment={**remx, "REMX_INFERENCE_DTYPE": "bfloat16"},
        ),
    ]
    if options.oracle_python:
        found.append(Program("mxnet", options.oracle_python, "work_mxnet.py"))
    if options.peers_python:
        peers = options.peers_python
        for name in ("onnxruntime", "openvino", "openvino-bf16"):
            found.append(Program(name, peers, "work_onnx.py", (name,)))
        found.append(Program("torch", peers, "work_torch.py"))
    return {program.name: program for program in found}


def make_models(options, programs):
    """Weights for the networks (by MXNet 1.9.1, or by Remx without it) and their ONNX files."""
    stored = ROOT / "tests/compat/networks"
    graphs = [stored / f"{name}-symbol.json.gz" for name in NETWORKS]
    graphs.append(ROOT.parent / "shared/data/inception_bn_symbol/Inception-BN-symbol.json")
    graphs = [str(path) for path in [*graphs, *map(Path, options.graph)] if path.exists()]
    maker = programs.get("mxnet") or programs["remx"]
    environment = {**plain_environment(), **maker.environment}
    command = [maker.python, str(HERE / "prepare.py"), str(options.models), *graphs]
    subprocess.run(command, check=True, env=environment)
    if options.peers_python:
        names = [name for name in NETWORKS if (options.models / f"{name}-0000.params").exists()]
        script = str(HERE / "symbol_to_onnx.py")
        command = [programs["remx"].python, script, str(options.models), *names]
        environment = {**plain_environment(), **programs["remx"].environment}
        subprocess.run(command, check=True, env=environment)
    missing = [name for name in NETWORKS if not (options.models / f"{name}-0000.params").exists()]
    if missing:
        print(f"without a graph, so not measured: {', '.join(missing)}", file=sys.stderr)


def cpu_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def heading(options, programs):
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
    ).stdout.strip()
    versions = ", ".join(filter(None, map(version_of, programs.values())))
    return (
        f"# Side by side, {datetime.date.today()}\n\n"
        f"Commit {commit}; {cpu_name()}, {os.cpu_count()} CPUs, {options.threads} threads; "
        f"{versions}.\nMedians of {options.rounds} interleaved rounds; ratios are medians of the "
        "rounds' ratios; lower is better, but for throughput.\n\n"
    )


def version_of(program):
    module = {"remx": "mxnet", "remx-bf16": None, "openvino-bf16": None}.get(
        program.name, program.name
    )
    if not module:
        return None
    code = f"import {module}; print({module}.__version__)"
    environment = {**plain_environment(), **program.environment}
    result = subprocess.run(
        [program.python, "-c", code], capture_output=True, text=True, env=environment
    )
    return f"{program.name} {result.stdout.strip() or '(not importable)'}"


def main(arguments=None):
    options = parse(arguments)
    programs = programs_of(options)
    make_models(options, programs)
    works = [
        work
        for group in options.group or GROUPS
        for work in GROUPS[group](options.models, options.quick)
        if options.only in work.name
    ]
    measured = Measurements(programs, options.threads)
    for number, work in enumerate(works, 1):
        print(f"[{number}/{len(works)}] {work.name}", file=sys.stderr, flush=True)
        measured.run(work, 1 if options.quick else options.rounds)
    text = heading(options, programs) + markdown(measured, works, COLUMNS)
    print(text)
    if options.quick and not options.output:
        return 0
    machine = re.sub(r"[^a-z0-9]+", "-", cpu_name().lower()).strip("-")
    output = options.output or ROOT / f"benchmarks/results/{datetime.date.today()}-{machine}.md"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text)
    output.with_suffix(".json").write_text(json.dumps(measured.values, indent=1) + "\n")
    print(f"written to {output}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
