"""Symbol and parameter files against what MXNet 1.9.1 reads and writes.

The cases are in tests/networks/format_cases.py, the answers of 1.9.1 in tests/data/formats.
"""

import base64
import gzip
import json
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/networks"))
import format_cases as cases  # noqa: E402

DATA = ROOT / "tests/data/formats"
NETWORKS = sorted((ROOT / "tests/compat/networks").glob("*-symbol.json.gz"))
SYMBOLS = json.loads((DATA / "symbols.json").read_text())
PARAMS = json.loads((DATA / "params.json").read_text())


# Symbols


@pytest.mark.parametrize("path", NETWORKS, ids=lambda p: p.name.split("-")[0])
def test_networks_are_written_as_they_were_read(path):
    text = gzip.decompress(path.read_bytes()).decode()
    assert mx.sym.load_json(text).tojson() == text


@pytest.mark.parametrize("name", sorted(SYMBOLS["built"]))
def test_built_symbols(name):
    with mx.name.NameManager():  # names are numbered from 0, whatever other tests built
        symbol = cases.SYMBOLS[name](mx)
    assert symbol.tojson() == SYMBOLS["built"][name]


@pytest.mark.parametrize("name", sorted(SYMBOLS["built"]))
def test_built_symbols_survive_a_round_trip(name):
    text = SYMBOLS["built"][name]
    assert mx.sym.load_json(text).tojson() == text


@pytest.mark.parametrize("name", sorted(SYMBOLS["loaded"]))
def test_documents_of_old_versions(name):
    document, expected = cases.DOCUMENTS[name], SYMBOLS["loaded"][name]
    if expected is None:
        with pytest.raises(mx.MXNetError, match="expected"):
            mx.sym.load_json(document)
    else:
        assert mx.sym.load_json(document).tojson() == expected


def test_symbol_files(tmp_path):
    path = tmp_path / "x-symbol.json"
    symbol = cases.SYMBOLS["scope"](mx)
    symbol.save(str(path))
    assert path.read_text() == symbol.tojson()
    assert mx.sym.load(str(path)).tojson() == symbol.tojson()


