"""Runs ONNX's own node tests through `mxnet.onnx.backend`, each test once.

    python tools/onnx/node_tests.py [--match TEXT] [--write FILE] [--table]

A test passes where every output has the shape, the dtype and the numbers that ONNX gives. Tests of
operators that have no place here are left out, with the reason in `LEFT_OUT`.
"""

import argparse
import collections
import sys
import warnings

import numpy as np

# Operators that cannot be expressed by tensors of numbers, or are no part of networks that predict.
LEFT_OUT = {
    "strings": """StringConcat StringNormalizer StringSplit RegexFullMatch TfIdfVectorizer
        LabelEncoder""",
    "sequences": """SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert
        SequenceLength SequenceMap SplitToSequence ConcatFromSequence""",
    "optionals": "Optional OptionalGetElement OptionalHasElement",
    "training": "Adam Adagrad Momentum Gradient",
    "files of pictures": "ImageDecoder",
}


def reason_left_out(name, model):
    """Why a model has no place here, or None."""
    import onnx

    operators = set(_operators(model.graph))
    for reason, names in LEFT_OUT.items():
        if operators & set(names.split()):
            return reason
    if operators & {"Bernoulli", "RandomUniformLike"} or name.startswith("test_training_dropout"):
        return "numbers of NumPy's generator"
    for info in (*model.graph.input, *model.graph.output):
        kind = info.type.WhichOneof("value")
        if kind != "tensor_type":
            return "optionals" if kind == "optional_type" else "sequences"
        if info.type.tensor_type.elem_type == onnx.TensorProto.STRING:
            return "strings"
    return None


def _operators(graph):
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _operators(attribute.g)


def cases():
    """All node tests of the installed package."""
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return load_model_tests(kind="node")


def run(case):
    """Run a test.

    Returns:
        str: What is wrong, or None.
    """
    from mxnet.onnx import backend

    try:
        prepared = backend.prepare(case.model)
        for inputs, outputs in case.data_sets:
            found_all = prepared.run([_array(tensor) for tensor in inputs])
            if len(found_all) != len(outputs):
                return f"{len(found_all)} outputs instead of {len(outputs)}"
            for found, expected in zip(found_all, outputs):
                text = _difference(found, _array(expected), case)
                if text:
                    return text
    except Exception as cause:
        return f"{type(cause).__name__}: {cause}"
    return None


def _array(tensor):
    import onnx

    if isinstance(tensor, onnx.TensorProto):
        return onnx.numpy_helper.to_array(tensor)
    return np.asarray(tensor)


def _difference(found, expected, case):
    if found.shape != expected.shape:
        return f"shape {found.shape} instead of {expected.shape}"
    if found.dtype != expected.dtype:
        return f"dtype {found.dtype} instead of {expected.dtype}"
    # ONNX's own runner allows two units of the last place of bfloat16.
    relative = max(case.rtol, 2**-6) if found.dtype.name == "bfloat16" else case.rtol
    if expected.dtype.name not in np.sctypeDict:
        found, expected = found.astype(np.float32), expected.astype(np.float32)
    try:
        np.testing.assert_allclose(found, expected, rtol=relative, atol=case.atol)
    except AssertionError as cause:
        return "numbers: " + " ".join(str(cause).split())[:120]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--match", default="", help="only tests with this in their name")
    parser.add_argument("--write", help="file for the names of the tests that fail")
    parser.add_argument("--table", action="store_true", help="a row for each operator")
    options = parser.parse_args()
    rows, left_out, failed = collections.defaultdict(collections.Counter), collections.Counter(), []
    for case in cases():
        if options.match not in case.name:
            continue
        reason = reason_left_out(case.name, case.model)
        if reason:
            left_out[reason] += 1
            continue
        text = run(case)
        operator = case.model.graph.node[0].op_type if "_expanded" not in case.name else "expanded"
        rows[operator]["fail" if text else "pass"] += 1
        if text:
            failed.append(case.name)
            print(f"{case.name}: {text}"[:230], flush=True)
    if options.table:
        for operator in sorted(rows):
            print(f"{operator:30} {rows[operator]['pass']:5} {rows[operator]['fail']:5}")
    passed = sum(row["pass"] for row in rows.values())
    total = passed + len(failed)
    for reason, count in left_out.items():
        print(f"left out, {reason}: {count}")
    print(f"passed {passed} of {total}: {100 * passed / max(total, 1):.1f} %")
    if options.write:
        with open(options.write, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in sorted(failed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
