"""``python -m mxnet.cli.sagemaker.functions SCRIPT``: runs a script that has functions.

Its function `train` returns a Module or a network, which `save` writes, its own or the one below.
"""

import importlib.util
import inspect
import json
import os
import sys

from mxnet.cli.sagemaker.contract import Contract
from mxnet.error import MXNetError

__all__ = ["main", "save"]


def _load(path):
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("user_script", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["user_script"] = module
    spec.loader.exec_module(module)
    return module


def _call(function, offered):
    """A function with those of the arguments that it takes."""
    taken = inspect.signature(function).parameters
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in taken.values())
    return function(**{n: v for n, v in offered.items() if takes_all or n in taken})


def save(model, model_dir):
    """Write a model as ``model-symbol.json``, ``model-0000.params`` and ``model-shapes.json``.

    Args:
        model (Module or HybridBlock): The model.
        model_dir (str): The folder.
    """
    prefix = os.path.join(model_dir, "model")
    if hasattr(model, "export"):
        model.export(prefix)
        return
    if not hasattr(model, "save_checkpoint"):
        raise MXNetError(
            f"sagemaker train: train() returned a {type(model).__name__}; expected a Module, a "
            "HybridBlock, or a function save(model, model_dir) beside it"
        )
    model.save_checkpoint(prefix, 0)
    shapes = [{"name": desc.name, "shape": list(desc.shape)} for desc in model.data_shapes]
    with open(f"{prefix}-shapes.json", "w", encoding="utf-8") as stream:
        json.dump(shapes, stream)


def _is_first_rank():
    return int(os.environ.get("OMPI_COMM_WORLD_RANK", "0")) == 0


def main(path):
    """Train and save."""
    contract, script = Contract(), _load(path)
    model = _call(
        script.train,
        {
            "hyperparameters": contract.hyperparameters,
            "input_data_config": contract.input_data_config,
            "channel_input_dirs": contract.channels,
            "output_data_dir": contract.output_data_dir,
            "model_dir": contract.model_dir,
            "num_gpus": contract.num_gpus,
            "num_cpus": contract.num_cpus,
            "hosts": contract.hosts,
            "current_host": contract.current_host,
        },
    )
    if model is None or not _is_first_rank():
        return
    own = getattr(script, "save", None)
    if own is None:
        save(model, contract.model_dir)
    else:
        own(model, contract.model_dir)


if __name__ == "__main__":
    main(sys.argv[1])
