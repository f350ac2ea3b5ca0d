"""Whether `remx sagemaker train` gives a script what SageMaker's own toolkit gives it.

usage: python tools/clients/sagemaker_training.py TOOLKIT_PYTHON

Runs one script under both, in the same folder with the same files, and compares its arguments,
variables, the file of a failure and the exit code. TOOLKIT_PYTHON has the package
sagemaker-training.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPT = """
import json, os, sys
found = {"arguments": sys.argv[1:], "folder": os.getcwd()}
found["variables"] = {k: v for k, v in os.environ.items() if k.startswith("SM_")}
path = os.path.join(os.environ["SM_MODEL_DIR"], "found.json")
json.dump(found, open(path, "w"))
print("loss", 0.5)
sys.exit(int(json.loads(os.environ["SM_HPS"]).get("fails", 0)))
"""
PARAMETERS = {
    "epochs": "3",
    "learning-rate": "0.05",
    "optimizer": '"sgd"',
    "plain": "a text",
    "layers": "[64, 32]",
    "schedule": '{"5": 0.1, "a": "b"}',
    "nesterov": "true",
    "nothing": "null",
    "e": "1e-3",
    "quoted": '"with \\"quotes\\" and spaces"',
}
# What is about the cloud, or names the framework itself.
OTHERS = (
    "SM_FRAMEWORK_MODULE",
    "SM_CURRENT_INSTANCE_TYPE",
    "SM_CURRENT_INSTANCE_GROUP",
    "SM_CURRENT_INSTANCE_GROUP_HOSTS",
    "SM_INSTANCE_GROUPS",
    "SM_INSTANCE_GROUPS_DICT",
    "SM_DISTRIBUTION_INSTANCE_GROUPS",
    "SM_IS_HETERO",
    "SM_NUM_NEURONS",
    "SM_RESOURCE_CONFIG",
    "SM_TRAINING_ENV",
    "SM_FRAMEWORK_PARAMS",
)


def make_base(base, **more):
    """The folder as a training container finds it."""
    code, config = base / "code", base / "input/config"
    inputs = [base / "input/data" / name for name in ("train", "test")]
    for folder in (code, config, *inputs, base / "model", base / "output/data"):
        folder.mkdir(parents=True)
    (code / "train.py").write_text(SCRIPT)
    parameters = {**PARAMETERS, **more, "sagemaker_program": '"train.py"'}
    parameters["sagemaker_submit_directory"] = json.dumps(str(code))
    channels = {name: {"TrainingInputMode": "File"} for name in ("train", "test")}
    resources = {
        "current_host": "localhost",
        "hosts": ["localhost"],
        "network_interface_name": "eth0",
    }
    for name, document in (
        ("hyperparameters", parameters),
        ("inputdataconfig", channels),
        ("resourceconfig", resources),
    ):
        (config / f"{name}.json").write_text(json.dumps(document))


def train(base, command, **more):
    """What a script finds that is run by `command`, its exit code, and the file of a failure."""
    shutil.rmtree(base, ignore_errors=True)
    make_base(base, **more)
    done = subprocess.run(
        command,
        env={**os.environ, "SAGEMAKER_BASE_DIR": str(base)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    path, failure = base / "model/found.json", base / "output/failure"
    if not path.exists():
        sys.exit(f"{command} ended with {done.returncode} and ran no script:\n{done.stdout}")
    found = json.loads(path.read_text())
    return found, done.returncode, failure.exists(), done.stdout


def same(one, two):
    """Whether two variables are equal, as JSON where both are that."""
    if one == two:
        return True
    try:
        return json.loads(one) == json.loads(two)
    except ValueError:
        return False


def differences(toolkit, ours):
    """Lines about what differs."""
    for key in ("arguments", "folder"):
        if toolkit[key] != ours[key]:
            yield f"{key}: {toolkit[key]} there, {ours[key]} here"
    there, here = toolkit["variables"], ours["variables"]
    for name in sorted(set(there) - set(OTHERS)):
        if name not in here:
            yield f"{name}: {there[name]} there, not here"
        elif not same(there[name], here[name]):
            yield f"{name}: {there[name]} there, {here[name]} here"


def main():
    """Run the program."""
    toolkit = [sys.argv[1], "-m", "sagemaker_training.cli.train"]
    ours = [sys.executable, "-m", "mxnet.cli", "sagemaker", "train"]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "ml"
        for more, code in (({}, 0), ({"fails": "3"}, 3)):
            there, here = (train(base, command, **more) for command in (toolkit, ours))
            wrong += differences(there[0], here[0])
            if there[2] != here[2]:
                wrong.append(f"failure: {there[2]} there, {here[2]} here")
            if here[1] != code:
                wrong.append(f"exit code {here[1]} for a script that ends with {code}")
            if "loss 0.5" not in here[3]:
                wrong.append("what the script prints is lost")
    print("\n".join(wrong) or "sagemaker-training: arguments, variables and failures are equal")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
