"""Symbols, arrays and old documents for the tests of the file formats.

Everything here runs under MXNet 1.9.1 and under Remx alike; `tools/oracle/formats.py` writes down
what 1.9.1 makes of it.
"""

import json
import struct

# ------------------------------------------------------------------------------------- symbols


def _batch_norm(mx):
    return mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn")


def _scope(mx):
    with mx.AttrScope(ctx_group="stage1", lr_mult="2", __note__='a "quoted" one'):
        dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
        return mx.sym.BatchNorm(dense, name="bn")


def _shared_states(mx):
    mean, variance = mx.sym.Variable("mean"), mx.sym.Variable("variance")
    states = {"moving_mean": mean, "moving_var": variance}
    first = mx.sym.BatchNorm(mx.sym.Variable("data"), name="first", **states)
    second = mx.sym.BatchNorm(first, name="second", **states)
    return mx.sym.Group([second, mean, mx.sym.relu(mean, name="later")])


def _state_used_first(mx):
    mean = mx.sym.Variable("mean")
    before = mx.sym.relu(mean, name="before")
    norm = mx.sym.BatchNorm(mx.sym.Variable("data"), moving_mean=mean, name="bn")
    return mx.sym.Group([norm, before, mean])


def _composed(mx):
    norm = mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn")
    return norm(data=mx.sym.relu(mx.sym.Variable("image"), name="relu"))


def _composed_from_file(mx):
    return mx.sym.load_json(_batch_norm(mx).tojson())(data=mx.sym.Variable("image"))


def _variable(mx):
    return mx.sym.Variable(
        "weight",
        shape=(1, 2),
        lr_mult=1.5,
        wd_mult=2,
        dtype="float16",
        init=mx.init.Xavier(),
        attr={"ctx_group": "stage1", "__free__": "text"},
    )


def _group(mx):
    data = mx.sym.Variable("data")
    parts = mx.sym.split(data, num_outputs=3, name="parts")
    return mx.sym.Group([parts, data, parts[1]])


def _long_lists(mx):
    variables = [mx.sym.Variable(f"v{i}") for i in range(11)]
    return mx.sym.Group([mx.sym.Concat(*variables, name="all"), *variables])


def _ten_outputs(mx):
    return mx.sym.Group([mx.sym.Variable(f"v{i}") for i in range(10)])


def _escapes(mx):
    return mx.sym.Variable('a"b\\c\n\r\t\x01\x7f/é中😀', attr={"__k__": 'v"\\\n\t\x07é'})


def _values(mx):
    data = mx.sym.Variable("data")
    x = mx.sym.Convolution(data, kernel=[3, 3], num_filter=8, no_bias=True, name="conv")
    x = mx.sym.Dropout(x * 1e-05 + 2, p=0.1, name="dropout")
    x = mx.sym.slice(x, begin=(0, None), end=(1, 2), name="slice")
    x = mx.sym.LeakyReLU(x, act_type="prelu", name="prelu")
    x = mx.sym.sum(x, axis=(0, 1), keepdims=True, name="sum")
    return mx.sym.Cast(mx.sym.Reshape(x, shape=(-1, 0), name="reshape"), dtype="int32", name="cast")


SYMBOLS = {
    "batch_norm": _batch_norm,
    "batch_norm_internals": lambda mx: _batch_norm(mx).get_internals(),
    "batch_norm_children": lambda mx: _batch_norm(mx).get_children(),
    "batch_norm_state": lambda mx: _batch_norm(mx).get_internals()["bn_moving_mean"],
    "scope": _scope,
    "shared_states": _shared_states,
    "state_used_first": _state_used_first,
    "composed": _composed,
    "composed_from_file": _composed_from_file,
    "from_file_internals": lambda mx: mx.sym.load_json(_batch_norm(mx).tojson()).get_internals(),
    "variable": _variable,
    "group": _group,
    "long_lists": _long_lists,
    "ten_outputs": _ten_outputs,
    "escapes": _escapes,
    "values": _values,
}

# ------------------------------------------------------------------------------- old documents

