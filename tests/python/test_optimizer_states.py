"""Optimizer states: those of MXNet 1.9.1, ours for it, and pickles that mean harm."""

import base64
import json
import pathlib
import pickle
import pickletools
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import optimizer_states_programs as programs  # noqa: E402

DATA = pathlib.Path(__file__).parents[1] / "data" / "optimizer_states.json"
STORED = json.loads(DATA.read_text())


def compare(found, expected):
    for mine, theirs in zip(found[0], expected[0]):
        np.testing.assert_allclose(mine, theirs, rtol=2e-6)
    assert found[1:] == expected[1:]


@pytest.mark.parametrize("name", STORED["updaters"])
def test_states_of_1_9_1(name):
    states, expected = STORED["updaters"][name]
    compare(programs.after(name.split()[0], base64.b64decode(states)), expected)


def test_files_of_modules_and_trainers(tmp_path):
    path = tmp_path / "states"
    path.write_bytes(base64.b64decode(STORED["module"][0]))
    made = programs.module([mx.cpu(0), mx.cpu(1)])
    programs.train(made, 3)
    made.init_optimizer(
        kvstore=mx.kv.create("local"),
        optimizer="adam",
        optimizer_params={"learning_rate": 0.1},
        force_init=True,
    )
    made.load_optimizer_states(str(path))
    # Counts of updates are not in this file, so that Adam begins them anew, as in MXNet 1.9.1.
    assert sorted(made._kvstore._updater.states) == ["fc_bias", "fc_weight"]
    path.write_bytes(base64.b64decode(STORED["trainer"][0]))
    net, made = programs.trainer()
    programs.train_block(net, made, 3)
    made.load_states(str(path))
    assert made._optimizer.num_update == 3 and set(made._optimizer.param_dict) == {0, 1}
    found = programs.train_block(net, made, 2)
    np.testing.assert_allclose(found, STORED["trainer"][1], rtol=1e-5)


def contents(states):
    """Classes that a pickle names, and attributes of the optimizer in it."""
    texts, names = [], set()
    for opcode, argument, _ in pickletools.genops(states):
        if "UNICODE" in opcode.name:
            texts.append(argument)
        elif opcode.name == "STACK_GLOBAL":
            names.add(tuple(texts[-2:]))
        elif opcode.name == "GLOBAL":
            names.add(tuple(argument.split()))
    return names, set(texts)


@pytest.mark.parametrize("name", programs.OPTIMIZERS)
def test_ours_for_1_9_1(name):
    """They name what its files name, and every attribute that its optimizers have."""
    for dump in (False, True):
        theirs = contents(base64.b64decode(STORED["updaters"][f"{name} {dump}"][0]))
        states = programs.written(name, dump)
        ours = contents(states)
        assert ours[0] <= theirs[0] | {("builtins", "bytearray")} and theirs[1] <= ours[1]
        compare(programs.after(name, states), STORED["updaters"][f"{name} {dump}"][1])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol(protocol):
    optimizer = mx.optimizer.SGD(learning_rate=np.float32(0.5), momentum=0.9)
    optimizer.history = [np.arange(6.0).reshape(2, 3), {"a": (1, None, "x", 2**70, b"\xff")}]
    states = {0: mx.nd.array([1, 2]), "w": (None, mx.nd.ones((2, 2)).tostype("row_sparse"))}
    updater = mx.optimizer.get_updater(mx.optimizer.Adam())
    updater.set_states(pickle.dumps((states, optimizer), protocol))
    assert updater.optimizer.lr == np.float32(0.5) and updater.optimizer.aggregate_num > 4
    np.testing.assert_array_equal(updater.optimizer.history[0], np.arange(6.0).reshape(2, 3))
    assert updater.optimizer.history[1] == {"a": (1, None, "x", 2**70, b"\xff")}
    assert updater.states[0].asnumpy().tolist() == [1, 2]
    assert updater.states["w"][1].stype == "row_sparse"


class Halving(mx.optimizer.SGD):
    """A class of the program's own."""


class Steps(mx.lr_scheduler.LRScheduler):
    def __call__(self, num_update):
        return 1.0 / num_update