NODE = '{"op":"null","name":"x","inputs":[]}'
TAIL = '"arg_nodes":[0],"heads":[[0,0]]}'
RELU = '{"op":"relu","name":"r","inputs":[[%s,0]]}'
# (document, what the message says)
BAD_SYMBOLS = {
    "nothing": ("", "line 1, column 1 is not JSON"),
    "cut": ('{"nodes":[\n' + NODE, "line 2, column 37 is not JSON"),
    "list": ("[]", "is not a JSON object"),
    "number": ("1e999", "is not JSON"),
    "nan": ('{"nodes":[NaN]}', "line 1, column 11 is not JSON"),
    "no_nodes": ("{" + TAIL, "has no nodes"),
    "no_heads": ('{"nodes":[' + NODE + "]}", "has no heads"),
    "no_outputs": ('{"nodes":[' + NODE + '],"heads":[]}', "heads is empty"),
    "node_type": ('{"nodes":[3],' + TAIL, r"nodes\[0\] is of another type"),
    "no_name": ('{"nodes":[{"op":"null","inputs":[]}],' + TAIL, r"nodes\[0\] has no name"),
    "op_type": ('{"nodes":[{"op":1,"name":"x","inputs":[]}],' + TAIL, "'x' has a op of another"),
    "no_inputs": ('{"nodes":[{"op":"null","name":"x"}],' + TAIL, "'x' has no inputs"),
    "attr_type": (
        '{"nodes":[{"op":"null","name":"x","inputs":[],"attr":{"k":1}}],' + TAIL,
        "'x' attr has 'k' that is not text",
    ),
    "attrs_type": (
        '{"nodes":[{"op":"null","name":"x","inputs":[],"attrs":[]}],' + TAIL,
        "'x' attrs is of another type",
    ),
    "unknown_op": ('{"nodes":[{"op":"nope","name":"x","inputs":[]}],' + TAIL, "'x'.*nope"),
    "unknown_attribute": (
        '{"nodes":[{"op":"Activation","name":"x","inputs":[],"attrs":{"bad_key":"1"}}],' + TAIL,
        "'x'.*bad_key",
    ),
    "dangling": (
        '{"nodes":[' + NODE + "," + RELU % 7 + '],"heads":[[1,0]]}',
        r"'r' inputs\[0\] names the node 7; expected a number below 2",
    ),
    "negative": ('{"nodes":[' + NODE + "," + RELU % -1 + '],"heads":[[1,0]]}', "is malformed"),
    "fraction": ('{"nodes":[' + NODE + "," + RELU % 0.5 + '],"heads":[[1,0]]}', "is malformed"),
    "huge_reference": (
        '{"nodes":[' + NODE + "," + RELU % 10**30 + '],"heads":[[1,0]]}',
        "is malformed",
    ),
    "head_node": ('{"nodes":[' + NODE + '],"heads":[[5,0]]}', r"heads\[0\] names the node 5"),
    "head_output": ('{"nodes":[' + NODE + '],"heads":[[0,3]]}', r"heads\[0\] names output 3"),
    "itself": ('{"nodes":[' + RELU % 0 + '],"heads":[[0,0]]}', "depends on itself"),
    "cycle": ('{"nodes":[' + RELU % 1 + "," + RELU % 0 + '],"heads":[[0,0]]}', "depends on itself"),
    "variable_inputs": (
        '{"nodes":[' + NODE + ',{"op":"null","name":"y","inputs":[[0,0]]}],"heads":[[1,0]]}',
        "'y' is a variable with inputs",
    ),
    "version": (
        '{"nodes":[' + NODE + '],"attrs":{"mxnet_version":["int","x"]},' + TAIL,
        "mxnet_version is malformed",
    ),
    "arg_nodes": ('{"nodes":[' + NODE + '],"arg_nodes":[8],"heads":[[0,0]]}', "arg_nodes"),
    "many_inputs": (
        '{"nodes":[' + NODE + ',{"op":"Concat","name":"c","inputs":[[0,0]],"attr":'
        '{"num_args":"1000000000"}}],"heads":[[1,0]]}',
        "num_args=1000000000 does not fit the 1 inputs",
    ),
    "many_outputs": (
        '{"nodes":[' + NODE + ',{"op":"SliceChannel","name":"c","inputs":[[0,0]],'
        '"attr":{"num_outputs":"1000000000"}}],"heads":[[1,0]]}',
        "num_outputs=1000000000 is out of range; expected a value from 1 to 1048576",
    ),
    "few_inputs": (
        '{"nodes":[' + NODE + ',{"op":"FullyConnected","name":"c","inputs":[[0,0]],'
        '"attr":{"num_hidden":"3"}}],"heads":[[1,0]],'
        '"attrs":{"mxnet_version":["int",1000]}}',
        "inputs=1 is the wrong number",
    ),
    "computed_state": (
        '{"nodes":[' + NODE + "," + RELU % 0 + ',{"op":"BatchNorm","name":"b","inputs":'
        '[[0,0],[0,0],[0,0],[1,0],[0,0]]}],"heads":[[2,0]]}',
        r"'b' inputs\[3\] is the output",
    ),
    "deep": ("[" * 200000, "is not JSON"),
    "deep_inside": ('{"nodes":[' + "[" * 100000 + "]" * 100000 + "]," + TAIL, "of another type"),
    "long_name": ('{"nodes":[{"op":"null","name":"' + "x" * 10**6 + '"}],' + TAIL, "has no inputs"),
}


@pytest.mark.parametrize("name", sorted(BAD_SYMBOLS))
def test_bad_symbols(name):
    document, message = BAD_SYMBOLS[name]
    with pytest.raises(mx.error.ValueError, match=message) as caught:
        mx.sym.load_json(document)
    text = str(caught.value)
    assert text.startswith("symbol JSON: ") and "; " in text and len(text) < 1000


def test_errors_of_symbol_files_name_the_file(tmp_path):
    path = tmp_path / "bad-symbol.json"
    for content in (b"{", b'{"nodes":[], "x": "\xff"}', b"\0\1\2", b""):
        path.write_bytes(content)
        with pytest.raises(mx.MXNetError, match="bad-symbol.json"):
            mx.sym.load(str(path))
    with pytest.raises(mx.MXNetError, match="absent.json.*No such file"):
        mx.sym.load(str(tmp_path / "absent.json"))


