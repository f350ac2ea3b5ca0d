"""Programs of detection in mxnet.image, run by the tests and by MXNet 1.9.1."""

import pathlib
import random
import tempfile

import numpy as np

import mxnet as mx

DATA = pathlib.Path(__file__).parents[1] / "data" / "image"
LABEL = np.array(
    [[0, 0.1, 0.2, 0.5, 0.6], [1, 0.4, 0.1, 0.9, 0.5], [2, 0.05, 0.7, 0.2, 0.95], [-1] * 5]
)
AUGMENTERS = [
    "I.DetBorrowAug(I.ResizeAug(20))",
    "I.DetHorizontalFlipAug(0.7)",
    "I.DetRandomSelectAug([I.DetHorizontalFlipAug(1), I.DetBorrowAug(I.ResizeAug(20))], 0.3)",
    "I.DetRandomSelectAug([], 0.3)",
    "I.DetRandomSelectAug(I.DetHorizontalFlipAug(1))",
    "I.DetRandomCropAug()",
    "I.DetRandomCropAug(0.5, (0.5, 2), (0.1, 0.9), 0.5, 20)",
    "I.DetRandomCropAug(0, area_range=(0.1, 0.2))",
    "I.DetRandomCropAug(aspect_ratio_range=1.0, area_range=0.5)",
    "I.DetRandomCropAug(area_range=(0.5, 3.0))",
    "I.DetRandomPadAug()",
    "I.DetRandomPadAug((0.5, 2), (1.5, 4), 3, (1, 2, 3))",
    "I.DetRandomPadAug(1.0, 2.0, pad_val=7)",
    "I.CreateMultiRandCropAugmenter()",
    "I.CreateMultiRandCropAugmenter([0.1, 0.3, 0.5], area_range=[(0.1, 0.5), (0.1, 0.9),"
    " (0.5, 0.9)], skip_prob=0.2)",
]
RECIPES = [
    "I.CreateDetAugmenter((3, 30, 40))",
    "I.CreateDetAugmenter((3, 30, 40), resize=50, rand_crop=0.5, rand_pad=0.5, rand_gray=0.2,"
    " rand_mirror=True, mean=np.array([1.0, 2, 3]), std=np.array([3.0, 2, 1]), brightness=0.1,"
    " contrast=0.1, saturation=0.1, pca_noise=0.1, hue=0.1)",
]
FILES = [
    [[2, 5, 0, 0.1, 0.2, 0.5, 0.6], "jpeg_420.jpg"],
    [[2, 5, 1, 0.4, 0.1, 0.9, 0.5, 2, 0.05, 0.7, 0.2, 0.95], "jpeg_444.jpg"],
    [[4, 5, 9, 9, 1, 0.4, 0.1, 0.9, 0.5, -1, 0, 0, 0, 0], "jpeg_rgb.jpg"],
    [[2, 5, 3, 0.4, 0.5, 0.9, 0.6, 1, 0.1, 0.1, 0.2, 0.2, 2, 0.3, 0.3, 0.5, 0.5], "jpeg_gray.jpg"],
    [[2, 5, 3, 0.4, 0.5, 0.9, 0.6], "png_rgb.png"],
]
ITERATORS = [
    {},
    {"last_batch_handle": "discard"},
    {"last_batch_handle": "roll_over"},
    {"shuffle": True, "rand_crop": 0.5, "rand_pad": 0.5, "rand_mirror": True, "mean": True},
    {"num_parts": 2, "part_index": 1},
    {"path_imgrec": "a.rec"},
    {"path_imgrec": "a.rec", "path_imgidx": "a.idx", "shuffle": True},
]


def seed():
    random.seed(5)
    np.random.seed(5)


def _summary(picture, label):
    picture, label = picture.asnumpy().astype(float), np.asarray(label, dtype=float)
    return [list(picture.shape), picture.sum(), np.round(label, 6).tolist()]


def augmented(text):
    """What the augmenters of an expression make of one picture, several times."""
    picture = mx.nd.array(np.random.RandomState(0).randint(0, 255, (40, 60, 3)), dtype="uint8")
    seed()
    made = eval(text, {"I": mx.image, "np": np})
    augmenters = made if isinstance(made, list) else [made]
    out = []
    for _ in range(8):
        each, label = picture.copy(), LABEL.copy()
        for augmenter in augmenters:
            each, label = augmenter(each, label)
        out.append(_summary(each, label))
    return {"out": out, "dumps": [each.dumps() for each in augmenters], "next": random.random()}


def _records(folder):
    file = mx.recordio.MXIndexedRecordIO(f"{folder}/a.idx", f"{folder}/a.rec", "w")
    for key, (label, name) in enumerate(FILES):
        header = mx.recordio.IRHeader(0, np.array(label, np.float32), key, 0)
        file.write_idx(key, mx.recordio.pack(header, (DATA / name).read_bytes()))
    file.close()


def iterated(arguments):
    """The batches of two epochs."""
    with tempfile.TemporaryDirectory() as folder:
        _records(folder)
        paths = {k: f"{folder}/{v}" for k, v in arguments.items() if k.startswith("path")}
        source = paths or {"imglist": FILES, "path_root": str(DATA)}
        seed()
        batches = mx.image.ImageDetIter(2, (3, 20, 30), **{**arguments, **source})
        out = []
        for _ in range(2):
            for batch in batches:
                found = _summary(batch.data[0], batch.label[0].asnumpy())
                out.append([*found, batch.pad])
            batches.reset()
        return out


def results():
    """Everything, by the text of its program."""
    return {
        "augmenters": {text: augmented(text) for text in AUGMENTERS + RECIPES},
        "iterators": {str(arguments): iterated(arguments) for arguments in ITERATORS},
    }
