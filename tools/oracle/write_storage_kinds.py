"""Asks MXNet 1.9.1 which operators have kernels for sparse arrays, and stores what they give.

Run it with a Python that has MXNet 1.9.1 and pytest installed::

    MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python tools/oracle/write_storage_kinds.py

Calls of every operator are tried with every combination of storage kinds. Where 1.9.1 does not
fall back on dense copies (it prints a line when it does), the kinds of the results, their values
and, for a bound symbol, the kinds of the gradients go to tests/data/sparse. Of other calls that it
takes "dense" is stored: all results are.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

os.environ["MXNET_STORAGE_FALLBACK_LOG_VERBOSE"] = "1"
ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "sparse"
ENDS, MAX_ENDS = "ends the process", 3  # an operator that does it again is left out
SECONDS = 60  # for one trial, or for loading the tables


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("operators", nargs="*", help="only these; others keep what is stored")
    # Do trials from a number on, into a file, but for some operators.
    parser.add_argument("--work", nargs=3, metavar=("FIRST", "FILE", "WITHOUT"))
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests" / "ops"))
    if options.work:
        first, path, broken = options.work
        return run_all(chosen(options.operators), int(first), path, broken.split(","))
    DATA.mkdir(exist_ok=True)
    path = DATA / "storage_kinds.json"
    table = json.loads(path.read_text()) if options.operators else {}
    table = {key: row for key, row in table.items() if key.split()[0] not in options.operators}
    told = {key: what_is_told(row) for key, row in in_processes(options.operators).items()}
    path.write_text(as_text({**table, **{key: row for key, row in told.items() if row}}))


def chosen(operators):
    """The trials of some operators, or of all."""
    from harness import storage

    found = storage.trials()
    return [trial for op in operators or found for trial in found[op]]


def as_text(table):
    """A line for each trial."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(table[key])}" for key in sorted(table))
    return "{\n" + lines + "\n}\n"


def what_is_told(row):
    """A row as it is stored, or None: what 1.9.1 refuses is left out."""
    if row["how"] in ("refuses", ENDS):
        return None
    if row["how"] == "dense" and set(row["out"]) == {"default"}:
        return "dense"
    return {name: value for name, value in row.items() if name != "how" or value == "dense"}


def in_processes(operators):
    """Results by key. 1.9.1 may end its process or hang: the next one goes on behind that trial."""
    table, done, last = {}, 0, False
    while not last:  # what the last process has not done
        with tempfile.NamedTemporaryFile("r") as file:
            ended = [key.split()[0] for key, row in table.items() if row["how"] == ENDS]
            broken = {op for op in ended if ended.count(op) == MAX_ENDS}
            command = [sys.executable, __file__, "--work", str(done), file.name, ",".join(broken)]
            command += operators
            watch(subprocess.Popen(command), file.name)
            lines = [json.loads(line) for line in file.read().splitlines()]
        last = not lines or lines[-1] is None
        rows = [line for line in lines if line]
        table.update({row.pop("key"): row for row in rows if "how" in row})
        if rows and "how" not in rows[-1]:
            table[rows[-1]["key"]] = {"how": ENDS}
            print(rows[-1]["key"], ENDS, flush=True)
        done = max((row["number"] + 1 for row in rows), default=done)
    return table


def watch(process, path):
    """Waits, and ends the process when it writes nothing for a while."""
    while process.poll() is None:
        time.sleep(0.5)
        if time.time() - os.path.getmtime(path) > SECONDS:
            process.kill()


def run_all(trials, first, path, broken):
    log = Log()
    with open(path, "w") as file:
        for number, trial in enumerate(trials):
            if number < first or trial.case.op in broken:
                continue
            print(json.dumps({"key": trial.key, "number": number}), file=file, flush=True)
            row = {"key": trial.key, "number": number, **run_one(trial, log)}
            print(json.dumps(row), file=file, flush=True)
        print("null", file=file)


class Log:
    """What 1.9.1 prints of fallbacks: of each operator, kinds and parameters once in a process."""

    PATTERN = re.compile(
        r"operator = (\S+)\ninput storage types = \[(.*?)\]\n.*?\nparams = (.*?)\n"
    )

    def __init__(self):
        self.file = tempfile.TemporaryFile("w+")
        os.dup2(self.file.fileno(), 2)
        self.seen = set()
        self.read()

    def read(self):
        """Operators with kinds that have fallen back since the last time."""
        self.file.seek(0)
        text = self.file.read()
        self.file.seek(0)
        self.file.truncate()
        return self.PATTERN.findall(text)


def run_one(trial, log):
    import mxnet as mx

    try:
        inputs = trial.make_inputs()
        before = [a.asnumpy() for a in inputs]
        log.read()
        results = trial.call(inputs)
        for array in results:
            array.wait_to_read()
    except (mx.base.MXNetError, ValueError, TypeError) as error:
        return {"how": "refuses", "error": str(error).strip().splitlines()[-1][:200]}
    fell = log.read()
    name = trial.case.op, trial.kinds, json.dumps(sorted(trial.case.attrs.items()), default=str)
    if fell:
        log.seen.add(name)
    row = {"how": "dense" if name in log.seen else "sparse"}
    row["out"] = [a.stype for a in results]
    if row["how"] == "sparse":
        row["values"] = [numbers(a.asnumpy()) for a in results]
        after = [a.asnumpy() for a in inputs]
        changed = [i for i, (a, b) in enumerate(zip(before, after)) if not same(a, b)]
        row["changed"] = {i: numbers(after[i]) for i in changed}
    if trial.case.grad and row["how"] == "sparse":
        row["gradients"] = gradients(trial, inputs)
    return row


def gradients(trial, inputs):
    """Kinds and values of a bound symbol's gradients."""
    import mxnet as mx

    try:
        arrays = trial.bind(inputs)
        return [[a.stype, numbers(a.asnumpy())] for a in arrays]
    except (mx.base.MXNetError, ValueError, TypeError) as error:
        return str(error).strip().splitlines()[-1][:200]


def same(a, b):
    return ((a == b) | ((a != a) & (b != b))).all()


def numbers(array):
    return [float(f"{x:.7g}") for x in array.reshape(-1).astype("float64").tolist()]


if __name__ == "__main__":
    main()
