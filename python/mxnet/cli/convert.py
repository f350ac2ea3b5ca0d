"""Convert between ONNX, checkpoints, parameter files, .npz, safetensors and PyTorch archives."""

import os

import numpy as np

from .. import error
from .arguments import epoch_number, positive_int, positive_ints
from .output import print_json

_EPILOG = """\
what IN and OUT are is told by their endings: .onnx; .params, .npz, .safetensors for arrays; .pt,
.pth, .bin (only read) for PyTorch; anything else is the prefix of PREFIX-symbol.json and
PREFIX-0000.params, as Module and Gluon write them"""


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.epilog = _EPILOG
    parser.add_argument("source", metavar="IN", help="what to read")
    parser.add_argument("target", metavar="OUT", help="what to write")
    parser.add_argument(
        "--epoch", type=epoch_number, metavar="N", help="epoch of a checkpoint (default: the last)"
    )
    parser.add_argument(
        "--arch",
        metavar="NAME",
        help="network of the model zoo that IN has the parameters of, by the names of torchvision, "
        "timm or any of Gluon's",
    )
    parser.add_argument(
        "--classes",
        type=positive_int,
        metavar="N",
        help="number of classes of --arch (default: that of torchvision's file, or 1000)",
    )
    parser.add_argument(
        "--shape",
        action="append",
        default=[],
        metavar="[NAME=]N,C,H,W",
        help="shape of an input, when the file does not tell",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="run both sides on the same numbers and print the largest difference",
    )


def _shapes(texts):
    shapes = {}
    for text in texts:
        name, equals, numbers = text.rpartition("=")
        try:
            shapes[name if equals else ""] = positive_ints(numbers)
        except Exception as cause:
            raise error.ValueError(
                f"--shape={text} cannot be read; sizes such as 1,3,224,224 are expected"
            ) from cause
    return shapes


def run(options):
    """Convert, and tell what was done."""
    from ..convert.arrays import is_array_file
    from ..convert.networks import is_network

    if options.arch:
        document = _zoo(options)
    elif is_network(options.source) and not is_array_file(options.target):
        document = _network(options)
    else:
        document = _arrays(options)
    if options.json:
        print_json(document)
    else:
        print(f"{document['read']} -> {', '.join(document['files'])}")
        print(f"{document['arrays']} arrays, {document['elements']} numbers")
        if "largest_difference" in document:
            print(f"largest difference: {document['largest_difference']:.3g}")


def _document(options, files, arrays):
    return {
        "read": options.source,
        "files": files,
        "arrays": len(arrays),
        "elements": int(sum(np.prod(array.shape) for array in arrays.values())),
    }


def _named(network):
    groups = (("arg", network.args), ("aux", network.auxs))
    return {f"{kind}:{name}": a.asnumpy() for kind, group in groups for name, a in group.items()}


def _arrays(options):
    """Arrays into a file of arrays."""
    from ..convert.arrays import is_array_file, read_arrays, write_arrays
    from ..convert.networks import is_network, read_network

    if not is_network(options.source) and not os.path.exists(options.source):
        raise error.ValueError(
            f"IN={options.source} is not there; a file, or the prefix of a checkpoint, is expected"
        )
    if not is_array_file(options.target):
        raise error.ValueError(
            f"OUT={options.target} needs a network; {options.source} holds parameters only (--arch "
            "names one of the model zoo), or OUT with an ending such as .params is expected"
        )
    if is_network(options.source):
        arrays = _named(read_network(options.source, options.epoch))
    else:
        arrays = read_arrays(options.source)
    write_arrays(options.target, arrays)
    document = _document(options, [options.target], arrays)
    if options.check:
        document["largest_difference"] = _arrays_difference(options.target, arrays)
    return document


def _network(options):
    """A network into a network."""
    from ..convert.networks import read_network, write_network

    shapes = _shapes(options.shape)
    named = {name: shape for name, shape in shapes.items() if name}
    network = read_network(options.source, options.epoch, named or None)
    into_onnx = options.target.endswith(".onnx")
    inputs = network.input_shapes(shapes) if into_onnx or options.check else {}
    files = write_network(options.target, network, options.epoch or 0, inputs)
    document = _document(options, files, {**network.args, **network.auxs})
    if options.check:
        document["largest_difference"] = _check(options, network, inputs)
    return document


def _check(options, network, shapes):
    """The largest difference between the outputs of both sides for random numbers."""
    from ..convert.networks import read_network

    dtypes, rng = network.input_dtypes(), np.random.default_rng(0)
    data = {name: _random(rng, shape, dtypes[name]) for name, shape in shapes.items()}
    sides = []
    for path in (options.source, options.target):
        if path.endswith(".onnx"):
            sides.append(_run_onnx(path, data))
        else:
            epoch = options.epoch if path == options.source else options.epoch or 0
            sides.append(read_network(path, epoch).run(data))
    return _difference(*sides)


