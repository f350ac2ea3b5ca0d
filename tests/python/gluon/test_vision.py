"""Datasets of pictures from local files, and transforms."""

import gzip
import io
import struct
import tarfile

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon import data as gdata
from mxnet.gluon.data import vision
from mxnet.gluon.data.vision import transforms


def idx(array):
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes())


@pytest.fixture
def digits(tmp_path):
    rng = np.random.RandomState(0)
    folder = tmp_path / "gluon" / "dataset" / "mnist"
    folder.mkdir(parents=True)
    for kind, count in (("train", 5), ("t10k", 3)):
        pictures = rng.randint(0, 256, (count, 28, 28)).astype(np.uint8)
        (folder / f"{kind}-images-idx3-ubyte.gz").write_bytes(idx(pictures))
        labels = np.arange(count, dtype=np.uint8)
        (folder / f"{kind}-labels-idx1-ubyte.gz").write_bytes(idx(labels))
    return folder, pictures


def test_mnist(digits):
    folder, pictures = digits
    assert len(vision.MNIST(str(folder))) == 5
    dataset = vision.FashionMNIST(str(folder), train=False)
    picture, label = dataset[2]
    assert picture.shape == (28, 28, 1) and picture.dtype == np.uint8
    assert (picture.asnumpy()[:, :, 0] == pictures[2]).all()
    assert label == 2 and label.dtype == np.int32
    changed = vision.MNIST(str(folder), False, lambda data, label: (data.shape, label + 1))
    assert changed[0] == ((28, 28, 1), 1)


def test_files_are_fetched_from_a_repository(digits, tmp_path, monkeypatch):
    monkeypatch.setenv("MXNET_GLUON_REPO", tmp_path.as_uri())
    root = tmp_path / "fetched"
    assert len(vision.MNIST(str(root))) == 5
    assert len(list(root.iterdir())) == 2
    monkeypatch.setenv("MXNET_GLUON_REPO", (tmp_path / "nothing").as_uri())
    with pytest.raises(OSError, match="t10k-images.* cannot be fetched"):
        vision.MNIST(str(root), train=False)


def test_damaged_files_are_named(digits):
    folder, _ = digits
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"no gzip")
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte.gz' is damaged"):
        vision.MNIST(str(folder))


def cifar_rows(count, labels):
    rng = np.random.RandomState(1)
    return rng.randint(0, 256, (count, labels + 3072)).astype(np.uint8)


@pytest.mark.parametrize("packed", [False, True])
def test_cifar10(tmp_path, packed):
    rows = cifar_rows(2, 1)
    names = [f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]
    if packed:
        with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as archive:
            for name in names:
                member = tarfile.TarInfo("cifar-10-batches-bin/" + name)
                member.size = rows.nbytes
                archive.addfile(member, io.BytesIO(rows.tobytes()))
    else:
        for name in names:
            rows.tofile(tmp_path / name)
    dataset = vision.CIFAR10(str(tmp_path))
    assert len(dataset) == 10 and len(vision.CIFAR10(str(tmp_path), train=False)) == 2
    picture, label = dataset[1]
    assert picture.shape == (32, 32, 3) and label == rows[1, 0]
    assert picture.asnumpy()[3, 4, 2] == rows[1, 1 + 2 * 1024 + 3 * 32 + 4]


@pytest.mark.parametrize("fine", [False, True])
def test_cifar100(tmp_path, fine):
    rows = cifar_rows(3, 2)
    rows.tofile(tmp_path / "train.bin")
    dataset = vision.CIFAR100(str(tmp_path), fine_label=fine)
    assert [dataset[number][1] for number in range(3)] == rows[:, int(fine)].tolist()
    (tmp_path / "train.bin").write_bytes(b"short")
    with pytest.raises(ValueError, match="train.bin' has 5 bytes"):
        vision.CIFAR100(str(tmp_path))