VERSIONS = (None, 700, 800, 803, 900, 904, 905, 1000, 1100, 1200, 10000, 10500, 10900, 10901)


def node(op, name, inputs=(), **members):
    return {"op": op, "name": name, "inputs": [list(i) for i in inputs], **members}


def document(nodes, heads=None, version=None, **members):
    heads = heads or [[len(nodes) - 1, 0]]
    variables = [i for i, n in enumerate(nodes) if n["op"] == "null"]
    result = {"nodes": nodes, "arg_nodes": variables, "heads": heads, **members}
    if version is not None:
        result["attrs"] = {"mxnet_version": ["int", version]}
    return json.dumps(result)


def _dense(attrs, key="attr", variable=None, inputs=((0, 0), (1, 0), (2, 0)), version=1000):
    weight = node("null", "w", **({key: variable} if variable else {}))
    dense = node("FullyConnected", "fc", inputs, **{key: {"num_hidden": "3", **attrs}})
    return document([node("null", "data"), weight, node("null", "b"), dense], version=version)


def _norm(version, given=0, key="attr", **members):
    names = ["data", "gamma", "beta", "mean", "variance"]
    attrs = {"eps": "0.001", "lr_mult": "2", "ctx_group": "stage1"}
    norm = node("BatchNorm", "bn", [(i, 0) for i in range(3 + given)], **{key: attrs}, **members)
    return document([node("null", n) for n in names[: 3 + given]] + [norm], version=version)


def _one(op, attrs, version, **members):
    return document(
        [node("null", "data"), node(op, "x", [(0, 0)], attr=attrs, **members)], version=version
    )


def _documents():
    for version in VERSIONS:
        tag = version or "none"
        for key in ("param", "attr", "attrs"):
            attrs = {"ctx_group": "g", "lr_mult": "2", "weight_lr_mult": "3", "bias_wd_mult": "4"}
            yield f"hidden_{key}_{tag}", _dense(attrs, key, version=version)
        yield f"argmax_{tag}", _one("argmax", {"axis": "-1"}, version)
        yield f"argmin_{tag}", _one("argmin", {"axis": "-1"}, version)
        if version is None or version < 900:
            yield f"aux_missing_{tag}", _norm(version)
            yield f"aux_one_{tag}", _norm(version, 1)
        if version != 10901:
            yield f"aux_given_{tag}", _norm(version, 2)
    for key in ("ctx_group", "lr_mult", "wd_mult", "force_mirroring", "mirror_stage"):
        yield f"variable_{key}", document([node("null", "data", attr={key: "1"})], version=1000)
        yield f"input_{key}", _dense({"weight_" + key: "2"})
        yield f"operator_{key}", _one("relu", {key: "2"}, 1000)
    yield "existing_hidden", _dense({"weight_lr_mult": "2"}, variable={"__lr_mult__": "5"})
    yield "existing_short", _dense({"weight_lr_mult": "2"}, variable={"lr_mult": "5"})
    yield "short_and_hidden", _dense({"lr_mult": "2", "__lr_mult__": "3"})
    yield "variable_prefixed", _dense({}, variable={"weight_lr_mult": "2", "anything": "3", "": ""})
    yield "data_prefixed", _dense({"data_lr_mult": "2"})
    yield "user_prefixed", _dense({"__weight_lr_mult__": "2", "_____": "1"})
    yield "same_version", _dense({"__lr_mult__": "2", "__foo__": "3"}, version=10901)
    yield "newer_version", _dense({"__lr_mult__": "2"}, version=20000)
    yield "no_such_input", _dense({"foo_lr_mult": "2"})
    yield "unknown_attribute", _dense({"foo": "2"})
    yield "short_underscores", _dense({"____": "2"})
    yield "half_underscores", _dense({"__x": "2"})
    yield "no_arguments", _one("relu", {"foo": "2"}, 10901)
    yield (
        "dense_inputs_missing",
        document(
            [
                node("null", "data"),
                node("FullyConnected", "fc", [(0, 0)], param={"num_hidden": "3"}),
            ]
        ),
    )
    yield "prelu_missing", _one("LeakyReLU", {"act_type": "prelu"}, 800)
    yield "softmax_label_missing", _one("SoftmaxOutput", {}, 800)
    yield (
        "split_places",
        document([node("null", "data", param={"__a__": "1", "__b__": "2"}, attr={"__b__": "3"})]),
    )
    yield (
        "aliases",
        document(
            [
                node("null", "a"),
                node("null", "b"),
                node("_Maximum", "m", [(0, 0), (1, 0)], param={}),
                node("_Plus", "p", [(2, 0), (0, 0)], param={}),
                node("_MulScalar", "s", [(3, 0)], param={"scalar": "2"}),
                node("ElementWiseSum", "e", [(4, 0), (0, 0)], param={"num_args": "2"}),
                node(
                    "SliceChannel", "c", [(5, 0)], param={"num_outputs": "2"}, backward_source_id=-1
                ),
            ],
            heads=[[6, 0], [6, 1]],
        ),
    )
    yield (
        "forward_reference",
        document([node("relu", "r", [(1, 0)]), node("null", "x")], heads=[[0, 0]], version=1000),
    )
    yield (
        "versions_kept",
        document(
            [node("null", "x"), node("relu", "r", [(0, 0, 7)])], heads=[[1, 0, 9]], version=1000
        ),
    )
    yield (
        "unused_nodes",
        document([node("null", "x"), node("null", "y"), node("relu", "r", [(0, 0)])], version=1000),
    )
    yield (
        "two_outputs",
        document(
            [node("null", "x"), node("BatchNorm", "bn", [(0, 0)] * 1)], heads=[[1, 1], [1, 2]]
        ),
    )
    yield (
        "backward_source",
        document(
            [
                node("null", "x", param={}, backward_source_id=-1),
                node(
                    "Activation", "a", [(0, 0)], param={"act_type": "relu"}, backward_source_id=-1
                ),
            ]
        ),
    )


