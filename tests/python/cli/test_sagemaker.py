"""`remx sagemaker train`: folders, variables and both kinds of scripts."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

import pytest

import mxnet as mx

FUNCTIONS = """
import json, os
import numpy as np
import mxnet as mx

def train(hyperparameters, input_data_config, channel_input_dirs, output_data_dir, num_gpus,
          num_cpus, hosts, current_host, **kwargs):
    assert hyperparameters == {"epochs": 2, "name": "digits", "rate": 0.5}, hyperparameters
    assert hosts == ["algo-1"] and current_host == "algo-1" and num_cpus >= 1 and num_gpus >= 0
    assert os.path.basename(channel_input_dirs["training"]) == "training"
    open(os.path.join(output_data_dir, "notes"), "w").write(json.dumps(sorted(kwargs)))
    store = KVSTORE
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    batches = mx.io.NDArrayIter(np.ones((8, 5)), np.zeros(8), 4)
    module.fit(batches, num_epoch=hyperparameters["epochs"], kvstore=store)
    return module
"""
SAVE = """
def save(model, model_dir):
    open(os.path.join(model_dir, "mine"), "w").write(type(model).__name__)
"""
SCRIPT = """
import argparse, json, os
if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--name")
    parser.add_argument("--training", default=os.environ["SM_CHANNEL_TRAINING"])
    options = parser.parse_args()
    kept = {n: v for n, v in os.environ.items() if n.startswith("SM_")}
    kept["options"] = vars(options)
    kept["here"] = os.getcwd()
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "kept.json"), "w") as stream:
        json.dump(kept, stream)
    if FAILS:
        raise SystemExit(7)
"""


def prepare(base, script, **settings):
    config = base / "input/config"
    config.mkdir(parents=True)
    (base / "input/data/training").mkdir(parents=True)
    (base / "code").mkdir()
    (base / "code/train.py").write_text(script)
    parameters = {
        "epochs": "2",
        "name": "digits",
        "rate": "0.5",
        "sagemaker_program": '"train.py"',
        **settings,
    }
    (config / "hyperparameters.json").write_text(json.dumps(parameters))
    (config / "inputdataconfig.json").write_text('{"training": {"ContentType": "trainingType"}}')
    (config / "resourceconfig.json").write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')


def run(base):
    environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(base), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "mxnet.cli", "sagemaker", "train"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("ranks", [1, 2])
def test_functions_and_the_default_save(ranks, tmp_path):
    if ranks > 1 and not (
        shutil.which("mpirun") and pathlib.Path(mx.__file__).with_name("libmxnet_mpi.so").exists()
    ):
        pytest.skip("MPI is not there")
    script = FUNCTIONS.replace("KVSTORE", "'dist_sync'" if ranks > 1 else "'local'")
    prepare(tmp_path, script, sagemaker_mpi_num_of_processes_per_host=str(ranks))
    result = run(tmp_path)
    assert result.returncode == 0, result.stderr
    shapes = json.loads((tmp_path / "model/model-shapes.json").read_text())
    assert shapes == [{"name": "data", "shape": [4, 5]}]
    symbol, params, _ = mx.model.load_checkpoint(str(tmp_path / "model/model"), 0)
    assert symbol.list_outputs() == ["softmax_output"] and params["fc_weight"].shape == (3, 5)
    assert (tmp_path / "output/data/notes").read_text() == '["model_dir"]'
    assert not (tmp_path / "output/failure").exists()


def test_functions_with_a_save_of_their_own(tmp_path):
    prepare(tmp_path, FUNCTIONS.replace("KVSTORE", "'local'") + SAVE)
    assert run(tmp_path).returncode == 0
    assert os.listdir(tmp_path / "model") == ["mine"]


def test_a_script(tmp_path):
    prepare(tmp_path, SCRIPT.replace("FAILS", "False"))
    result = run(tmp_path)
    assert result.returncode == 0, result.stderr
    kept = json.loads((tmp_path / "model/kept.json").read_text())
    training = str(tmp_path / "input/data/training")
    assert kept["options"] == {"epochs": 2, "rate": 0.5, "name": "digits", "training": training}
    assert kept["here"] == str(tmp_path / "code")
    assert json.loads(kept["SM_HPS"]) == {"epochs": 2, "name": "digits", "rate": 0.5}
    assert json.loads(kept["SM_HOSTS"]) == ["algo-1"] and kept["SM_CURRENT_HOST"] == "algo-1"
    assert json.loads(kept["SM_CHANNELS"]) == ["training"]
    assert kept["SM_OUTPUT_DATA_DIR"] == str(tmp_path / "output/data")
    assert kept["SM_NUM_GPUS"] == "0" or int(kept["SM_NUM_GPUS"]) > 0
    assert kept["SM_HP_EPOCHS"] == "2" and kept["SM_USER_ENTRY_POINT"] == "train.py"
    assert json.loads(kept["SM_TRAINING_ENV"])["model_dir"] == str(tmp_path / "model")


def test_code_from_an_archive(tmp_path):
    prepare(tmp_path, "raise SystemExit(1)")
    source = tmp_path / "elsewhere.py"
    source.write_text(SCRIPT.replace("FAILS", "False"))
    with tarfile.open(tmp_path / "sourcedir.tar.gz", "w:gz") as archive:
        archive.add(source, "train.py")
    path = tmp_path / "input/config/hyperparameters.json"
    parameters = json.loads(path.read_text())
    parameters["sagemaker_submit_directory"] = json.dumps(str(tmp_path / "sourcedir.tar.gz"))
    path.write_text(json.dumps(parameters))
    result = run(tmp_path)
    assert result.returncode == 0, result.stderr
    with tarfile.open(tmp_path / "sourcedir.tar.gz", "w:gz") as archive:
        archive.add(source, "../train.py")
    result = run(tmp_path)
    assert result.returncode == 2 and "is no file or folder below" in result.stderr
    assert not (tmp_path / "train.py").exists()


def test_failures_are_written_down(tmp_path):
    prepare(tmp_path, SCRIPT.replace("FAILS", "True"))
    assert run(tmp_path).returncode == 7
    assert (tmp_path / "output/failure").read_text() == "train.py ended with exit code 7"
    (tmp_path / "code/train.py").unlink()
    result = run(tmp_path)
    assert result.returncode == 2
    assert "sagemaker_program='train.py' is not in" in result.stderr
    assert "sagemaker_program='train.py' is not in" in (tmp_path / "output/failure").read_text()
