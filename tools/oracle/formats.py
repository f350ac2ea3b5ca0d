"""Writes what MXNet 1.9.1 makes of the cases in tests/networks/format_cases.py.

    MXNET_SUBGRAPH_BACKEND=NONE python tools/oracle/formats.py

needs an interpreter with MXNet 1.9.1 and writes tests/data/formats/{symbols,params}.json. Each case
runs in a process of its own, since some end MXNet's.
"""

import base64
import json
import os
import pathlib
import sys
import tempfile

import mxnet as mx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "networks"))
import format_cases as cases  # noqa: E402


def isolated(function):
    """The function's result (text), or None where it raises or ends the process."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(write, "wb") as pipe:
                pipe.write(json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return json.loads(data) if data else None


def saved_bytes(data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.params")
        mx.nd.save(path, data)
        return base64.b64encode(pathlib.Path(path).read_bytes()).decode()


def describe(array):
    return {
        "shape": list(array.shape),
        "dtype": array.dtype.__name__.rstrip("_"),
        "stype": array.stype,
        "values": array.asnumpy().astype("float64").ravel().tolist(),
    }


def loaded(content):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.params")
        pathlib.Path(path).write_bytes(content)
        result = mx.nd.load(path)
    if isinstance(result, dict):
        return {name: describe(array) for name, array in result.items()}
    return [describe(array) for array in result]


def loaded_numpy(content):
    with mx.util.np_shape(True):
        return loaded(content)


def write(name, data):
    path = ROOT / "tests" / "data" / "formats" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def main():
    write(
        "symbols.json",
        {
            "built": {n: isolated(lambda f=f: f(mx).tojson()) for n, f in cases.SYMBOLS.items()},
            "loaded": {
                name: isolated(lambda text=text: mx.sym.load_json(text).tojson())
                for name, text in cases.DOCUMENTS.items()
            },
        },
    )
    write(
        "params.json",
        {
            "saved": {n: isolated(lambda f=f: saved_bytes(f(mx))) for n, f in cases.ARRAYS.items()},
            "loaded": {n: isolated(lambda f=f: loaded(f)) for n, f in cases.FILES.items()},
            "loaded_numpy": {
                n: isolated(lambda f=f: loaded_numpy(f)) for n, f in cases.NUMPY_FILES.items()
            },
        },
    )


if __name__ == "__main__":
    main()