def test_classes_of_the_program():
    updater = mx.optimizer.get_updater(Halving(lr_scheduler=Steps()))
    updater.set_states(updater.get_states(dump_optimizer=True))
    assert type(updater.optimizer) is Halving and updater.optimizer.lr_scheduler(4) == 0.25


class Call:
    def __init__(self, function, *arguments, state=None):
        self.result = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.result


HARMFUL = {
    "eval": Call(eval, "1"),
    "import": Call(__import__, "antigravity"),
    "getattr": Call(getattr, 1, "real"),
    "open": Call(open, "harm", "w"),
    "many bytes": Call(bytearray, 1 << 40),
    "constructor": Call(mx.optimizer.SGD, 0.5),
    "array of a number": Call(mx.nd.NDArray, 5),
    "numpy.load": Call(np.load, "harm"),
    "object dtype": Call(np.dtype, "O"),
    "other class": pathlib.PurePath("x"),
    "function as value": {0: len},
    "class as value": {0: mx.optimizer.SGD},
    "optimizer": ({}, 5),
    "no states": [1, 2],
}
PROGRAMS = {
    "class changed": b"cmxnet.optimizer.optimizer\nSGD\n(N}Vupdate\nI1\nstb.",
    "class attributes": b"cmxnet.optimizer.optimizer\nSGD\n}Vupdate\nI1\nsb.",
    "old object": b"(I0\nimxnet.optimizer.optimizer\nSGD\n.",
    "old call": b"(cos\nsystem\nVtrue\no.",
    "array indexed": b"cmxnet.ndarray.ndarray\nNDArray\n(NtRI0\nI1\ns.",
    "dunder": b"\x80\x02cmxnet.optimizer.optimizer\nSGD\n)\x81}X\t\x00\x00\x00__class__NsbX",
    "outside": b"Pother\n.",
    "long bytes": b"\x80\x05\x96" + b"\xff" * 7 + b"\x0fabc.",
    "nothing": b"",
    "no pickle": b"<html>",
    "dotted": b"\x80\x04\x8c\x05mxnet\x8c\x0boptimizer.os\x93.",
    "endless": b"(" + b"]" * 10000 + b"a" * 9999 + b".",
}


@pytest.mark.parametrize("name", [*HARMFUL, *PROGRAMS])
def test_harm_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)
    for protocol in (0, 2, pickle.HIGHEST_PROTOCOL):
        states = PROGRAMS[name] if name in PROGRAMS else pickle.dumps(HARMFUL[name], protocol)
        updater = mx.optimizer.get_updater(mx.optimizer.SGD())
        with pytest.raises(ValueError, match="Updater.set_states: the (states|optimizer)"):
            updater.set_states(states)
        assert updater.states == {} and type(updater.optimizer) is mx.optimizer.SGD
    assert not list(tmp_path.iterdir()) and "antigravity" not in set(sys.modules) - before


def test_changed_bytes_run_nothing():
    """In a process of its own, where whatever runs code or opens something ends it."""
    program = textwrap.dedent(f"""
        import base64, json, random, sys
        import mxnet as mx
        stored = json.load(open({str(DATA)!r}))["updaters"]
        good = [base64.b64decode(states) for states, _ in stored.values()]
        updater = mx.optimizer.get_updater(mx.optimizer.SGD())
        for states in good:
            updater.set_states(states)
        def watch(event, arguments):
            if event.split(".")[0] in ("exec", "os", "subprocess", "open", "import", "compile"):
                sys.__stderr__.write(f"{{event}} {{arguments}}")
                import os
                os._exit(7)
        random.seed(1)
        sys.addaudithook(watch)
        loaded = 0
        for _ in range(4000):
            content = bytearray(random.choice(good))
            for _ in range(random.choice((1, 1, 2, 8))):
                place = random.randrange(len(content)) if content else 0
                kind = random.randrange(3)
                if kind == 0 and content:
                    content[place] = random.randrange(256)
                elif kind == 1:
                    del content[place : place + random.randrange(9)]
                else:
                    content[place:place] = random.choice(good)[: random.randrange(40)]
            try:
                updater.set_states(bytes(content))
                loaded += 1
            except ValueError:
                pass
        print(loaded)
    """)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 100
