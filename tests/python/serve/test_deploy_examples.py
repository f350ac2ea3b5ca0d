"""The examples of deployment: the arguments that they give are those that the command has."""

import argparse
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from serving_helpers import DIGITS, LENET, ROOT, ask

from mxnet.cli import serve as command

DEPLOY = ROOT / "examples/deploy"


@pytest.mark.parametrize("name", ["kubernetes.yaml", "kserve.yaml"])
def test_arguments_are_understood(name):
    text = (DEPLOY / name).read_text()
    found = re.findall(r"^ +args: \[(.*)\]$", text, re.MULTILINE)
    assert found
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    for arguments in found:
        parser.parse_args([each.strip().strip('"') for each in arguments.split(",")])


def test_the_container_starts_the_server(tmp_path):
    fake = tmp_path / "remx"
    fake.write_text('#!/bin/sh\necho "$@"\n')
    fake.chmod(0o755)
    started = [
        subprocess.run(
            [DEPLOY / "entrypoint.sh", *arguments],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for arguments in (["serve"], ["/models/a"])
    ]
    assert started == [
        "serve --host 0.0.0.0 --management-port none --code allow\n",
        "serve --host 0.0.0.0 --management-port none /models/a\n",
    ]


def test_the_container_as_sagemaker_starts_it(tmp_path):
    """The argument `serve`, the model in its folder, variables; SIGTERM ends it."""
    (tmp_path / "model").mkdir()
    shutil.copy(f"{LENET}-symbol.json", tmp_path / "model/model-symbol.json")
    shutil.copy(f"{LENET}-0010.params", tmp_path / "model/model-0000.params")
    shapes = [{"name": "data", "shape": [1, 1, 28, 28]}]
    (tmp_path / "model/model-shapes.json").write_text(json.dumps(shapes))
    command = tmp_path / "remx"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m mxnet.cli "$@"\n')
    command.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SAGEMAKER_BASE_DIR": str(tmp_path),
        "SAGEMAKER_BIND_TO_PORT": str(port),
    }
    process = subprocess.Popen(
        [DEPLOY / "entrypoint.sh", "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline().startswith("remx serves ")
        url = f"http://127.0.0.1:{port}"
        while not process.stdout.readline().startswith("try: "):
            assert process.poll() is None
        assert ask(f"{url}/ping").status == 200
        picture = (DIGITS / "images/6.png").read_bytes()
        (row,) = ask(f"{url}/invocations", picture, "image/png").document
        assert row.index(max(row)) == 6
        assert ask(f"{url}/models", method="POST").status == 404  # nobody manages models
    finally:
        process.terminate()
        assert process.wait(60) == 0
        process.stdout.close()


def test_requests_for_sagemaker_are_valid():
    """botocore checks them as it would before sending them."""
    boto3 = pytest.importorskip("boto3")
    path = DEPLOY / "sagemaker_endpoint.py"
    spec = importlib.util.spec_from_file_location("sagemaker_endpoint", path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    role = "arn:aws:iam::123456789012:role/serve"
    options = SimpleNamespace(image="i", model="s3://b/m", role=role, name="d", type="ml.c5.large")
    client = boto3.client(
        "sagemaker", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    sent = []
    client.meta.events.register(
        "before-call.sagemaker.*", lambda model, **rest: sent.append(model.name) or (_OK, {})
    )
    for method, arguments in program.requests(options).items():
        getattr(client, method)(**arguments)
    assert sent == ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"]


_OK = SimpleNamespace(status_code=200)