def test_long_chains_neither_load_nor_die_recursively():
    count = 200000
    nodes = [NODE] + [RELU % i for i in range(count)]
    symbol = mx.sym.load_json('{"nodes":[' + ",".join(nodes) + f'],"heads":[[{count},0]]}}')
    assert symbol.list_arguments() == ["x"]
    assert len(json.loads(symbol.tojson())["nodes"]) == count + 1
    del symbol


def test_attributes_of_inputs_are_refused_on_operators():
    for attr in ("weight_lr_mult", "bias_wd_mult"):
        with pytest.raises(mx.error.ValueError, match=attr):
            mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=1, attr={attr: "2"})
        with pytest.raises(mx.error.ValueError, match=attr):
            mx.sym.Variable("data", attr={attr: "2"})


def test_updated_inputs_are_variables():
    data = mx.sym.Variable("data")
    with pytest.raises(mx.error.ValueError, match="moving_mean is the output of"):
        mx.sym.BatchNorm(data, moving_mean=mx.sym.relu(data))


# Arrays


def describe(array):
    return {
        "shape": list(array.shape),
        "dtype": np.dtype(array.dtype).name,
        "stype": array.stype,
        "values": array.asnumpy().astype("float64").ravel().tolist(),
    }


def describe_all(result):
    if isinstance(result, dict):
        return {name: describe(array) for name, array in result.items()}
    return [describe(array) for array in result]


@pytest.mark.parametrize("name", sorted(PARAMS["saved"]))
def test_arrays_are_written_byte_for_byte(name, tmp_path):
    path = tmp_path / "x.params"
    data = cases.ARRAYS[name](mx)
    mx.nd.save(str(path), data)
    assert path.read_bytes() == base64.b64decode(PARAMS["saved"][name])
    again = mx.nd.load(str(path))
    assert describe_all(again) == describe_all([data] if name == "single" else data or [])


@pytest.mark.parametrize("name", sorted(PARAMS["loaded"]) + sorted(PARAMS["loaded_numpy"]))
def test_files_of_every_version(name, tmp_path):
    content = cases.FILES.get(name) or cases.NUMPY_FILES[name]
    expected = PARAMS["loaded"].get(name) or PARAMS["loaded_numpy"][name]
    path = tmp_path / "x.params"
    path.write_bytes(content)
    assert describe_all(mx.nd.load(str(path))) == expected
    assert describe_all(mx.nd.load_frombuffer(content)) == expected


@pytest.mark.parametrize("name", sorted(cases.NUMPY_FILES))
def test_numpy_shapes_are_written_where_needed(name, tmp_path):
    path = tmp_path / "x.params"
    path.write_bytes(cases.NUMPY_FILES[name])
    arrays = mx.nd.load(str(path))
    mx.nd.save(str(path), arrays)
    assert describe_all(mx.nd.load(str(path))) == describe_all(arrays)
    magic = cases.V2 if name == "v3" else cases.V3
    assert struct.unpack("<I", path.read_bytes()[24:28])[0] == magic


ONE = cases.record(cases.V2, (1,), cases.floats(1))
BIG = 1 << 62


def _index(*values):
    return (6, struct.pack(f"<{len(values)}q", *values))


def _csr(starts, columns, shape=(2, 3), stored=None):
    stored = (len(columns),) if stored is None else stored
    values = cases.floats(*range(len(columns)))
    return cases.params_file(
        [cases.sparse_record(2, stored, shape, [_index(*starts), _index(*columns)], values)]
    )


def _rows(rows, stored=None, shape=(3, 2)):
    stored = (len(rows), 2) if stored is None else stored
    values = cases.floats(*range(2 * len(rows)))
    return cases.params_file([cases.sparse_record(1, stored, shape, [_index(*rows)], values)])