DOCUMENTS = dict(_documents())

# -------------------------------------------------------------------------------------- arrays


def _numbers(mx, dtype):
    return mx.nd.array([[0, 1, 0], [1, 1, 0]], dtype=dtype)


DTYPES = ("float32", "float64", "float16", "uint8", "int8", "int32", "int64", "bool")


def _sparse_rows(mx, dtype="float32"):
    values = mx.nd.array([[1, 2], [3, 4]], dtype=dtype)
    return mx.nd.sparse.row_sparse_array((values, [1, 3]), shape=(5, 2), dtype=dtype)


def _sparse_matrix(mx, dtype="float32"):
    parts = ([1, 2, 3], [0, 2, 1], [0, 2, 2, 3])
    return mx.nd.sparse.csr_matrix(parts, shape=(3, 4), dtype=dtype)


ARRAYS = {f"dtype_{d}": (lambda mx, d=d: [_numbers(mx, d)]) for d in DTYPES}
ARRAYS.update(
    single=lambda mx: mx.nd.array([1.0]),
    list=lambda mx: [mx.nd.array([1.0]), mx.nd.array([[2.0, 3.0]])],
    dict=lambda mx: {
        "z": mx.nd.array([1.0]),
        "arg:é中": mx.nd.array([2], dtype="int8"),
        "": mx.nd.array([3.0]),
    },
    nothing=lambda mx: [],
    no_names=lambda mx: {},
    many_dimensions=lambda mx: [mx.nd.ones((1, 2, 1, 1, 2, 1, 1))],
    row_sparse=lambda mx: [_sparse_rows(mx)],
    row_sparse_empty=lambda mx: [mx.nd.sparse.zeros("row_sparse", (5, 2))],
    row_sparse_float64=lambda mx: {"r": _sparse_rows(mx, "float64")},
    csr=lambda mx: [_sparse_matrix(mx)],
    csr_empty=lambda mx: [mx.nd.sparse.zeros("csr", (3, 4))],
    csr_float64=lambda mx: {"c": _sparse_matrix(mx, "float64"), "d": mx.nd.ones((1,))},
)

