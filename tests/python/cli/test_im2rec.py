"""remx im2rec: lists as 1.9.1 writes them, records with their pictures, nothing half written."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[3]
NAMES = [
    *["top.jpg", "top2.jpg"],
    *[f"ant/x{i}.png" for i in range(5)],
    *[f"cat/{i}.jpg" for i in range(7)],
    *["dog/z.jpg", "dog/puppy/0.JPEG", "dog/puppy/1.JPEG", "dog/puppy/2.JPEG"],
]
LABELS = [0] * 2 + [1] * 5 + [2] * 7 + [3] + [4] * 3
# The order in which 1.9.1 lists 18 pictures.
SHUFFLED = [13, 9, 7, 3, 10, 0, 17, 1, 8, 15, 5, 6, 11, 2, 12, 16, 14, 4]


@pytest.fixture
def tree(tmp_path):
    """Files with the names of pictures, and some that are none."""
    for name in [*NAMES, "readme.txt", "ant/x.jpg.bak", ".jpg"]:
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "tree/empty.jpg").mkdir()
    return tmp_path / "tree"


@pytest.fixture
def pictures(tmp_path):
    """A folder with pictures as arrays by name, and a list of them."""
    cv2 = pytest.importorskip("cv2")
    state, arrays = np.random.RandomState(0), {}
    for name, shape in {"a.png": (20, 30, 3), "b.png": (50, 34, 4), "c.png": (21, 16)}.items():
        arrays[name] = state.randint(0, 256, shape).astype(np.uint8)
        assert cv2.imwrite(str(tmp_path / name), arrays[name])
    (tmp_path / "out").mkdir()
    (tmp_path / "out/all.lst").write_text("7\t1\ta.png\n3\t2.5\tb.png\n\n5\t-1\t c.png\n")
    return arrays


def lines(numbers):
    return "".join(f"{i}\t{LABELS[i]}.000000\t{NAMES[i]}\n" for i in numbers)


def lists(folder):
    return {path.name: path.read_bytes().decode() for path in folder.glob("*.lst")}


def read(path):
    """Keys, headers and bytes of a record file."""
    record = mx.recordio.MXIndexedRecordIO(f"{path}.idx", f"{path}.rec", "r")
    return [(key, *mx.recordio.unpack(record.read_idx(key))) for key in record.keys]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_list_of_folders(remx, tree, tmp_path):
    outcome = remx("im2rec", tmp_path / "all", tree, "--list", "--recursive")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == ". 0\nant 1\ncat 2\ndog 3\ndog/puppy 4\n"
    assert lists(tmp_path) == {"all.lst": lines(SHUFFLED)}


def test_list_of_one_folder_in_order(remx, tree, tmp_path):
    outcome = remx("im2rec", tmp_path / "all", tree, "--list", "--no-shuffle")
    assert (outcome.code, outcome.out) == (0, "")
    assert lists(tmp_path) == {"all.lst": "0\t0.000000\ttop.jpg\n1\t0.000000\ttop2.jpg\n"}


def test_endings(remx, tree, tmp_path):
    remx("im2rec", tmp_path / "all", tree, "--list", "--exts", ".TXT", ".bak")
    assert lists(tmp_path) == {"all.lst": "0\t0.000000\treadme.txt\n"}


@pytest.mark.parametrize(
    "options, expected",
    [
        (
            ["--train-ratio", 0.5, "--test-ratio", 0.2],
            {"_test": SHUFFLED[:3], "_train": SHUFFLED[3:12], "_val": SHUFFLED[12:]},
        ),
        (["--train-ratio", 0.8], {"_train": SHUFFLED[:14], "_val": SHUFFLED[14:]}),
        (
            ["--train-ratio", 0.5, "--test-ratio", 0.5],
            {"_test": SHUFFLED[:9], "_train": SHUFFLED[9:]},
        ),
        (["--test-ratio", 0.2], {"": SHUFFLED}),
        (["--chunks", 4], {f"_{i}": SHUFFLED[5 * i : 5 * i + 5] for i in range(4)}),
        (
            ["--chunks", 2, "--train-ratio", 0.8, "--test-ratio", 0.12],
            {
                f"_{i}_{kind}": SHUFFLED[9 * i + begin : 9 * i + end]
                for i in range(2)
                for kind, begin, end in [("test", 0, 1), ("train", 1, 8), ("val", 8, 9)]
            },
        ),
    ],
)
def test_parts_of_a_list(remx, tree, tmp_path, options, expected):
    assert remx("im2rec", tmp_path / "all", tree, "--list", "--recursive", *options).code == 0
    assert lists(tmp_path) == {f"all{end}.lst": lines(part) for end, part in expected.items()}


def test_links_that_lead_back_end(remx, tree, tmp_path):
    (tree / "cat/loop").symlink_to(tree)
    (tree / "more").symlink_to(tree / "dog/puppy")
    document = remx("im2rec", tmp_path / "all", tree, "--list", "--recursive", "--json").document
    assert list(document["labels"]) == [".", "ant", "cat", "dog", "dog/puppy", "more"]
    assert document["lists"] == [{"file": str(tmp_path / "all.lst"), "pictures": 21}]


def test_path_that_cannot_stand_in_a_list(remx, tree, tmp_path):
    (tree / "a\tb.jpg").write_bytes(b"x")
    outcome = remx("im2rec", tmp_path / "all", tree, "--list")
    assert outcome.code == 2 and "a\\tb.jpg" in outcome.err
    assert lists(tmp_path) == {}


def test_names_that_are_no_utf8(remx, pictures, tmp_path):
    folder = os.fsencode(tmp_path / "names")
    os.mkdir(folder)
    for name in (b"caf\xe9.png", "caf\u00e9.png".encode()):
        with open(os.path.join(folder, name), "wb") as file:
            file.write((tmp_path / "a.png").read_bytes())
    listing = ["im2rec", tmp_path / "names", tmp_path / "names"]
    assert remx(*listing, "--list", "--no-shuffle").code == 0
    assert sorted(line.split(b"\t")[2] for line in (tmp_path / "names.lst").open("rb")) == [
        "caf\u00e9.png\n".encode(),
        b"caf\xe9.png\n",
    ]
    assert remx(*listing, "--pass-through").code == 0
    outcome = remx(*listing)
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1 and "names in UTF-8 alone" in outcome.err
    assert len(read(tmp_path / "names")) == 1


@pytest.mark.parametrize("threads", [1, 3])
def test_files_as_they_are(remx, tree, tmp_path, threads):
    remx("im2rec", tmp_path / "all", tree, "--list", "--recursive")
    packing = ["--pass-through", "--num-thread", threads]
    outcome = remx("im2rec", tmp_path / "all", tree, *packing)
    assert (outcome.code, outcome.err) == (0, "")
    record = mx.recordio.MXRecordIO(str(tmp_path / "all.rec"), "r")
    for i in SHUFFLED:
        expected = mx.recordio.pack((0, LABELS[i], i, 0), NAMES[i].encode())
        assert record.read() == expected
    assert record.read() is None
    assert [key for key, *_ in read(tmp_path / "all")] == SHUFFLED


def test_every_list_of_the_prefix(remx, tree, tmp_path):
    remx("im2rec", tmp_path / "all", tree, "--list", "--recursive", "--train-ratio", 0.5)
    (tmp_path / "other.lst").write_text("no list")
    outcome = remx("im2rec", tmp_path / "all", tree, "--pass-through", "--json")
    assert [(each["file"], each["records"]) for each in outcome.document] == [
        (str(tmp_path / "all_train.rec"), 9),
        (str(tmp_path / "all_val.rec"), 9),
    ]


def test_labels(remx, tree, tmp_path):
    (tmp_path / "a.lst").write_text("1\t1\ttop.jpg\n2\t4\t5.5\tcat/1.jpg\n")
    remx("im2rec", tmp_path / "a", tree, "--pass-through")
    assert [header.label for _, header, _ in read(tmp_path / "a")] == [1, 4]
    remx("im2rec", tmp_path / "a", tree, "--pass-through", "--pack-label")
    (_, one, _), (_, two, _) = read(tmp_path / "a")
    assert (one.flag, one.label) == (0, 1)
    assert (two.flag, two.label.tolist()) == (2, [4, 5.5])


@pytest.mark.parametrize("threads", [1, 2])
def test_pictures_come_back(remx, pictures, tmp_path, threads):
    packing = ["--color", -1, "--encoding", ".png", "--quality", 3, "--num-thread", threads]
    assert remx("im2rec", tmp_path / "out/all", tmp_path, *packing).code == 0
    import cv2

    found = read(tmp_path / "out/all")
    assert [(key, header.id, header.label) for key, header, _ in found] == [
        (7, 7, 1),
        (3, 3, 2.5),
        (5, 5, -1),
    ]
    for (_, _, data), expected in zip(found, pictures.values()):
        assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), -1), expected)


@pytest.mark.parametrize(
    "options, shapes",
    [
        ([], [(20, 30), (50, 34), (21, 16)]),
        (["--resize", 16], [(16, 24), (23, 16), (21, 16)]),
        (["--resize", 100], [(100, 150), (147, 100), (131, 100)]),
        (["--center-crop"], [(20, 20), (34, 34), (16, 16)]),
        (["--center-crop", "--resize", 17], [(17, 17)] * 3),
    ],
)
def test_shapes_are_those_of_1_9_1(remx, pictures, tmp_path, options, shapes):
    packing = ["--encoding", ".png", *options]
    assert remx("im2rec", tmp_path / "out/all", tmp_path, *packing).code == 0
    found = [mx.image.imdecode(data) for _, _, data in read(tmp_path / "out/all")]
    assert [each.shape for each in found] == [(*shape, 3) for shape in shapes]


def test_middle_and_quality(remx, pictures, tmp_path):
    import cv2

    packing = ["--center-crop", "--resize", 10, "--quality", 60]
    assert remx("im2rec", tmp_path / "out/all", tmp_path, *packing).code == 0
    square = cv2.resize(pictures["a.png"][:, 5:25], (10, 10))
    expected = cv2.imencode(".jpg", square, [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes()
    assert read(tmp_path / "out/all")[0][2] == expected


def test_broken_pictures_and_lines_are_skipped_with_their_names(remx, pictures, tmp_path):
    (tmp_path / "bad.png").write_text("no picture")
    (tmp_path / "empty.png").write_text("")
    (tmp_path / "out/all.lst").write_text(
        "0\t1\tbad.png\n1\t1\tnone.png\n2\t1\tempty.png\n3\tabc\ta.png\n4\ta.png\nx\t1\ta.png\n"
        "-1\t1\ta.png\n5\t1\ta.png\n"
    )
    outcome = remx("im2rec", tmp_path / "out/all", tmp_path)
    assert outcome.code == 1
    errors = outcome.err.splitlines()
    parts = ["bad.png", "none.png", "empty.png", "line 4", "line 5", "line 6", "a.png"]
    assert len(errors) == len(parts)
    for text, part in zip(errors, parts):
        assert text.startswith("remx: error: ") and part in text
    assert [key for key, *_ in read(tmp_path / "out/all")] == [5]


def test_list_without_any_picture_changes_nothing(remx, pictures, tmp_path):
    assert remx("im2rec", tmp_path / "out/all", tmp_path).code == 0
    before = contents(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    outcome = remx("im2rec", tmp_path / "out/all", tmp_path / "elsewhere")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1 and "elsewhere/a.png" in outcome.err
    assert contents(tmp_path / "out") == before


def test_empty_list_gives_an_empty_file(remx, pictures, tmp_path):
    (tmp_path / "out/all.lst").write_text("")
    assert remx("im2rec", tmp_path / "out/all", tmp_path).code == 0
    assert read(tmp_path / "out/all") == []


def test_interrupt_leaves_the_files_of_before(remx, pictures, tmp_path, monkeypatch):
    assert remx("im2rec", tmp_path / "out/all", tmp_path).code == 0
    before = contents(tmp_path / "out")
    write = mx.recordio.MXIndexedRecordIO.write_idx

    def interrupted(self, key, data):
        if key == 5:
            raise KeyboardInterrupt
        write(self, key, data)

    monkeypatch.setattr(mx.recordio.MXIndexedRecordIO, "write_idx", interrupted)
    assert remx("im2rec", tmp_path / "out/all", tmp_path, "--color", 0).code == 130
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("program", ["tools", "path", "module"])
def test_full_disk_leaves_no_half_file(program, tree, tmp_path, remx):
    remx("im2rec", tmp_path / "all", tree, "--list", "--recursive")
    (tree / "cat/3.jpg").write_bytes(bytes(20000))
    before = set(os.listdir(tmp_path))
    command = {
        "tools": [str(ROOT / "tools/im2rec.py")],
        "path": [mx.test_utils.get_im2rec_path()],
        "module": ["-m", "mxnet.tools.im2rec"],
    }[program]
    limited = f"ulimit -f 8; exec {sys.executable} {' '.join(command)} all tree --pass-through"
    outcome = subprocess.run(
        ["bash", "-c", limited], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("remx: error: ") and "cannot be written" in outcome.stderr
    assert set(os.listdir(tmp_path)) == before


def test_errors(remx, tree, tmp_path):
    for arguments, part in [
        ([tmp_path / "a", tmp_path / "none", "--list"], "root="),
        ([tmp_path / "none/a", tree, "--list"], "prefix="),
        ([tmp_path / "a", tree], "has no list"),
        ([tmp_path / "a", tree, "--resize", -1], "--resize"),
        ([tmp_path / "a", tree, "--quality", 101], "--quality"),
        ([tmp_path / "a", tree, "--list", "--train-ratio", "nan"], "--train-ratio"),
        ([tmp_path / "a", tree, "--list", "--chunks", 0], "--chunks"),
    ]:
        outcome = remx("im2rec", *arguments)
        assert outcome.code == 2 and part in outcome.err.splitlines()[-1], arguments


def test_without_cv2_files_can_be_packed_as_they_are(remx, tree, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    remx("im2rec", tmp_path / "all", tree, "--list")
    outcome = remx("im2rec", tmp_path / "all", tree)
    assert outcome.code == 2
    assert "opencv-python-headless" in outcome.err and "--pass-through" in outcome.err
    assert remx("im2rec", tmp_path / "all", tree, "--pass-through").code == 0
