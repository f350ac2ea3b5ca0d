"""Show the layers of a checkpoint: shapes, parameters, multiply-adds, memory."""

import json
import math
import os
import re

import numpy as np

from .arguments import add_model_arguments, positive_int
from .checkpoint import Checkpoint
from .output import print_json, size_text, table

_OUTPUT_NUMBER = re.compile(r"(.*_output)\d+$")


def add_arguments(parser):
    """Add the arguments of the command."""
    add_model_arguments(parser)
    parser.add_argument(
        "--batch", type=positive_int, default=1, metavar="N", help="rows in a batch (default 1)"
    )


def multiply_adds(operator, shapes, out_shape):
    """Multiplications with an addition that a layer takes.

    Args:
        operator (str): Name of the operator.
        shapes (list of tuple of int): Shapes of its inputs: data, weight, ...
        out_shape (tuple of int): Shape of its first output.

    Returns:
        int: Their number; 0 for operators that are no products of matrices.
    """
    if operator in ("Convolution", "FullyConnected") and len(shapes) > 1:
        return math.prod(out_shape) * math.prod(shapes[1][1:])
    if operator == "Deconvolution" and len(shapes) > 1:
        return math.prod(shapes[0]) * math.prod(shapes[1][1:])
    if operator in ("dot", "batch_dot") and len(shapes) > 1:
        # Each value is used with every row or column of the other matrix: (mkn)^2 = mk * kn * mn.
        batch = shapes[0][0] if operator == "batch_dot" else 1
        product = math.prod(shapes[0]) * math.prod(shapes[1]) * math.prod(out_shape)
        return math.isqrt(product // batch) if batch else 0
    return 0


def _results_by_name(names, values):
    """Values by the names of outputs; the first one where a layer has several."""
    found = {}
    for name, value in zip(names, values or ()):
        several = _OUTPUT_NUMBER.match(name)
        found.setdefault(several[1] if several else name, value)
    return found


def layers(checkpoint, batch):
    """The layers of a checkpoint as dicts, in the order in which they are computed."""
    symbol, shape = checkpoint.symbol, {checkpoint.data_name: (batch, *checkpoint.shape)}
    internals = symbol.get_internals()
    names = internals.list_outputs()
    shapes = _results_by_name(names, internals.infer_shape(**shape)[1])
    dtypes = _results_by_name(names, internals.infer_type(**{checkpoint.data_name: np.float32})[1])
    nodes = json.loads(symbol.tojson())["nodes"]

    def key(node):
        return node["name"] if node["op"] == "null" else node["name"] + "_output"

    parameters, counted, rows = {**checkpoint.args, **checkpoint.auxs}, set(), []
    for node in nodes:
        if node["op"] == "null":
            continue
        inputs = [nodes[entry[0]] for entry in node["inputs"]]
        own = {n["name"] for n in inputs if n["op"] == "null" and n["name"] in parameters}
        out = tuple(shapes.get(key(node), ()))
        rows.append(
            {
                "name": node["name"],
                "operator": node["op"],
                "output_shape": list(out),
                "dtype": np.dtype(dtypes.get(key(node)) or np.float32).name,
                "parameters": sum(parameters[name].size for name in own - counted),
                "multiply_adds": multiply_adds(
                    node["op"], [tuple(shapes.get(key(n), ())) for n in inputs], out
                ),
            }
        )
        counted |= own
    return rows


def plan_memory(checkpoint, batch):
    """Bytes planned for intermediate results and outputs: with and without sharing."""
    executor = checkpoint.symbol.simple_bind(
        ctx=checkpoint.device,
        grad_req="null",
        **{checkpoint.data_name: (batch, *checkpoint.shape)},
    )
    text = executor.debug_str()
    total = re.search(r"Total ([\d.e+-]+) MB allocated", text)
    unshared = re.search(r"without sharing: ([\d.e+-]+) MB", text)
    return [int(float(found[1]) * 2**20) if found else None for found in (total, unshared)]


def collect(options):
    """What ``--json`` prints."""
    checkpoint = Checkpoint(options)
    rows = layers(checkpoint, options.batch)
    planned, unshared = plan_memory(checkpoint, options.batch)
    arrays = [*checkpoint.args.values(), *checkpoint.auxs.values()]
    return {
        **checkpoint.describe(),
        "batch": options.batch,
        "layers": rows,
        "parameters": sum(row["parameters"] for row in rows),
        "parameter_dtypes": sorted({np.dtype(array.dtype).name for array in arrays}),
        "multiply_adds": sum(row["multiply_adds"] for row in rows),
        "file_bytes": {path: os.path.getsize(path) for path in checkpoint.files},
        "planned_bytes": planned,
        "planned_bytes_without_sharing": unshared,
    }


def run(options):
    """Run the command."""
    document = collect(options)
    if options.json:
        print_json(document)
        return
    rows = [
        [
            row["name"],
            row["operator"],
            "x".join(map(str, row["output_shape"])),
            row["dtype"],
            f"{row['parameters']:,}" if row["parameters"] else "",
            f"{row['multiply_adds']:,}" if row["multiply_adds"] else "",
        ]
        for row in document["layers"]
    ]
    header = ["layer", "operator", "output", "dtype", "parameters", "multiply-adds"]
    print("\n".join(table(header, rows, left=4)))
    shape = "x".join(map(str, [document["batch"], *document["input"]["shape"]]))
    print(f"\ninput           {document['input']['name']}, {shape}")
    dtypes = ", ".join(document["parameter_dtypes"])
    print(f"parameters      {document['parameters']:,} ({dtypes})")
    print(f"multiply-adds   {document['multiply_adds']:,}")
    for path, count in document["file_bytes"].items():
        print(f"file            {path}, {size_text(count)}")
    if document["planned_bytes"] is not None:
        text = f"planned memory  {size_text(document['planned_bytes'])}"
        if document["planned_bytes_without_sharing"] is not None:
            text += f" (without sharing {size_text(document['planned_bytes_without_sharing'])})"
        print(text)
