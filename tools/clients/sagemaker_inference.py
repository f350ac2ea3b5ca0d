"""Whether handlers that are written against SageMaker's own toolkit run in `remx serve`.

usage: python tools/clients/sagemaker_inference.py TOOLKIT_PYTHON

Serves one script twice: by the toolkit's `DefaultHandlerService`, as Multi Model Server does in
SageMaker's containers, and by `remx serve` itself. Both get the same requests, and their answers
are compared. TOOLKIT_PYTHON has the package sagemaker-inference, and the version of Python
that runs this program.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np

SCRIPT = """
import numpy as np
from sagemaker_inference import content_types, decoder, encoder, errors

def pre_model_fn(model_dir):
    global started
    started = ["pre"]

def model_fn(model_dir):
    started.append("model")
    return np.arange(6, dtype=np.float64).reshape(2, 3)

def model_warmup_fn(model_dir, model):
    started.append("warm")

def input_fn(data, content_type):
    if content_type == "text/x-status":
        code = int(data)
        raise errors.BaseInferenceToolkitError(code, "as asked", "a phrase")
    if content_type == "text/x-failure":
        raise ValueError("as asked")
    if content_type == "text/x-started":
        return None
    return decoder.decode(data, content_type)

def predict_fn(data, model):
    return ",".join(started) if data is None else np.atleast_2d(data) @ model

def output_fn(prediction, accept):
    return encoder.encode(prediction, accept), accept
"""
SERVICE = """
from sagemaker_inference.default_handler_service import DefaultHandlerService

class HandlerService(DefaultHandlerService):
    pass
"""


def npy(values):
    """A .npy file."""
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


REQUESTS = [
    (b"[[1, 2], [3, 4]]", "application/json", "application/json"),
    (b"[[1, 2], [3, 4]]", "application/json", "text/csv"),
    (b"1,2\n3,4\n", "text/csv", "application/json"),
    (b"1,2\n3,4\n", "text/csv", "application/x-npy"),
    (npy(np.ones((3, 2))), "application/x-npy", "application/x-npy"),
    (npy(np.ones((3, 2))), "application/x-npy", "*/*"),
    (npy(np.ones((3, 2))), "application/x-npy", ""),
    (b"", "text/x-started", "application/json"),
    (b"418", "text/x-status", "application/json"),
    (b"422", "text/x-status", "application/json"),
    (b"", "text/x-failure", "application/json"),
    (b"[[1, 2", "application/json", "application/json"),
    (b"<a/>", "application/xml", "application/json"),
    (b"[[1, 2]]", "application/json", "image/png"),
]


def make_models(folder):
    """The script with the toolkit's service and without it, in two folders."""
    for name in ("toolkit", "remx"):
        code = folder / name / "code"
        code.mkdir(parents=True)
        (code / "inference.py").write_text(SCRIPT)
    (folder / "toolkit/MAR-INF").mkdir()
    (folder / "toolkit/handler_service.py").write_text(SERVICE)
    manifest = {"model": {"modelName": "toolkit", "handler": "handler_service.py"}}
    (folder / "toolkit/MAR-INF/MANIFEST.json").write_text(json.dumps(manifest))
    return {name: folder / name for name in ("toolkit", "remx")}


def ask(url, body, kind, accept):
    """Status, type and body of an answer."""
    headers = {"Content-Type": kind, **({"Accept": accept} if accept else {})}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get_content_type(), answer.read()


def compare(url):
    """Lines about answers that differ; those that failed are compared by their status."""
    for body, kind, accept in REQUESTS:
        there, here = (
            ask(f"{url}/endpoints/{name}/invocations", body, kind, accept)
            for name in ("toolkit", "remx")
        )
        what = there[0] if there[0] != 200 else f"{there[0]} {there[1]} {len(there[2])} bytes"
        print(f"  {kind} as {accept or 'the default'}: {what}")
        if there[0] != here[0] or (there[0] == 200 and there != here):
            yield f"{body[:40]} {kind} {accept}: {there} there, {here} here"


def main():
    """Run the program."""
    toolkit = subprocess.run(
        [sys.argv[1], "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    from mxnet.serve import ModelSettings, ServerSettings, make_server

    with tempfile.TemporaryDirectory() as folder:
        models = make_models(Path(folder))
        paths = [os.environ.get("PYTHONPATH", ""), toolkit, str(models["toolkit"] / "code")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        os.environ["MMS_DECODE_INPUT_REQUEST"] = "false"  # as in SageMaker's containers
        with make_server(
            ServerSettings(port=0, management_port=None), ModelSettings(code="allow")
        ) as server:
            for name, path in models.items():
                server.service.load_all(str(path), name)
            wrong = list(compare(server.url))
    print("\n".join(wrong) or f"sagemaker-inference: {len(REQUESTS)} answers are equal")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
