"""The stubs name every operator function with the arguments that it takes."""

import ast
import importlib.util
import inspect
from pathlib import Path

import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[3]
_SPEC = importlib.util.spec_from_file_location("stubs", ROOT / "tools/generate_stubs.py")
stubs = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(stubs)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return stubs.write(tmp_path_factory.mktemp("stubs"), mx._core)


def functions(path):
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("package, module", [("ndarray", mx.nd), ("symbol", mx.sym)])
def test_signatures_are_those_of_the_functions(written, package, module):
    found = functions(written / package / "__init__.pyi")
    assert "softmax" in found and "Concat" in found
    for name, node in found.items():
        args = node.args
        names = [arg.arg for arg in args.posonlyargs + args.args]
        names += [args.vararg.arg] if args.vararg else []
        names += [arg.arg for arg in args.kwonlyargs] + [args.kwarg.arg]
        assert names == list(inspect.signature(getattr(module, name)).parameters), name


@pytest.mark.parametrize("package", ["ndarray", "symbol"])
@pytest.mark.parametrize("space", ["contrib", "linalg", "image"])
def test_namespaces_hold_what_their_prefix_says(written, package, space):
    prefix = f"_{space}_"
    expected = {
        name[len(prefix) :]
        for name in mx._core.list_ops()
        if name.startswith(prefix) and not name.startswith(prefix + "_")
    }
    assert set(functions(written / package / f"{space}.pyi")) == expected


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
    assert stubs.annotation(text) == expected
