"""Damages valid ONNX files and imports them: each is a network or one error of one line.

usage: PYTHONPATH=build/release/python python tests/fuzz/fuzz_onnx.py [SECONDS] [SEED]

Seeds are the node tests of the package `onnx`. What fails, hangs (20 s) or takes more than 4 GB is
kept as build/fuzz/onnx/crash-*.onnx.
"""

import hashlib
import pathlib
import random
import resource
import signal
import sys
import time
import warnings

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

FOLDER = pathlib.Path("build/fuzz/onnx")
LIMIT_SECONDS, LIMIT_BYTES = 20, 4 << 30
NUMBERS = [0, 1, -1, 2, 7, 255, 1 << 20, 1 << 31, 1 << 40, (1 << 63) - 1, -(1 << 63)]


class Hang(BaseException):
    """An import took too long."""


def seeds():
    """Small models of the package's node tests."""
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = [case.model for case in load_model_tests(kind="node")]
    return [model for model in models if model.ByteSize() < 20000]


def messages(proto):
    """All messages inside of one, itself among them."""
    found, waiting = [], [proto]
    while waiting:
        message = waiting.pop()
        found.append(message)
        for field, value in message.ListFields():
            if field.message_type is not None:
                waiting += list(value) if field.is_repeated else [value]
    return found


def change_field(rng, model, other):
    """Changes one field of one message: a number, a text, or a list's elements."""
    message = rng.choice(messages(model))
    fields = message.ListFields()
    if not fields:
        return
    field, value = rng.choice(fields)
    if field.is_repeated:
        action = rng.randrange(4)
        if action == 0:
            del value[rng.randrange(len(value))]
        elif field.message_type is not None:
            same = [m for m in messages(other) if m.DESCRIPTOR.name == field.message_type.name]
            value.add().CopyFrom(rng.choice(same or list(value)))
        elif action == 1:
            value.append(value[rng.randrange(len(value))])
        else:
            value[rng.randrange(len(value))] = scalar(rng, field, value[0], model)
    elif field.message_type is not None:
        message.ClearField(field.name)
    else:
        setattr(message, field.name, scalar(rng, field, value, model))


def scalar(rng, field, value, model):
    """Another value for a field that holds one."""
    if isinstance(value, bytes):
        return value[: rng.randrange(len(value) + 1)] + bytes(rng.randrange(5))
    if isinstance(value, str):
        texts = [m.name for m in messages(model) if hasattr(m, "name") and m.name]
        return rng.choice([*texts, "", "x" * rng.randrange(50)])
    if isinstance(value, float):
        return rng.choice([0.0, -1.0, 1e38, float("inf"), float("nan")])
    number = rng.choice([*NUMBERS, value + 1, value - 1])
    return number if field.cpp_type == field.CPPTYPE_INT64 else number % (1 << 31) % 40


def change_bytes(rng, content):
    """Changes, repeats or removes a few bytes."""
    content = bytearray(content)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(content))
        action = rng.randrange(3)
        if action == 0:
            content[at] = rng.randrange(256)
        elif action == 1:
            del content[at : at + rng.randrange(1, 8)]
        else:
            content[at:at] = content[at : at + rng.randrange(1, 16)]
    return bytes(content) or b"x"


def damaged(rng, models):
    """A damaged model as bytes."""
    model = type(models[0])()
    model.CopyFrom(rng.choice(models))
    for _ in range(rng.randrange(1, 4)):
        try:
            change_field(rng, model, rng.choice(models))
        except (TypeError, ValueError):
            pass  # the package refuses this value
    content = model.SerializeToString()
    return change_bytes(rng, content) if rng.random() < 0.3 and content else content


def fault(content):
    """What is wrong with how a file is taken, or None."""

    def late(*_):
        raise Hang

    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT_SECONDS)
    try:
        onnx_mx.import_model(content)
    except mx.error.InternalError as cause:
        return f"internal error: {cause}"
    except mx.MXNetError as cause:
        return f"several lines: {cause}" if "\n" in str(cause) else None
    except Hang:
        return "hangs"
    except BaseException as cause:
        return f"{type(cause).__name__}: {cause}"
    finally:
        signal.alarm(0)
    return None


def fuzz(seed, goes_on):
    """Damage files as long as `goes_on`, a function of how many were tried, says so.

    Returns:
        tuple: How many were tried, and the faults, by kind.
    """
    rng, models = random.Random(seed), seeds()
    tried, found = 0, {}
    while goes_on(tried):
        content = damaged(rng, models)
        tried += 1
        text = fault(content)
        if text is not None and text[:60] not in found:
            name = FOLDER / f"crash-{hashlib.sha1(content).hexdigest()[:10]}.onnx"
            FOLDER.mkdir(parents=True, exist_ok=True)
            name.write_bytes(content)
            found[text[:60]] = name
            print(f"{name}: {text[:300]}", flush=True)
    return tried, found


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    end = time.monotonic() + seconds
    tried, found = fuzz(seed, lambda tried: time.monotonic() < end)
    print(f"{tried} files, {len(found)} kinds of faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