def _random(rng, shape, dtype):
    """Numbers from 0 to below 1; of whole ones 0 and 1, which are words and places, too."""
    if np.issubdtype(dtype, np.floating):
        return rng.random(shape, np.float32).astype(dtype)
    return rng.integers(0, 2, shape).astype(dtype)


def _run_onnx(path, data):
    """Outputs of an ONNX file, by ONNX Runtime if it is there, else by the package ``onnx``."""
    from ..onnx.reading.dtypes import numpy_dtype
    from ..onnx.reading.files import open_model
    from ..onnx.reading.graph import declared
    from ..onnx.reading.network import inputs_of

    feeds = {}
    for info in inputs_of(open_model(path).graph):
        shape, dtype = declared(info)
        # Some dtypes are wider here, and tensors without axes have one.
        array = data[info.name].astype(numpy_dtype(dtype))
        feeds[info.name] = array.reshape(()) if shape == () else array
    try:
        import onnxruntime

        return onnxruntime.InferenceSession(path).run(None, feeds)
    except ImportError:
        from onnx.reference import ReferenceEvaluator

        return ReferenceEvaluator(path).run(None, feeds)


def _difference(found, expected):
    if len(found) != len(expected):
        raise error.ValueError(
            f"--check: {len(found)} outputs and {len(expected)}; equally many are expected"
        )
    largest = 0.0
    for a, b in zip(found, expected):
        if a.size != b.size:
            raise error.ValueError(
                f"--check: outputs have the shapes {a.shape} and {b.shape}; equal ones are expected"
            )
        a, b = (side.reshape(-1).astype(np.float64) for side in (a, b))
        unequal = (a != b) & ~(np.isnan(a) & np.isnan(b))
        gaps = np.abs(a[unequal] - b[unequal])
        largest = max(largest, float(np.nan_to_num(gaps, nan=np.inf).max(initial=0)))
    return largest


def _foreign(options, arrays):
    """The network that parameters of torchvision or timm belong to, with them."""
    from ..convert import structures, zoo_names
    from ..convert.arrays import is_array_file
    from ..gluon.model_zoo.vision import get_model

    name, classes = options.arch, options.classes or zoo_names.classes_in(arrays)
    reason = zoo_names.supported(name)
    if reason is None:
        net = get_model(name, classes=classes)
    elif not zoo_names.has_structure(name):
        raise error.ValueError(
            f"convert: --arch={name} cannot take these parameters: {reason}; a network of the same "
            "structure is expected, or its ONNX file, which holds the structure, too"
        )
    elif is_array_file(options.target):
        raise error.ValueError(
            f"convert: OUT={options.target} would be parameters of the zoo's {name}, but {reason}; "
            "the prefix of a checkpoint, which holds the structure, too, is expected"
        )
    else:
        net = structures.structure(name, classes)
    zoo_names.fill(net, name, arrays)
    return net


def _zoo(options):
    """Parameters of torchvision, timm or Gluon into a network of the model zoo."""
    from ..convert import gluon_names
    from ..convert.arrays import is_array_file, read_arrays, write_arrays
    from ..gluon.model_zoo.model_store import default_root
    from ..gluon.model_zoo.vision import get_model

    arrays = read_arrays(options.source)
    if gluon_names.are_gluon_names(arrays):
        net = get_model(options.arch, classes=options.classes or 1000)
        gluon_names.fill(net, options.arch, arrays)
    else:
        net = _foreign(options, arrays)
    parameters = {n: p.data().asnumpy() for n, p in net._collect_params_with_prefix().items()}
    if is_array_file(options.target):
        folder = os.path.dirname(os.path.abspath(options.target))
        if folder == os.path.abspath(default_root()):
            # Where `get_model` looks: nobody has made it yet where nothing was downloaded.
            os.makedirs(folder, exist_ok=True)
        write_arrays(options.target, parameters)
        document = _document(options, [options.target], parameters)
        if options.check:
            document["largest_difference"] = _arrays_difference(options.target, parameters)
        return document
    return _exported(options, net, parameters)


def _exported(options, net, parameters):
    """A network of the model zoo as a checkpoint."""
    import mxnet as mx

    from ..convert.networks import read_network

    size = 299 if options.arch == "inceptionv3" else 224
    data = np.random.default_rng(0).random(
        _shapes(options.shape).get("", (1, 3, size, size)), np.float32
    )
    net.hybridize()
    expected = net(mx.nd.array(data)).asnumpy()
    net.export(options.target)
    files = [f"{options.target}-symbol.json", f"{options.target}-0000.params"]
    document = _document(options, files, parameters)
    if options.check:
        found = read_network(options.target, 0).run({"data": data})
        document["largest_difference"] = _difference(found, [expected])
    return document


def _arrays_difference(path, arrays):
    """The largest difference between arrays and what a file has of them."""
    from ..convert.arrays import read_arrays

    found = read_arrays(path)
    return _difference([found[name] for name in arrays], list(arrays.values()))
