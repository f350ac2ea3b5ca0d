"""remx predict: classes, pictures, pixels, labels."""

import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

NAMES = "zero one two three four five six seven eight nine".split()


def predict(remx, *arguments):
    outcome = remx("predict", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.document


def scores(document):
    """Probabilities of the first picture in the order of the classes."""
    top = document["pictures"][0]["top"]
    return [each["probability"] for each in sorted(top, key=lambda each: each["class"])]


@pytest.fixture
def pixel(tmp_path):
    """A picture of one pixel: red 10, green 20, blue 40."""
    path = tmp_path / "pixel.ppm"
    path.write_bytes(b"P6 1 1 255\n" + bytes([10, 20, 40]))
    return path


def softmax(values):
    powers = np.exp(np.float64(values) - np.max(values))
    return pytest.approx(list(powers / powers.sum()), rel=1e-4, abs=1e-7)


def test_digits_are_recognised(remx, digits, images):
    synset = images[0].parents[1] / "synset.txt"
    document = predict(remx, *digits, "--synset", synset, "--image", *images)
    assert [each["top"][0]["name"] for each in document["pictures"]] == NAMES
    assert [each["file"] for each in document["pictures"]] == [str(path) for path in images]
    for picture in document["pictures"]:
        values = [each["probability"] for each in picture["top"]]
        assert len(values) == 5
        assert values == sorted(values, reverse=True)
        assert picture["latency_ms"] > 0
    assert document["input"] == {"name": "data", "shape": [1, 28, 28]}
    assert document["peak_memory_bytes"] > 1e7


def test_text_shows_names_and_bars(remx, digits, images):
    synset = images[0].parents[1] / "synset.txt"
    outcome = remx("predict", *digits, "--synset", synset, "--top", 2, "--image", *images[:2])
    lines = outcome.out.splitlines()
    assert lines[0].startswith(f"{images[0]}  (")
    assert lines[1].split()[1] == "zero"
    assert lines[4].split()[1] == "one"
    assert len(lines[1].split()[2]) > 25 > len(lines[2])
    assert lines[6].startswith("2 pictures, ")


def test_batches_give_the_same_answers(remx, digits, images):
    one = predict(remx, *digits, "--image", *images)
    three = predict(remx, *digits, "--batch", 3, "--image", *images)
    assert three["batch"] == 3
    for alone, together in zip(one["pictures"], three["pictures"]):
        assert alone["file"] == together["file"]
        assert alone["top"][0]["class"] == together["top"][0]["class"]
        assert alone["top"][0]["probability"] == pytest.approx(
            together["top"][0]["probability"], abs=1e-5
        )


def test_pixels_enter_as_the_options_say(remx, pixel_net, pixel):
    def run(*options):
        return scores(predict(remx, *pixel_net, "--image", pixel, *options))

    assert run() == softmax([10, 20, 40])
    assert run("--scale", "1/10") == softmax([1, 2, 4])
    assert run("--mean", "9,20,38") == softmax([1, 0, 2])
    assert run("--mean", "10", "--std", "10,20,10") == softmax([0, 0.5, 3])
    assert run("--scale", "0.1", "--mean", "1,1,1", "--std", "2") == softmax([0, 0.5, 1.5])
    assert run("--mean", "9,20,38", "--bgr") == softmax([2, 0, 1])


def test_probabilities_stay_as_they_are(remx, save, pixel):
    data = mx.sym.Variable("data", shape=(0, 3, 1, 1))
    options = save(mx.sym.softmax(mx.sym.Flatten(data), name="prob"), {"data": (1, 3, 1, 1)})
    assert scores(predict(remx, *options, "--image", pixel)) == softmax([10, 20, 40])


def test_crop_keeps_the_aspect_ratio(remx, pixel_net, tmp_path):
    picture = tmp_path / "wide.ppm"
    row = bytes([200, 0, 0] * 2 + [0, 3, 1] * 1 + [200, 0, 0] * 2)
    picture.write_bytes(b"P6 5 1 255\n" + row)
    cropped = scores(predict(remx, *pixel_net, "--image", picture, "--crop"))
    assert cropped == softmax([0, 3, 1])


def test_labels_of_any_name_need_no_value(remx, save, pixel):
    data = mx.sym.Variable("data", shape=(0, 3, 1, 1))
    symbol = mx.sym.SoftmaxOutput(mx.sym.Flatten(data), name="prob")
    assert symbol.list_arguments() == ["data", "prob_label"]
    options = save(symbol, {"data": (1, 3, 1, 1)})
    assert scores(predict(remx, *options, "--image", pixel)) == softmax([10, 20, 40])


def test_shape_that_is_not_stored(remx, save, pixel):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    options = save(symbol, {"data": (1, 3, 2, 2)})
    outcome = remx("predict", *options, "--image", pixel)
    assert outcome.code == 2
    assert "--shape, such as --shape 3,224,224, is expected" in outcome.err
    outcome = remx("predict", *options, "--image", pixel, "--shape", "3,2,3")
    assert outcome.code == 2
    assert (
        "--shape=3,2,3 does not fit the checkpoint; fc_weight has the shape (2, 12)" in outcome.err
    )
    predict(remx, *options, "--image", pixel, "--shape", "3,2,2")


def test_usual_shape_is_taken_when_it_fits(remx, save, pixel):
    data = mx.sym.Variable("data")
    pool = mx.sym.Pooling(data, kernel=(1, 1), global_pool=True, pool_type="avg", name="pool")
    options = save(mx.sym.Flatten(pool), {"data": (1, 3, 4, 4)})
    outcome = remx("predict", *options, "--image", pixel, "--json")
    assert outcome.code == 0
    assert "taking 3,224,224" in outcome.err
    assert outcome.document["input"]["shape"] == [3, 224, 224]


def test_program_of_its_own(digits, images):
    """In a process of its own, with text that no encoding of the terminal can stop."""
    command = [sys.executable, "-m", "mxnet.cli", "predict", *map(str, digits)]
    command += ["--image", str(images[7]), "--top", "1"]
    for encoding, block in (("utf-8", "█"), ("ascii", "#")):
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=120,
            env={**__import__("os").environ, "PYTHONIOENCODING": encoding},
        )
        assert done.returncode == 0, done.stderr.decode()
        assert block * 20 in done.stdout.decode(encoding)
