"""Arguments that several commands have, and the kinds of their values."""

import argparse

_LARGEST = 3.4e38  # of float32, in which the numbers are used


def positive_int(text):
    """A whole number above zero."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return number


def positive_ints(text):
    """Whole numbers above zero, separated by commas, as a tuple."""
    return tuple(positive_int(part) for part in text.split(","))


def epoch_number(text):
    """The number of an epoch."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an epoch")
    return int(text)


def number(text):
    """A number such as ``0.5``, ``1e-3`` or ``1/255`` that float32 holds."""
    above, _, below = text.partition("/")
    try:
        value = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not abs(value) <= _LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number of float32")
    return value


def numbers(text):
    """Numbers separated by commas, as a list."""
    return [number(part) for part in text.split(",")]


def add_model_arguments(parser, required=True):
    """Add what says which checkpoint to load, and the shape and place of its input."""
    parser.add_argument(
        "--model",
        required=required,
        metavar="PREFIX",
        help="prefix of the files PREFIX-symbol.json and PREFIX-EPOCH.params",
    )
    parser.add_argument(
        "--epoch",
        type=epoch_number,
        default=0,
        metavar="N",
        help="number of the epoch in the name of the parameter file (default 0)",
    )
    parser.add_argument(
        "--shape",
        type=positive_ints,
        metavar="C,H,W",
        help="shape of the input without the batch, when the checkpoint does not tell",
    )
    parser.add_argument(
        "--device", default="cpu", metavar="D", help="cpu, gpu or gpu:N (default cpu)"
    )
    parser.add_argument(
        "--bf16", action="store_true", help="compute convolutions and dense layers in bfloat16"
    )


def add_pixel_arguments(parser):
    """Add what says how the pixels of pictures become numbers."""
    pixels = parser.add_argument_group(
        "pixels", "A pixel enters the network as (value * scale - mean) / std, value in 0 to 255."
    )
    pixels.add_argument("--mean", type=numbers, metavar="R,G,B", help="one number or three")
    pixels.add_argument("--std", type=numbers, metavar="R,G,B", help="one number or three")
    pixels.add_argument("--scale", type=number, default=1.0, metavar="X", help="such as 1/255")
    pixels.add_argument("--bgr", action="store_true", help="channels in the order blue, green, red")
    pixels.add_argument(
        "--crop",
        action="store_true",
        help="keep the aspect ratio and cut out the middle instead of stretching",
    )