# ------------------------------------------------------------------ .params files, byte by byte

V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA


def params_file(arrays, names=(), magic=0x112, reserved=0, count=None, name_count=None):
    """A file of arrays as `record` makes them; the counts may lie."""
    count = len(arrays) if count is None else count
    name_count = len(names) if name_count is None else name_count
    data = struct.pack("<QQQ", magic, reserved, count) + b"".join(arrays)
    data += struct.pack("<Q", name_count)
    return data + b"".join(struct.pack("<Q", len(n)) + n for n in names)


def record(version, shape, data=b"", dtype=0, device=(1, 0), rank=None, stype=0):
    """One array; version 0 is the layout before the magic number."""
    rank = len(shape) if rank is None else rank
    if version == 0:
        head = struct.pack("<I", rank) + struct.pack(f"<{len(shape)}I", *shape)
    else:
        head = struct.pack("<I", version) + (struct.pack("<i", stype) if version != V1 else b"")
        head += struct.pack("<i", rank) + struct.pack(f"<{len(shape)}q", *shape)
    return head + struct.pack("<iii", *device, dtype) + data


def sparse_record(stype, stored, shape, aux, values, dtype=0):
    """A row-sparse (1) or CSR (2) array; `aux` holds pairs of dtype number and bytes."""
    head = struct.pack("<Ii", V2, stype) + _shape(stored) + _shape(shape)
    head += struct.pack("<iii", 1, 0, dtype)
    sizes = {4: 4, 6: 8}
    for code, data in aux:
        head += struct.pack("<i", code) + _shape((len(data) // sizes.get(code, 1),))
    return head + values + b"".join(data for _, data in aux)


def _shape(shape):
    return struct.pack("<i", len(shape)) + struct.pack(f"<{len(shape)}q", *shape)


def floats(*values):
    return struct.pack(f"<{len(values)}f", *values)


FILES = {
    "v0": params_file([record(0, (2, 3), floats(*range(6)))]),
    "v0_names": params_file(
        [record(0, (2,), floats(1, 2)), record(0, (1,), floats(3))], [b"arg:a", b"aux:b"]
    ),
    "v0_gpu": params_file([record(0, (1,), floats(1), device=(2, 3))]),
    "v0_uint8": params_file([record(0, (3,), b"\1\2\3", dtype=3), record(0, (1,), floats(5))]),
    "v1": params_file([record(V1, (2, 3), floats(*range(6)))]),
    "v1_float64": params_file([record(V1, (1,), struct.pack("<d", 0.5), dtype=1)], [b"x"]),
    "v2": params_file([record(V2, (2, 3), floats(*range(6)))]),
    "v2_no_elements": params_file([record(V2, (2, 0)), record(V2, (1,), floats(7))]),
    "mixed": params_file([record(v, (2,), floats(v % 7, 1)) for v in (0, V1, V2)]),
    "reserved": params_file([record(V2, (1,), floats(1))], reserved=77),
    "bytes_behind": params_file([record(V2, (1,), floats(1))]) + b"more",
    "same_name": params_file([record(V2, (1,), floats(v)) for v in (1, 2)], [b"a", b"a"]),
    "row_sparse": params_file(
        [sparse_record(1, (1, 2), (3, 2), [(6, struct.pack("<q", 2))], floats(5, 6))]
    ),
    "csr": params_file(
        [
            sparse_record(
                2,
                (2,),
                (2, 3),
                [(6, struct.pack("<3q", 0, 0, 2)), (6, struct.pack("<2q", 0, 2))],
                floats(5, 6),
            )
        ]
    ),
}
# Files that 1.9.1 reads only while NumPy shapes are on.
NUMPY_FILES = {
    "v3": params_file([record(V3, (2, 3), floats(*range(6)))]),
    "v3_scalar": params_file([record(V3, (), floats(3)), record(V3, (1,), floats(4))]),
    "v3_no_elements": params_file([record(V3, (2, 0, 3))], [b"z"]),
}
