"""Writes tests/data/image/{decoded,resized}.tsv: checksums of what cv2 and MXNet 1.9.1 give.

Run with the interpreter that has opencv-python-headless 4.8.1 and mxnet 1.9.1:
`python make_image_reference.py tests/data/image`. It also writes the JPEG files with vertical
chroma subsampling, which only OpenCV can make.
"""

import sys
import zlib
from pathlib import Path

import cv2
import numpy as np

import mxnet as mx

SAMPLING = (
    ("440", cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440),
    ("411", cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411),
)
# (height, width, channels) -> (height, width)
RESIZES = (
    (37, 53, 3, 20, 31),
    (37, 53, 3, 74, 106),
    (37, 53, 1, 111, 53),
    (60, 36, 3, 20, 12),
    (60, 36, 4, 30, 18),
    (60, 36, 1, 30, 18),
    (60, 36, 2, 30, 18),
    (60, 36, 3, 15, 9),
    (7, 5, 3, 64, 64),
    (99, 201, 3, 64, 64),
    (33, 57, 1, 90, 30),
    (33, 57, 4, 30, 90),
    (1, 9, 3, 5, 3),
    (12, 1, 3, 3, 4),
    (1, 1, 3, 3, 2),
    (224, 224, 1, 50, 223),
)


def write_files(out):
    pixels = cv2.imread(str(out / "png_rgb.png"))
    for name, factor in SAMPLING:
        options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor, cv2.IMWRITE_JPEG_QUALITY, 85]
        cv2.imwrite(str(out / f"jpeg_{name}.jpg"), pixels, options)


def row(name, source, mode, pixels):
    if pixels is None:
        return f"{name}\t{source}\t{mode}\t0\t0\t0\t0"
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    height, width, channels = pixels.shape
    checksum = zlib.crc32(pixels.tobytes())
    return "\t".join(map(str, (name, source, mode, height, width, channels, checksum)))


def with_mxnet(data, mode):
    try:
        return mx.image.imdecode(data, flag=mode, to_rgb=1).asnumpy()
    except mx.MXNetError:
        return None


def decoded(out):
    """cv2.imread for every file and mode; MXNet's imdecode where the outcome is defined."""
    yield "# file, decoder (BGR order and upright by cv2, RGB by mxnet), mode, shape, CRC-32"
    yield "# height 0: the file is refused. 16-bit samples are cut to 8 bits."
    for path in sorted(out.glob("*.*")):
        if path.suffix == ".tsv":
            continue
        for mode in (1, 0, -1):
            yield row(path.name, "cv2", mode, cv2.imread(str(path), mode))
        # MXNet knows no PNM, and leaves rows that a file lacks uninitialised.
        if path.suffix in (".jpg", ".png", ".bmp") and not path.name.startswith("damaged"):
            for mode in (1, 0):
                yield row(path.name, "mxnet", mode, with_mxnet(path.read_bytes(), mode))


def source_pixels(height, width, channels):
    """The pixels that the tests make themselves: the top bytes of a linear congruential series."""
    state, values = 12345, []
    for _ in range(height * width * channels):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values, np.uint8).reshape(height, width, channels)


def resized():
    yield "# height, width, channels, to height, to width, interpolation, CRC-32 (uint8, float32)"
    for height, width, channels, to_height, to_width in RESIZES:
        pixels = source_pixels(height, width, channels)
        for interp in range(5):
            sums = [
                zlib.crc32(
                    mx.image.imresize(mx.nd.array(pixels, dtype=dtype), to_width, to_height, interp)
                    .asnumpy()
                    .tobytes()
                )
                for dtype in ("uint8", "float32")
            ]
            yield "\t".join(map(str, (height, width, channels, to_height, to_width, interp, *sums)))


def main():
    out = Path(sys.argv[1])
    write_files(out)
    (out / "decoded.tsv").write_text("\n".join(decoded(out)) + "\n")
    (out / "resized.tsv").write_text("\n".join(resized()) + "\n")


if __name__ == "__main__":
    main()