BAD_FILES = {
    "nothing": (b"", "is empty"),
    "json": (b'{"nodes": [], "heads": []}', "byte 0: file type=.*; expected 274"),
    "cut_header": (struct.pack("<QQ", 0x112, 0), "byte 16: number of arrays"),
    "many_arrays": (cases.params_file([ONE], count=10**9), "number of arrays=1000000000"),
    "all_arrays": (cases.params_file([ONE], count=2**64 - 1), "number of arrays="),
    "one_more": (cases.params_file([ONE], count=2), "byte 64: number of names"),
    "cut_elements": (cases.params_file([ONE])[:-10], "array 0, byte .*elements of shape"),
    "no_name_count": (cases.params_file([ONE])[:-8], "number of names"),
    "few_names": (cases.params_file([ONE, ONE], [b"a"]), "number of names=1 does not fit 2"),
    "many_names": (cases.params_file([ONE], name_count=2**60), "number of names="),
    "long_name": (cases.params_file([ONE])[:-8] + struct.pack("<QQ", 1, 2**63), "name 0, byte"),
    "bad_name": (cases.params_file([ONE], [b"\xff\xfe"]), r"text='\\xff\\xfe' is malformed"),
    "rank": (cases.params_file([cases.record(0, (), rank=65)]), "rank=65 is out of range"),
    "negative_rank": (cases.params_file([cases.record(cases.V2, (), rank=-2)]), "rank=-2"),
    "dimension": (cases.params_file([cases.record(cases.V2, (-1,))]), "dimension=-1 is negative"),
    "overflow": (cases.params_file([cases.record(cases.V2, (BIG, 4))]), "the shape too large"),
    "hidden_overflow": (cases.params_file([cases.record(cases.V2, (0, BIG, 4))]), "too large"),
    "bytes_overflow": (cases.params_file([cases.record(cases.V2, (BIG, 1), dtype=1)]), "elements"),
    "dtype": (cases.params_file([cases.record(cases.V2, (1,), b"1234", dtype=8)]), "dtype=8"),
    "negative_dtype": (cases.params_file([cases.record(cases.V1, (1,), dtype=-1)]), "dtype=-1"),
    "bool": (cases.params_file([cases.record(cases.V2, (2,), b"\1\2", dtype=7)]), "is not a bool"),
    "storage": (cases.params_file([cases.record(cases.V2, (1,), stype=3)]), "storage type=3"),
    "csr_rank": (_csr((0, 1), (0,), shape=(1, 2, 3)), "stored shape"),
    "csr_starts": (_csr((0, 1), (0,)), "stored shape"),
    "csr_order": (_csr((0, 2, 1), (0,)), "row start 1=2"),
    "csr_first": (_csr((1, 1, 1), (0,)), "row start 0=1"),
    "csr_last": (_csr((0, 0, 0), (0,)), "row start 2=0"),
    "csr_column": (_csr((0, 1, 1), (3,)), "column number 0=3"),
    "csr_negative": (_csr((0, 1, 1), (-1,)), "column number 0=-1"),
    "row_number": (_rows((3,)), "row number 0=3"),
    "row_shape": (_rows((1,), shape=(3, 3)), "stored shape"),
    "row_count": (_rows((1, 2), stored=(1, 2)), "stored shape"),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_bad_files(name, tmp_path):
    content, message = BAD_FILES[name]
    path = tmp_path / "bad.params"
    path.write_bytes(content)
    with pytest.raises(mx.error.ValueError, match=message) as caught:
        mx.nd.load(str(path))
    assert str(caught.value).startswith(f"{path}: ") and "; expected " in str(caught.value)


def test_every_cut_is_an_error_or_complete(tmp_path):
    content = base64.b64decode(PARAMS["saved"]["csr_float64"])
    for length in range(len(content)):
        with pytest.raises(mx.error.ValueError):
            mx.nd.load_frombuffer(content[:length])


def test_every_flipped_bit_is_read_or_an_error():
    """Neither a crash nor memory beyond the file's size."""
    for name in ("dict", "row_sparse", "csr"):
        content = bytearray(base64.b64decode(PARAMS["saved"][name]))
        for bit in range(8 * len(content)):
            content[bit // 8] ^= 1 << bit % 8
            try:
                mx.nd.load_frombuffer(bytes(content))
            except mx.error.ValueError:
                pass
            content[bit // 8] ^= 1 << bit % 8
