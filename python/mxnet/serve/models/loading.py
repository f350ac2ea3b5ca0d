"""Models made from their files."""

from ... import error
from .files import ModelFiles, check_name

__all__ = ["load_model"]


def load_model(path, settings, name=None):
    """Load what a version serves.

    Args:
        path (str): A prefix, folder or archive.
        settings (ModelSettings): How it is run; `code` says what happens to handlers.
        name (str): What it is called; None to take what the files say.

    Returns:
        TensorModel or HandlerModel: The model.

    Raises:
        MXNetError, OSError: It cannot be loaded.
    """
    files = ModelFiles(path, settings.epoch, settings.handler)
    files.name = name or files.name
    try:
        check_name(files.name)
        check_name(files.version)
        if files.handler is not None and settings.code != "ignore":
            return _load_handler(files, settings)
        return _load_network(files, settings)
    except BaseException:
        files.close()
        raise


def _load_handler(files, settings):
    if settings.code != "allow":
        raise error.ValueError(
            f"serve: {files.path} brings code ({files.handler.path}); --code allow runs it in "
            "processes of its own, --code ignore serves the network alone"
        )
    from ..worker.handler_model import HandlerModel

    return HandlerModel(files, settings)


def _load_network(files, settings):
    from ...checkpoint import load_checkpoint
    from ..core.network import Network
    from ..core.tensor_model import TensorModel

    if files.prefix is None:
        raise error.ValueError(
            f"serve: {files.path} holds no *-symbol.json; a symbol with its parameters is expected"
        )
    symbol, args, auxs = load_checkpoint(files.prefix, files.epoch)
    shapes = files.shapes
    if settings.shape is not None:
        inputs = [each for each in symbol.list_arguments() if each not in args]
        inputs = [each for each in inputs if not each.endswith("label")]
        if len(inputs) != 1:
            raise error.ValueError(
                f"serve: --shape is for a network with one input; {files.path} has "
                f"{', '.join(inputs) or 'none'}"
            )
        shapes = {inputs[0]: (-1, *settings.shape)}
    network = Network(symbol, args, auxs, shapes, settings.device, origin=files.prefix)
    return TensorModel(files, network, settings)