@pytest.fixture
def pictures(tmp_path):
    cv2 = pytest.importorskip("cv2")
    for number, name in enumerate(("b/1.png", "b/2.PNG", "a/x.jpg")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), np.full((4, 6, 3), 50 * number, np.uint8))
    (tmp_path / "a" / "notes.txt").write_text("no picture")
    return tmp_path


def test_folders(pictures):
    with pytest.warns(UserWarning, match="notes.txt of type .txt"):
        dataset = vision.ImageFolderDataset(str(pictures))
    assert dataset.synsets == ["a", "b"] and [label for _, label in dataset.items] == [0, 1, 1]
    picture, label = dataset[2]
    assert picture.shape == (4, 6, 3) and label == 1 and (picture.asnumpy() == 50).all()


def test_lists(pictures):
    (pictures / "list.lst").write_text("0\t3.0\tb/1.png\n1\t4.0\tb/2.PNG\n")
    dataset = vision.ImageListDataset(str(pictures), "list.lst", flag=0)
    picture, label = dataset[1]
    assert picture.shape == (4, 6, 1) and label == 4
    dataset = vision.ImageListDataset(str(pictures), [[1, 2, "b/1.png"]])
    assert dataset[0][1].tolist() == [1, 2]
    (pictures / "list.lst").write_text("0 b/1.png\n")
    with pytest.raises(ValueError, match="line 1 of 'list.lst' has 1 parts"):
        vision.ImageListDataset(str(pictures), "list.lst")


@pytest.mark.parametrize(
    "options", [{}, {"num_workers": 2}, {"num_workers": 2, "thread_pool": True}]
)
def test_records(pictures, options):
    files = str(pictures / "all.idx"), str(pictures / "all.rec")
    with_index = mx.recordio.MXIndexedRecordIO(*files, "w")
    for key in range(6):
        content = (pictures / ("b/1.png" if key % 2 else "b/2.PNG")).read_bytes()
        with_index.write_idx(key, mx.recordio.pack((0, float(key), key, 0), content))
    with_index.close()
    dataset = vision.ImageRecordDataset(files[1])
    picture, label = dataset[3]
    assert picture.shape == (4, 6, 3) and label == 3 and len(dataset) == 6
    labels = [y.asnumpy().tolist() for _, y in gdata.DataLoader(dataset, 2, **options)]
    assert labels == [[0, 1], [2, 3], [4, 5]]
    assert isinstance(gdata.RecordFileDataset(files[1])[0], bytes)


PICTURE = mx.nd.array(np.random.RandomState(0).randint(0, 255, (8, 6, 3)), dtype="uint8")
HALF = transforms.Resize(4)


def test_flips_follow_the_seed():
    mirrored = PICTURE.asnumpy()[:, ::-1]
    mx.random.seed(0)
    flip = transforms.RandomFlipLeftRight()
    found = [(flip(PICTURE).asnumpy() == mirrored).all() for _ in range(40)]
    assert 5 < sum(found) < 35
    mx.random.seed(0)
    assert found == [(flip(PICTURE).asnumpy() == mirrored).all() for _ in range(40)]
    upside = transforms.RandomFlipTopBottom()
    assert any((upside(PICTURE).asnumpy() == PICTURE.asnumpy()[::-1]).all() for _ in range(20))


@pytest.mark.parametrize(
    "transform",
    [
        transforms.RandomResizedCrop(4),
        transforms.RandomCrop((4, 4), pad=2),
        transforms.CenterCrop(4),
        transforms.Compose(
            [transforms.RandomColorJitter(0.4, 0.4, 0.4, 0.4), transforms.Resize(4)]
        ),
        transforms.Compose(
            [transforms.RandomLighting(0.5), transforms.RandomGray(1.0), transforms.Resize(4)]
        ),
        transforms.RandomApply(HALF, p=1),
    ],
    ids=str,
)
def test_shapes_and_types(transform):
    out = transform(PICTURE)
    assert out.shape == (4, 4, 3) and out.dtype == np.uint8
    assert transform(mx.nd.stack(PICTURE, PICTURE)).shape == (2, 4, 4, 3)


