"""The stubs name what the package has, and mypy understands programs with them."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools/stubs"))
operators = importlib.import_module("operators")

GOOD = """
from typing import Any

import numpy
import mxnet as mx

x: mx.nd.NDArray = mx.nd.ones((2, 3)) + mx.nd.array([[1, 2, 3]], dtype="float32")
values: "numpy.ndarray[Any, Any]" = mx.nd.softmax(x.T, axis=0).reshape((3, 2))[1].asnumpy()
rows: int = x.shape[0] + len(x) + x.ndim
data = mx.sym.Variable("data")
net: mx.sym.Symbol = mx.sym.FullyConnected(data, num_hidden=3, name="fc") * 2
names: list[str] = net.list_arguments()
module = mx.mod.Module(net, context=mx.cpu(), label_names=None)
module.bind(data_shapes=[("data", (2, 3))], for_training=False)
module.init_params(mx.init.Xavier(rnd_type="gaussian"))
module.forward(mx.io.DataBatch([x]), is_train=False)
x.attach_grad()
with mx.autograd.record():
    loss = (x * x).sum()
loss.backward()
metric = mx.metric.create("acc")
metric.update([x], [x])
mx.npx.set_np()
total: mx.np.ndarray = mx.np.ones((2, 3)) + mx.npx.relu(mx.np.arange(3))
spread = mx.np.linalg.norm(total[0]) + mx.np.random.uniform(0, 1, (2,)).mean()
print(spread.item(), mx.sym.np.add(data.as_np_ndarray(), 1), mx.np.hanning(3))
print(rows, names, values, metric.get(), mx.__version__, module.binded, mx.random.seed(1))
for row in x:
    print(row.context.device_type, mx.viz.print_summary, mx.lr_scheduler.FactorScheduler(5).step)
try:
    mx.nd.random.uniform(0, 1, shape=(2,)).wait_to_read()
except mx.MXNetError:
    pass
"""
# Lines with a mistake, and what a type checker says.
MISTAKES = {
    "mx.nd.onez((2, 3))": 'has no attribute "onez"',
    "mx.nothing": 'has no attribute "nothing"',
    "mx.nd.ones((2, 3)).no_such_method()": '"NDArray" has no attribute "no_such_method"',
    "mx.nd.softmax(mx.nd.ones(3), axis='x')": 'incompatible type "str"; expected "int',
    "mx.nd.Activation(mx.nd.ones(3), act_type='rely')": "incompatible type \"Literal['rely']\"",
    "mx.mod.Module(mx.sym.Variable('x')).bindd": 'has no attribute "bindd"',
    "mx.sym.Variable('x').list_arguments().shape": '"list[str]" has no attribute "shape"',
    "mx.init.Xavier(no_such=1)": 'Unexpected keyword argument "no_such"',
    "mx.metric.Accuracy().update()": "Missing positional argument",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Stubs, written by a process that has loaded nothing else."""
    folder = tmp_path_factory.mktemp("stubs")
    package = Path(mx.__file__).parents[1]
    command = [sys.executable, ROOT / "tools/stubs/generate.py", package, folder]
    subprocess.run(command, check=True, timeout=300)
    return folder / "mxnet-stubs"


@pytest.fixture(scope="module")
def mypy(written, tmp_path_factory):
    """Runs mypy over a program; gives its messages by line."""
    folder = tmp_path_factory.mktemp("mypy")
    (folder / "found").mkdir()
    # mypy looks for the folder *-stubs among installed packages only.
    (folder / "found/mxnet").symlink_to(written)

    def run(program):
        (folder / "program.py").write_text(program)
        done = subprocess.run(
            # Some methods of MXNet take other arguments than those of their base class.
            [sys.executable, "-m", "mypy", "--disable-error-code=override"]
            + ["--cache-dir", folder / "cache", "program.py"],
            cwd=folder,
            env={"MYPYPATH": str(folder / "found"), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        found = re.findall(r"^program\.py:(\d+): error: (.*)", done.stdout, re.MULTILINE)
        assert bool(found) == (done.returncode == 1), done.stdout  # none in the stubs themselves
        return {int(line): message for line, message in found}

    return run


def functions(path):
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_a_correct_program_passes(mypy):
    assert mypy(GOOD) == {}


def test_mistakes_are_found(mypy):
    found = mypy("\n".join(["import mxnet as mx", *MISTAKES]))
    for line, (mistake, message) in enumerate(MISTAKES.items(), 2):
        assert message in found.get(line, ""), mistake


@pytest.mark.parametrize("package, module", [("ndarray", mx.nd), ("symbol", mx.sym)])
def test_signatures_are_those_of_the_functions(written, package, module):
    found = functions(written / package / "__init__.pyi")
    assert {"softmax", "Concat"} <= set(found)
    assert set(public_operators()) <= set(found) | set(
        functions(written / package / f"{package}.pyi")
    )
    for name, node in found.items():
        function = getattr(module, name)
        if hasattr(function, "__nb_signature__"):
            continue  # the stub is that text
        args = node.args
        names = [arg.arg for arg in args.posonlyargs + args.args]
        names += [args.vararg.arg] if args.vararg else []
        names += [arg.arg for arg in args.kwonlyargs] + ([args.kwarg.arg] if args.kwarg else [])
        assert names == list(inspect.signature(function).parameters), name


def public_operators():
    return [name for name in mx._core.list_ops() if not name.startswith("_")]


@pytest.mark.parametrize("package", ["ndarray", "symbol"])
@pytest.mark.parametrize("space", ["contrib", "linalg", "image"])
def test_namespaces_hold_what_their_prefix_says(written, package, space):
    prefix = f"_{space}_"
    expected = {
        name[len(prefix) :]
        for name in mx._core.list_ops()
        if name.startswith(prefix) and not name.startswith(prefix + "_")
    }
    assert expected <= set(functions(written / package / f"{space}.pyi"))


def test_every_public_name_of_the_package_is_there(written):
    """Also those that are imported when they are first used."""
    tree = ast.parse((written / "__init__.pyi").read_text())
    found = {alias.asname for node in tree.body for alias in getattr(node, "names", [])}
    found |= set(functions(written / "__init__.pyi"))
    found |= {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}
    found |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
    wanted = {name for name in dir(mx) if not name.startswith("_")} - {
        "cli",
        "serve",
    }  # not for import
    assert wanted - found == set()
    assert {"sym", "mod", "autograd", "io", "nd", "waitall"} <= wanted


def test_stubs_beside_the_package_are_current(written):
    package = Path(mx._core.__file__).parent.parent / "mxnet-stubs"
    if not package.exists():
        pytest.skip("there are no stubs beside the package")
    for path in sorted(written.rglob("*.pyi")):
        assert (package / path.relative_to(written)).read_text() == path.read_text(), path.name


@pytest.mark.parametrize(
    "text, expected",
    [
        ("int", "int"),
        ("int (non-negative)", "int"),
        ("double or None", "float | None"),
        ("{'relu', 'tanh'}", "Literal['relu', 'tanh']"),
        ("{None, 'same'}", "Literal['same'] | None"),
        ("Shape(tuple)", "int | Sequence[int]"),
        ("anything else", "Any"),
    ],
)
def test_annotation(text, expected):
    assert operators.annotation(text) == expected
