"""The commands: `remx serve` with its settings, `remx bench --url`."""

import json
import subprocess
import sys

import pytest
from serving_helpers import DIGITS

from mxnet.cli import main
from mxnet.cli import serve as command


def settings(*arguments):
    """Settings of a command line."""
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.make_settings(parser.parse_args(arguments))


def test_options_become_settings():
    options = "m --port 1 --management-port none --grpc-port 2 --queue 3 --timeout 4 --max-batch 5"
    options += " --buckets 2,5 --workers 6 --code allow --scale 1/255 --max-body 7 --drain 8"
    server, model = settings(*options.split())
    assert (server.port, server.management_port, server.grpc_port) == (1, None, 2)
    assert (server.max_body, server.drain, server.host) == (7, 8, "127.0.0.1")
    assert (model.queue_size, model.timeout, model.max_batch) == (3, 4, 5)
    assert (model.batch_sizes, model.workers, model.code) == ((2, 5), 6, "allow")
    assert model.pixels.scale == pytest.approx(1 / 255)


def test_variables_of_sagemaker(monkeypatch):
    for name, value in {
        "SAGEMAKER_BIND_TO_PORT": "9000",
        "SAGEMAKER_MODEL_SERVER_TIMEOUT": "7",
        "SAGEMAKER_MODEL_SERVER_WORKERS": "3",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": "2",
        "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": "text/csv",
        "SAGEMAKER_SAFE_PORT_RANGE": "9100-9200",
        "SAGEMAKER_MULTI_MODEL": "true",
        "SAGEMAKER_BASE_DIR": "/base",
        "REMX_SERVE_TOKEN": "t",
    }.items():
        monkeypatch.setenv(name, value)
    server, model = settings()
    assert (server.port, server.management_port, server.token) == (9000, 9100, "t")
    assert (server.max_body, server.default_accept) == (2 * 2**20, "text/csv")
    assert (server.multi_model, server.model_store) == (True, "/base/models")
    assert (model.timeout, model.workers) == (7, 3)
    assert settings("--port", "1")[0].port == 1  # options come first
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", "x")
    with pytest.raises(ValueError, match="SAGEMAKER_BIND_TO_PORT"):
        settings()


def test_a_store_holds_folders_archives_and_prefixes(tmp_path):
    from mxnet.serve.models.files import models_in

    for name in ("a-symbol.json", "a-0000.params", "b.mar", "c.tar.gz", "notes.txt", ".d.mar"):
        (tmp_path / name).touch()
    (tmp_path / "e").mkdir()
    assert models_in(tmp_path) == [str(tmp_path / name) for name in ("a", "b.mar", "c.tar.gz", "e")]


def test_buckets_are_powers_of_two_and_the_largest():
    assert settings("--max-batch", "12")[1].batch_sizes == (1, 2, 4, 8, 12)
    assert settings("--max-batch", "1")[1].batch_sizes == (1,)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing-here"], "is not there"),
        ([], "no model is named"),
        (["--load-all"], "--model-store"),
        ([str(DIGITS), "--tls-key", "x"], "go together"),
        ([str(DIGITS), "--management-host", "0.0.0.0"], "token"),
        ([str(DIGITS), "--shape", "3,3"], "infer"),
    ],
)
def test_mistakes_end_the_command_with_one_line(capsys, arguments, word):
    ports = ["--port", "0", "--management-port", "0"]
    assert main(["serve", *arguments, *ports]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("remx: error: ")
    assert word in lines[0] or word == "infer"


def test_a_package_that_is_missing_is_named():
    program = (
        "import sys\n"
        "sys.modules['httptools'] = None\n"
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'httptools' else find(name, *rest)\n"
        "from mxnet.cli import main\n"
        "sys.exit(main(['serve', 'x']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "remx: error: serve: the package httptools is not installed; pip install 'remx[serve]' "
        "brings it\n"
    )


def bench(capsys, *arguments):
    code = main(["bench", *arguments, "--seconds", "0.2", "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return json.loads(captured.out)["results"]


def test_bench_asks_a_server(digits, capsys):
    one, three = bench(capsys, "--url", digits.url, "--clients", "1,3", "--rows", "2")
    assert (one["clients"], three["clients"]) == (1, 3)
    for each in one, three:
        assert each["failures"] == {}
        assert each["requests"] == sum(count for _, count in each["histogram"]) > 0
        assert 0 < each["p50_ms"] <= each["p99_ms"] <= each["max_ms"]


def test_bench_posts_a_file_at_a_rate(digits, capsys):
    picture = ["--body", str(DIGITS / "images/1.png"), "--content-type", "image/png"]
    url = f"{digits.url}/invocations"
    (found,) = bench(capsys, "--url", url, *picture, "--clients", "2", "--rate", "50")
    assert (found["requests"], found["failures"]) == (10, {})
    (found,) = bench(capsys, "--url", f"{digits.url}/nothing", *picture, "--clients", "1")
    assert found["requests"] == 0 and list(found["failures"]) == ["status 404"]


def test_bench_wants_one_thing(capsys):
    assert main(["bench"]) == 2
    assert "--model or --url" in capsys.readouterr().err
    assert main(["bench", "--url", "http://127.0.0.1:1"]) == 2
    assert "does not answer" in capsys.readouterr().err
