"""Pictures as networks want them."""

import dataclasses

import numpy as np

from . import error

__all__ = ["PictureReader", "PixelSettings"]

_CHANNELS = (1, 3)


@dataclasses.dataclass(frozen=True)
class PixelSettings:
    """How a pixel becomes a number: (value * scale - mean) / std, value in 0 to 255.

    Attributes:
        mean, std (list of float): One number, or one for each channel; None for 0 and 1.
        scale (float): What values are multiplied with.
        bgr (bool): Whether channels come in the order blue, green, red.
        crop (bool): Whether the middle is cut out instead of stretching the picture.
    """

    mean: list = None
    std: list = None
    scale: float = 1.0
    bgr: bool = False
    crop: bool = False


class PictureReader:
    """Reads pictures as a network wants them.

    Args:
        shape (tuple of int): Channels, height and width.
        options: What has ``mean`` and ``std`` (lists of numbers or None), ``scale``, ``bgr`` and
            ``crop``, such as a command line or `PixelSettings`.

    Thread safety: any number of threads may read at a time.
    """

    def __init__(self, shape, options):
        if len(shape) != 3 or shape[0] not in _CHANNELS:
            raise error.ValueError(
                f"pictures: the input shape {shape} is no picture's; (1 or 3, height, width) is "
                "expected"
            )
        self.channels, self.height, self.width = shape
        self._mean = self._per_channel(options.mean, "--mean", 0)
        self._std = self._per_channel(options.std, "--std", 1)
        if not self._std.all():
            raise error.ValueError("--std holds 0; numbers other than 0 are expected")
        self._scale, self._bgr, self._crop = options.scale, options.bgr, options.crop

    def _per_channel(self, values, option, default):
        values = [default] if values is None else values
        if len(values) not in (1, self.channels):
            raise error.ValueError(
                f"{option} has {len(values)} numbers; 1 or {self.channels} is expected"
            )
        return np.float32(values).reshape(-1, 1, 1)

    def read(self, path):
        """The picture in a file as a float32 array (channels, height, width)."""
        from . import image

        return self._prepare(image.imread(path, flag=int(self.channels == 3)), path)

    def decode(self, data):
        """The picture in the bytes of a file as a float32 array (channels, height, width)."""
        from . import image

        return self._prepare(image.imdecode(data, flag=int(self.channels == 3)), "the picture")

    def _prepare(self, pixels, origin):
        from . import image

        if self._crop:
            pixels, _ = image.center_crop(pixels, (self.width, self.height), interp=1)
        elif pixels.shape[:2] != (self.height, self.width):
            pixels = image.imresize(pixels, self.width, self.height)
        values = pixels.asnumpy().astype(np.float32).transpose(2, 0, 1)
        with np.errstate(all="ignore"):
            values = (values * np.float32(self._scale) - self._mean) / self._std
        if not np.isfinite(values).all():
            raise error.ValueError(
                f"{origin}: its pixels leave the range of float32; other --scale, --mean or --std "
                "are expected"
            )
        return values[::-1] if self._bgr else values
