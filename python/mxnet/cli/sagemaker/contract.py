"""The folders, files and variables of SageMaker's training containers."""

import ast
import json
import os
import shutil
import tarfile

from ...context import num_gpus
from ...error import MXNetError

__all__ = ["Contract"]


def _value_of(text):
    """A hyperparameter as it was before it became text: JSON where it is that."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def _json(value):
    return json.dumps(value, sort_keys=True)


class Contract:
    """What a container finds below ``/opt/ml``, or below ``SAGEMAKER_BASE_DIR``.

    Attributes:
        hyperparameters (dict): Those of the user, with their values.
        channels (dict): Folder by name of the channel.
        hosts (list of str): All machines of the job.
        current_host (str): This one.
        script (str): Name of the user's script.
        code (str): Folder of the user's code.
        processes_per_host (int): Ranks on each machine.
    """

    def __init__(self, base=None):
        self.base = base or os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")
        parameters = {
            name: _value_of(text) for name, text in self._config("hyperparameters").items()
        }
        own = ("sagemaker_", "_tuning_objective_metric")
        self.hyperparameters = {
            name: value for name, value in parameters.items() if not name.startswith(own)
        }
        self._settings = {n: v for n, v in parameters.items() if n.startswith(own)}
        self.script = self._settings.get("sagemaker_program", os.environ.get("SAGEMAKER_PROGRAM"))
        if not self.script:
            raise MXNetError(
                "sagemaker train: there is no sagemaker_program in "
                f"{self._path('input/config/hyperparameters.json')}; expected the script's name"
            )
        self._resources = self._config("resourceconfig")
        self.current_host = self._resources.get("current_host", "algo-1")
        self.hosts = sorted(self._resources.get("hosts", [self.current_host]))
        self.input_data_config = self._config("inputdataconfig")
        self.channels = {
            name: self._path("input/data", name) for name in sorted(self.input_data_config)
        }
        self.code = self._path("code")
        self.model_dir = self._path("model")
        self.output_data_dir = self._path("output/data")
        count = self._settings.get("sagemaker_mpi_num_of_processes_per_host", 1)
        self.processes_per_host = int(count)
        self.num_cpus, self.num_gpus = len(os.sched_getaffinity(0)), num_gpus()

    def _path(self, *parts):
        return os.path.join(self.base, *parts)

    def _config(self, name):
        path = self._path("input/config", f"{name}.json")
        try:
            with open(path, encoding="utf-8") as stream:
                found = json.load(stream)
        except FileNotFoundError:
            return {}
        except ValueError as problem:
            raise MXNetError(
                f"sagemaker train: {path} is no JSON ({problem}); expected an object"
            ) from problem
        if not isinstance(found, dict):
            raise MXNetError(f"sagemaker train: {path} holds no object; expected one")
        return found

    def make_folders(self):
        """Make the folders that scripts write to."""
        for folder in (self.code, self.model_dir, self.output_data_dir, self._intermediate):
            os.makedirs(folder, exist_ok=True)

    @property
    def _intermediate(self):
        return self._path("output/intermediate")

    def fetch_code(self):
        """Bring the user's code, a folder or an archive, to the folder for it."""
        source = self._settings.get("sagemaker_submit_directory")
        if not source or os.path.abspath(source) == os.path.abspath(self.code):
            return
        if source.startswith("s3://"):
            raise MXNetError(
                f"sagemaker train: sagemaker_submit_directory={source!r} is in an object store; "
                "expected a folder or an archive on this machine"
            )
        source = source[len("file://") :] if source.startswith("file://") else source
        if os.path.isdir(source):
            shutil.copytree(source, self.code, dirs_exist_ok=True)
            return
        try:
            with tarfile.open(source) as archive:
                _refuse_paths_outside(archive, source)
                archive.extractall(self.code)
        except (OSError, tarfile.TarError) as problem:
            raise MXNetError(
                f"sagemaker train: sagemaker_submit_directory={source!r} cannot be read "
                f"({problem}); expected a folder or an archive"
            ) from problem

    def arguments(self):
        """The hyperparameters as arguments of the script."""
        found = []
        for name, value in sorted(self.hyperparameters.items()):
            found.append(f"-{name}" if len(name) == 1 else f"--{name}")
            found.append(_argument(value))
        return found

    def variables(self):
        """The variables that scripts read."""
        module = os.path.splitext(self.script)[0]
        found = {
            "SM_MODULE_NAME": module,
            "SM_MODULE_DIR": self._settings.get("sagemaker_submit_directory", self.code),
            "SM_USER_ENTRY_POINT": self.script,
            "SM_USER_ARGS": _json(self.arguments()),
            "SM_FRAMEWORK_MODULE": "mxnet.cli.sagemaker",
            "SM_FRAMEWORK_PARAMS": _json(self._settings),
            "SM_HPS": _json(self.hyperparameters),
            "SM_HOSTS": _json(self.hosts),
            "SM_CURRENT_HOST": self.current_host,
            "SM_MASTER_HOST": self.hosts[0],
            "SM_NETWORK_INTERFACE_NAME": self._resources.get("network_interface_name", "eth0"),
            "SM_NUM_CPUS": str(self.num_cpus),
            "SM_NUM_GPUS": str(self.num_gpus),
            "SM_LOG_LEVEL": str(self._settings.get("sagemaker_container_log_level", 20)),
            "SM_CHANNELS": _json(list(self.channels)),
            "SM_INPUT_DIR": self._path("input"),
            "SM_INPUT_CONFIG_DIR": self._path("input/config"),
            "SM_INPUT_DATA_CONFIG": _json(self.input_data_config),
            "SM_RESOURCE_CONFIG": _json(self._resources),
            "SM_MODEL_DIR": self.model_dir,
            "SM_OUTPUT_DIR": self._path("output"),
            "SM_OUTPUT_DATA_DIR": self.output_data_dir,
            "SM_OUTPUT_INTERMEDIATE_DIR": self._intermediate,
        }
        for name, folder in self.channels.items():
            found[f"SM_CHANNEL_{name.upper()}"] = folder
        for name, value in self.hyperparameters.items():
            found[f"SM_HP_{name.upper()}"] = _variable(value)
        found["SM_TRAINING_ENV"] = _json(
            {
                "channel_input_dirs": self.channels,
                "current_host": self.current_host,
                "hosts": self.hosts,
                "hyperparameters": self.hyperparameters,
                "input_data_config": self.input_data_config,
                "model_dir": self.model_dir,
                "module_name": module,
                "num_cpus": self.num_cpus,
                "num_gpus": self.num_gpus,
                "output_data_dir": self.output_data_dir,
                "resource_config": self._resources,
                "user_entry_point": self.script,
            }
        )
        return found

    @staticmethod
    def has_functions(path):
        """Whether a script is of the first kind: it has a function `train` and no main part."""
        with open(path, encoding="utf-8") as stream:
            body = ast.parse(stream.read(), path).body
        has_main = any(
            isinstance(node, ast.If) and "__name__" in ast.dump(node.test) for node in body
        )
        return not has_main and any(
            isinstance(node, ast.FunctionDef) and node.name == "train" for node in body
        )

    def write_failure(self, reason):
        """Say why the job failed, in the file that SageMaker shows to users."""
        os.makedirs(self._path("output"), exist_ok=True)
        with open(self._path("output/failure"), "w", encoding="utf-8") as stream:
            stream.write(reason[:1024])


def _argument(value):
    """A hyperparameter behind its option, as SageMaker's toolkit writes it."""
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return "" if value is None else str(value)


def _variable(value):
    """A hyperparameter as a variable, as SageMaker's toolkit writes it."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value)


def _refuse_paths_outside(archive, source):
    for member in archive.getmembers():
        parts = member.name.split("/")
        if member.name.startswith("/") or ".." in parts or not (member.isfile() or member.isdir()):
            raise MXNetError(
                f"sagemaker train: {source}: the entry {member.name!r} is no file or folder below "
                "the archive's own; expected such entries only"
            )
