"""Record files read with every augmentation, run by the tests and by MXNet 1.9.1."""

import pathlib
import struct
import tempfile
import zlib

import numpy as np

import mxnet as mx

STORED = pathlib.Path(__file__).parents[2] / "data" / "records" / "augmented.json"
SIZES = [(40, 60), (64, 48), (30, 30), (80, 100), (50, 50)]
LABEL = [2, 5, 1, 0.1, 0.2, 0.5, 0.6]
COLOR_TYPES = {1: 0, 3: 2, 4: 6}
WIDE = (3, 60, 60)

# Pixels as bytes: name, channels and what is asked for.
PICTURES = {
    **{
        f"rotate by {method}": (3, {"rotate": 30, "inter_method": method})
        for method in (1, 2, 3, 4)
    },
    "rotate, automatic": (3, {"rotate": 30, "inter_method": 9}),
    "rotate, any": (3, {"rotate": 30, "inter_method": 10}),
    "rotate gray": (1, {"rotate": 200, "fill_value": 77, "data_shape": (1, 70, 70)}),
    "rotate alpha": (4, {"rotate": 200, "fill_value": 77, "data_shape": (4, 70, 70)}),
    "pad alpha": (4, {"pad": 15, "fill_value": 77, "data_shape": (4, 70, 70)}),
    "angle": (3, {"max_rotate_angle": 90, "data_shape": WIDE}),
    "angle, crop": (
        3,
        {"max_rotate_angle": 10, "fill_value": 3, "rand_crop": True, "data_shape": WIDE},
    ),
    "angles of a list": (3, {"rotate_list": "10,20,-45"}),
    "angle of a list": (3, {"rotate_list": "25", "rotate": 3}),
    "shear": (3, {"max_shear_ratio": 0.3, "data_shape": WIDE}),
    "scale": (3, {"max_random_scale": 2, "min_random_scale": 0.5}),
    "scale, any": (3, {"max_random_scale": 2, "min_random_scale": 0.5, "inter_method": 10}),
    "scale, automatic": (3, {"max_random_scale": 2, "min_random_scale": 0.5, "inter_method": 9}),
    # 1.9.1 reads 1.4075... as 1 and 0.4075..., each rounded.
    "scale of many decimals": (
        4,
        {
            "rotate": 318,
            "max_random_scale": 1.4075799627314782,
            "fill_value": 123,
            "pad": 8,
            "inter_method": 2,
            "data_shape": (4, 43, 57),
        },
    ),
    # OpenCV converts four pixels of a row at once, and the rest otherwise.
    "saturation at the end of rows": (
        3,
        {
            "max_rotate_angle": 88,
            "max_shear_ratio": 0.46397009224132124,
            "min_img_size": 65,
            "max_aspect_ratio": 0.44500807043069057,
            "fill_value": 65,
            "pad": 5,
            "rand_mirror": True,
            "min_crop_size": 3,
            "max_crop_size": 14,
            "brightness": 0.27214407942855373,
            "random_s": 43,
            "data_shape": (3, 11, 67),
        },
    ),
    "hue in the middle of rows": (3, {"random_h": 47, "random_s": 30, "data_shape": WIDE}),
    "smaller": (3, {"min_random_scale": 0.5}),
    "at least": (3, {"min_img_size": 70, "data_shape": (3, 70, 70)}),
    "at most": (3, {"max_img_size": 25}),
    "aspect": (3, {"max_aspect_ratio": 0.3, "data_shape": WIDE}),
    "aspects": (3, {"min_aspect_ratio": 0.5, "max_aspect_ratio": 2, "data_shape": WIDE}),
    "area": (
        3,
        {
            "max_rotate_angle": 30,
            "random_resized_crop": True,
            "min_random_area": 0.3,
            "max_aspect_ratio": 0.25,
        },
    ),
    "square": (3, {"max_rotate_angle": 30, "min_crop_size": 10, "max_crop_size": 25}),
    "twice": (3, {"aug_seq": "aug_default,aug_default", "rotate": 10, "pad": 2}),
    "all": (
        3,
        {
            "resize": 50,
            "max_rotate_angle": 30,
            "max_shear_ratio": 0.2,
            "max_random_scale": 1.5,
            "min_random_scale": 0.7,
            "max_aspect_ratio": 0.25,
            "pad": 3,
            "rand_crop": True,
            "brightness": 0.2,
            "random_h": 20,
            "rand_mirror": True,
        },
    ),
}

COLORS = {
    "random_hue_prob": 0.7,
    "max_random_hue": 40,
    "random_saturation_prob": 0.5,
    "max_random_saturation": 60,
    "random_illumination_prob": 0.6,
    "max_random_illumination": 30,
    "random_contrast_prob": 0.7,
    "max_random_contrast": 0.5,
}
OBJECTS = {
    "hue": {"random_hue_prob": 0.7, "max_random_hue": 40},
    "saturation": {"random_saturation_prob": 0.7, "max_random_saturation": 60},
    "illumination": {"random_illumination_prob": 0.7, "max_random_illumination": 60},
    "contrast": {"random_contrast_prob": 0.7, "max_random_contrast": 0.6},
    "colors": COLORS,
    "twice": {"aug_seq": "det_aug_default,det_aug_default", "rand_mirror_prob": 0.5},
    "all": {
        **COLORS,
        "resize": 40,
        "rand_mirror_prob": 0.5,
        "rand_pad_prob": 0.5,
        "max_pad_scale": 2,
        "rand_crop_prob": 0.5,
        "min_crop_scales": 0.3,
        "inter_method": 10,
    },
}


def png(pixels):
    """A PNG file of an array (height, width, channels) of uint8, red first."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, COLOR_TYPES[channels], 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def write(path, channels, label=None):
    """A record file of noise, with the numbers of the pictures as labels or with `label`."""
    random = np.random.RandomState(3)
    writer = mx.recordio.MXRecordIO(str(path), "w")
    for i, size in enumerate(SIZES):
        pixels = random.randint(0, 256, (*size, channels)).astype(np.uint8)
        own = float(i) if label is None else np.array(label, np.float32)
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, own, i, 0), png(pixels)))
    writer.close()
    return str(path)


def summary(source):
    """Checksum of the pixels of two epochs and a few of them."""
    batches = [batch.data[0].asnumpy() for batch in source]
    source.reset()
    batches += [batch.data[0].asnumpy() for batch in source]
    pixels = np.concatenate(batches).astype(np.uint8)
    return [zlib.crc32(pixels.tobytes()), pixels.ravel()[:: pixels.size // 23].tolist()]


def picture_summary(folder, name, threads=1):
    channels, options = PICTURES[name]
    path = write(pathlib.Path(folder) / f"{channels}.rec", channels)
    options = {"data_shape": (channels, 20, 24), "batch_size": 5, **options}
    return summary(
        mx.io.ImageRecordUInt8Iter(path_imgrec=path, preprocess_threads=threads, **options)
    )


def object_summary(folder, name, threads=1):
    path = write(pathlib.Path(folder) / "objects.rec", 3, LABEL)
    return summary(
        mx.io.ImageDetRecordIter(
            path_imgrec=path,
            data_shape=(3, 130, 130),
            batch_size=5,
            resize_mode="shrink",
            preprocess_threads=threads,
            **OBJECTS[name],
        )
    )


def results():
    """Everything, by the name of its case."""
    with tempfile.TemporaryDirectory() as made:
        return {
            "pictures": {name: picture_summary(made, name) for name in PICTURES},
            "objects": {name: object_summary(made, name) for name in OBJECTS},
        }