def test_transforms_stand_in_hybrid_blocks():
    chain = mx.gluon.nn.HybridSequential()
    chain.add(HALF, transforms.RandomFlipLeftRight(), transforms.ToTensor())
    mx.random.seed(0)
    expected = [chain(PICTURE).asnumpy() for _ in range(6)]
    chain.hybridize()
    mx.random.seed(0)
    np.testing.assert_array_equal([chain(PICTURE).asnumpy() for _ in range(6)], expected)
    assert chain(mx.sym.var("data")).infer_shape(data=PICTURE.shape)[1] == [(3, 4, 4)]


def test_neighbours_of_a_chain_become_one_block():
    parts = [HALF, transforms.CenterCrop(3), transforms.ToTensor(), transforms.Normalize(0.5, 0.2)]
    chain = transforms.Compose(parts)
    assert [type(each).__name__ for each in chain] == ["Resize", "CenterCrop", "HybridSequential"]
    expected = PICTURE
    for part in parts:
        expected = part(expected)
    np.testing.assert_array_equal(chain(PICTURE).asnumpy(), expected.asnumpy())


def test_rotations_draw_from_numpy():
    """As in MXNet 1.9.1: the number against the probability first, then the angle."""
    tensor = transforms.ToTensor()(PICTURE)
    rotate = transforms.RandomRotation((-30, 30), rotate_with_proba=0.5)
    np.random.seed(5)
    first, _ = rotate(tensor), rotate(tensor)
    assert np.random.rand() == pytest.approx(0.4884111)
    np.random.seed(5)
    assert np.random.rand() < 0.5
    angle = np.random.uniform(-30, 30)
    np.testing.assert_array_equal(first.asnumpy(), mx.image.imrotate(tensor, angle).asnumpy())


def test_colors_by_their_definition():
    block = transforms.RandomSaturation(0)
    block._limits = 0, 0
    blue = PICTURE.asnumpy()[..., 2] * 0.114  # alone, as in MXNet 1.9.1
    np.testing.assert_allclose(block(PICTURE).asnumpy()[..., 1], blue, atol=1)
    gray = PICTURE.asnumpy() @ np.array([0.299, 0.587, 0.114])
    found = transforms.RandomGray(1)(PICTURE).asnumpy()
    np.testing.assert_allclose(found[..., 2], gray, atol=1)
    whole = transforms.RandomHue(0)
    whole._limits = 1, 1
    np.testing.assert_allclose(whole(PICTURE).asnumpy(), PICTURE.asnumpy(), atol=1)
    assert (transforms.RandomBrightness(0)(PICTURE).asnumpy() == PICTURE.asnumpy()).all()


def test_rotation():
    tensor = transforms.ToTensor()(PICTURE)
    assert transforms.RandomRotation((-10, 10))(tensor).shape == tensor.shape
    with pytest.raises(TypeError, match="uint8; expected float32"):
        transforms.Rotate(30)(PICTURE)
    with pytest.raises(ValueError, match="not in order"):
        transforms.RandomRotation((10, -10))
    with pytest.raises(ValueError, match="rotate_with_proba=2"):
        transforms.RandomRotation((-1, 1), rotate_with_proba=2)


@pytest.mark.parametrize("size", [-1, (3, 0), (1, 2, 3)])
def test_sizes(size):
    with pytest.raises(ValueError, match="Resize: size="):
        transforms.Resize(size)


def test_rectangles_outside():
    with pytest.raises(ValueError, match="_image_crop: data=.* has 6 in the axis of x"):
        transforms.CropResize(4, 0, 4, 4)(PICTURE)
    with pytest.raises(ValueError, match="Normalize: mean=.* has 2 numbers"):
        transforms.Normalize((1, 2))
