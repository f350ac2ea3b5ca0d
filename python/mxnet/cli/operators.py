"""List the operators, or show how one is called."""

import difflib
import textwrap

from .. import _core, error
from .output import print_json, table

_WIDTH = 70  # of the descriptions in the list


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument("name", nargs="?", help="an operator, to show how it is called")
    parser.add_argument("--search", metavar="TEXT", help="only operators that mention the text")


def _check(name):
    if _core.has_op(name):
        return
    close = difflib.get_close_matches(name, _core.list_ops(), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise error.ValueError(
        f"operators: name={name} is unknown; an operator that `remx operators` lists is "
        f"expected{hint}"
    )


def _all(text):
    """Descriptions of the operators, one for each whatever its aliases."""
    found = {}
    for name in _core.list_ops():
        op = _core.describe_op(name)
        words = " ".join([op["name"], *op["aliases"], op["doc"]]).lower()
        if (text or "").lower() in words:
            found[op["name"]] = op
    return list(found.values())


def _document(op):
    return {
        "name": op["name"],
        "aliases": op["aliases"],
        "doc": op["doc"],
        "inputs": [{"name": name, "doc": doc} for name, doc in op["inputs"]],
        "parameters": [
            {"name": name, "type": kind, "default": default, "doc": doc}
            for name, kind, default, doc in op["params"]
        ],
        "takes_many_inputs": bool(op["variadic_count"]),
        "differentiable": op["differentiable"],
        "kernels": _core.kernel_names(op["name"]),
    }


def _show(op):
    from .._op_docs import doc_of, signature_of

    parameters = [
        str(parameter).replace("=<mxnet", "=<").replace("=_Null", "=...")
        for parameter in signature_of(op["name"]).parameters.values()
    ]
    call = f"{op['name']}({', '.join(parameters)})"
    print(textwrap.fill(call, 100, subsequent_indent="    "))
    print()
    print(doc_of(op["name"]))
    print()
    if op["aliases"]:
        print(f"Also named {', '.join(op['aliases'])}.")
    print("Differentiable." if op["differentiable"] else "Not differentiable.")
    print(f"Kernels on the CPU: {', '.join(_core.kernel_names(op['name'])) or 'none'}.")


def _shorten(text):
    """The first line of `text`, without the words that are too many."""
    line = text.split("\n")[0]
    return line if len(line) <= _WIDTH else line[: _WIDTH - 4].rsplit(" ", 1)[0] + " ..."


def run(options):
    """Run the command."""
    if options.name is not None:
        _check(options.name)
        op = _core.describe_op(options.name)
        print_json(_document(op)) if options.json else _show(op)
        return
    found = _all(options.search)
    if options.json:
        print_json([_document(op) for op in found])
        return
    rows = [[op["name"], _shorten(op["doc"])] for op in found]
    if rows:
        print("\n".join(table(["operator", "what it does"], rows, left=2)))
    print(f"{len(rows)} operators")
