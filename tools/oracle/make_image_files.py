"""Writes the small image files of tests/data/image: one for each form that a decoder must know.

Needs Pillow 10 or later and NumPy; run as `python make_image_files.py tests/data/image`. Then let
make_image_reference.py write what OpenCV and MXNet 1.9.1 make of them.
"""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 37, 53
ORIENTATION_TAG = 0x112
ADAM7 = (
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
)


def picture(height=HEIGHT, width=WIDTH, channels=3):
    """Waves, noise and a saturated rectangle: uint8 (height, width, channels)."""
    noise = np.random.RandomState(0)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        128
        + 60 * np.sin(x / (5.0 + 3 * k) + k)
        + 50 * np.cos(y / (7.0 - k) + x / 11.0)
        + noise.uniform(-6, 6, (height, width))
        for k in range(channels)
    ]
    pixels = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    pixels[height // 3 : height // 2, width // 4 : width // 2] = [250, 20, 40, 90][:channels]
    return pixels


def chunk(name, data):
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def rows(samples):
    """PNG scan lines without filter."""
    return b"".join(b"\0" + np.ascontiguousarray(line).tobytes() for line in samples)


def png(depth, kind, data, interlaced=False, extra=b""):
    """A PNG file of HEIGHT x WIDTH from its scan lines."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
    )


def interlace(samples):
    """Scan lines of the seven passes of Adam7."""
    return b"".join(rows(samples[y::dy, x::dx]) for y, x, dy, dx in ADAM7)


def widen(samples):
    """Big-endian 16-bit samples whose low bytes differ from the high ones."""
    noise = np.random.RandomState(3).randint(-120, 121, samples.shape)
    return np.clip(samples.astype(np.int64) * 257 + noise, 0, 65535).astype(">u2")


def pack(samples, bits):
    """Samples of 1, 2 or 4 bits packed into bytes, each row on its own."""
    shifts = np.arange(bits - 1, -1, -1)
    return np.packbits((samples[..., None] >> shifts & 1).reshape(len(samples), -1), axis=1)


def write_jpeg(out):
    color, gray = Image.fromarray(picture()), Image.fromarray(picture()[..., 0])
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        color.save(out / f"jpeg_{name}.jpg", quality=85, subsampling=sampling)
    color.save(out / "jpeg_420_progressive.jpg", quality=80, progressive=True)
    color.save(out / "jpeg_restart.jpg", quality=85, restart_marker_blocks=2)
    color.save(out / "jpeg_rgb.jpg", quality=90, keep_rgb=True)
    gray.save(out / "jpeg_gray.jpg", quality=85)
    Image.fromarray(picture(channels=4), "CMYK").save(out / "jpeg_cmyk.jpg", quality=90)
    Image.fromarray(picture(1, 1)).save(out / "jpeg_1x1.jpg")
    for value in range(1, 9):
        tags = Image.Exif()
        tags[ORIENTATION_TAG] = value
        Image.fromarray(picture(11, 17)).save(out / f"jpeg_exif{value}.jpg", quality=85, exif=tags)


def write_png(out):
    rgb, rgba = picture(), picture(channels=4)
    gray = rgb[..., 0]
    color = Image.fromarray(rgb)
    tags = Image.Exif()
    tags[ORIENTATION_TAG] = 6
    color.save(out / "png_exif6.png", exif=tags)
    color.quantize(12).save(out / "png_palette4.png", bits=4)
    palette = color.quantize(40)
    palette.save(out / "png_palette.png")
    palette.save(out / "png_palette_trns.png", transparency=bytes([0, 50, 100, 200, 255]))
    Image.fromarray(gray).convert("1").save(out / "png_gray1.png")
    files = {
        "rgb": png(8, 2, rows(rgb)),
        "gray": png(8, 0, rows(gray)),
        "rgba": png(8, 6, rows(rgba)),
        "gray_alpha": png(8, 4, rows(rgba[..., :2])),
        "rgb16": png(16, 2, rows(widen(rgb))),
        "rgba16": png(16, 6, rows(widen(rgba))),
        "gray16": png(16, 0, rows(widen(gray))),
        "gray_alpha16": png(16, 4, rows(widen(rgba[..., :2]))),
        "gray2": png(2, 0, rows(pack(gray >> 6, 2))),
        "gray4": png(4, 0, rows(pack(gray >> 4, 4))),
        "rgb_interlaced": png(8, 2, interlace(rgb), True),
        "rgba_interlaced": png(8, 6, interlace(rgba), True),
        "gray_interlaced": png(8, 0, interlace(gray), True),
        "rgb_trns": png(8, 2, rows(rgb), extra=chunk(b"tRNS", struct.pack(">HHH", 250, 20, 40))),
        "gray_trns": png(8, 0, rows(gray), extra=chunk(b"tRNS", struct.pack(">H", 250))),
        "gamma1": png(8, 2, rows(rgb), extra=chunk(b"gAMA", struct.pack(">I", 100000))),
        "gamma22": png(
            8,
            2,
            rows(rgb),
            extra=chunk(b"gAMA", struct.pack(">I", 45455))
            + chunk(
                b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
            ),
        ),
    }
    for name, data in files.items():
        (out / f"png_{name}.png").write_bytes(data)


def write_bmp(out):
    color, gray = Image.fromarray(picture(11, 17)), Image.fromarray(picture(11, 17)[..., 0])
    color.save(out / "bmp_24.bmp")
    gray.save(out / "bmp_8_gray.bmp")
    color.quantize(12).save(out / "bmp_8_palette.bmp")
    gray.convert("1").save(out / "bmp_1.bmp")
    Image.fromarray(picture(11, 17, 4), "RGBA").save(out / "bmp_32.bmp")
    words = np.random.RandomState(1).randint(0, 65536, (11, 18)).astype("<u2")
    for name, masks in (("565", (0xF800, 0x07E0, 0x001F)), ("555", (0x7C00, 0x03E0, 0x001F))):
        info = struct.pack("<IiiHHIIiiII", 40, 17, -11, 1, 16, 3, words.nbytes, 0, 0, 0, 0)
        body = info + struct.pack("<III", *masks)
        head = struct.pack("<2sIHHI", b"BM", 14 + len(body) + words.nbytes, 0, 0, 14 + len(body))
        (out / f"bmp_16_{name}.bmp").write_bytes(head + body + words.tobytes())


def write_pnm(out):
    rgb = picture(11, 17)
    gray = rgb[..., 0]
    black = np.packbits(gray < 128, axis=1)

    def text(samples):
        return b" ".join(b"%d" % v for v in samples.ravel()) + b"\n"

    files = {
        "p1.pbm": b"P1\n17 11\n" + text((gray < 128).astype(int)),
        "p2.pgm": b"P2\n# a comment\n17 11\n15\n" + text(gray >> 4),
        "p3.ppm": b"P3 17 11 255\n" + text(rgb),
        "p3_most100.ppm": b"P3 17 11 100\n" + text(rgb // 3),
        "p4.pbm": b"P4\n17 11\n" + black.tobytes(),
        "p5.pgm": b"P5\n17 11\n255\n" + gray.tobytes(),
        "p5_most100.pgm": b"P5\n17 11\n100\n" + (gray // 3).tobytes(),
        "p5_16.pgm": b"P5\n17 11\n65535\n" + widen(gray).tobytes(),
        "p6.ppm": b"P6\n17 11\n255\n" + rgb.tobytes(),
        "p6_most100.ppm": b"P6\n17 11\n100\n" + (rgb // 3).tobytes(),
        "p6_16.ppm": b"P6\n17 11\n65535\n" + widen(rgb).tobytes(),
    }
    for name, data in files.items():
        (out / name).write_bytes(data)


def write_damaged(out):
    """Files that end early or have a wrong byte."""
    jpeg, image = (out / "jpeg_420.jpg").read_bytes(), (out / "png_rgb.png").read_bytes()
    flipped = bytearray(jpeg)
    flipped[len(jpeg) * 2 // 3] ^= 0x55
    (out / "damaged_flipped.jpg").write_bytes(flipped)
    (out / "damaged_half.jpg").write_bytes(jpeg[: len(jpeg) * 2 // 3])
    (out / "damaged_no_end.jpg").write_bytes(jpeg[:-2])
    (out / "damaged_header.jpg").write_bytes(jpeg[:300])
    flipped = bytearray(image)
    flipped[len(image) // 2] ^= 0x55
    (out / "damaged_flipped.png").write_bytes(flipped)
    (out / "damaged_half.png").write_bytes(image[: len(image) // 2])
    (out / "damaged_no_end.png").write_bytes(image[:-12])


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for write in (write_jpeg, write_png, write_bmp, write_pnm, write_damaged):
        write(out)


if __name__ == "__main__":
    main()
