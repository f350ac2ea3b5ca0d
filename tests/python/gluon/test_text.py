"""Texts of Wikipedia from local files."""

import zipfile

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon.contrib.data import text

LINES = " \n = Cats = \n \n A cat , says <unk> , is a cat .\n\n  It purrs  twice . \n"
FILES = {"train": LINES * 3, "valid": LINES, "test": LINES}
# What MXNet 1.9.1 makes of it.
TOKENS = ["<unk>", "<eos>", ",", ".", "=", "cat", "A", "Cats", "It", "a", "is", "purrs", "says"]
TOKENS += ["twice"]
NUMBERS = [4, 7, 4, 1, 6, 5, 2, 12, 0, 2, 10, 9, 5, 3, 1, 8, 11, 13, 3, 1]


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        (tmp_path / f"wiki.{name}.tokens").write_text(content)
    return str(tmp_path)


@pytest.mark.parametrize("kind", [text.WikiText2, text.WikiText103])
def test_sequences(folder, kind):
    dataset = kind(folder, "test", seq_len=6)
    assert dataset.vocabulary.idx_to_token == TOKENS
    assert dataset.vocabulary.reserved_tokens == ["<eos>"]
    assert dataset.frequencies["cat"] == 2 and "<eos>" not in dataset.frequencies
    assert len(dataset) == 3
    for i, (data, label) in enumerate(dataset):
        assert data.dtype == label.dtype == np.int32
        assert data.asnumpy().tolist() == NUMBERS[6 * i : 6 * i + 6]
        assert label.asnumpy().tolist() == NUMBERS[6 * i + 1 : 6 * i + 7]
    assert len(kind(folder, "test", seq_len=1000)) == 0


def test_rare_spaces_end_what_is_read_but_not_what_is_counted(tmp_path):
    content = "a b\u2028c d\x0be f\u00a0g h\r\ni j\rk l\n m \u3000 n\n"
    (tmp_path / "wiki.test.tokens").write_text(content, encoding="utf8")
    dataset = text.WikiText2(str(tmp_path), "test", seq_len=1)
    tokens = ["a", "b\u2028c", "d\x0be", "f\xa0g", *"hijklmn", "\u3000"]
    assert dataset.vocabulary.idx_to_token == ["<unk>", "<eos>", *tokens]
    numbers = [int(data.asscalar()) for data, _ in dataset]
    assert numbers == [2, 0, 1, 0, 0, 1, 0, 0, 0, 6, 1, 7, 8, 1, 9, 10, 1, 11, 12]


def test_vocabulary_of_another_segment(folder):
    train = text.WikiText2(folder)
    valid = text.WikiText2(folder, segment="validation", vocab=train.vocabulary, seq_len=4)
    assert valid.vocabulary is train.vocabulary
    assert train.frequencies["cat"] == 3 * valid.frequencies["cat"]
    batches = [data.shape for data, _ in mx.gluon.data.DataLoader(valid, batch_size=2)]
    assert batches == [(2, 4), (2, 4)]


def test_archives(tmp_path, monkeypatch):
    repository = tmp_path / "gluon" / "dataset" / "wikitext-2"
    repository.mkdir(parents=True)
    with zipfile.ZipFile(repository / "wikitext-2-v1.zip", "w") as archive:
        archive.writestr("wikitext-2/wiki.test.tokens", LINES)
        archive.writestr("../outside.txt", LINES)
    monkeypatch.setenv("MXNET_GLUON_REPO", tmp_path.as_uri())
    root = tmp_path / "root"
    assert len(text.WikiText2(str(root), "test", seq_len=6)) == 3
    assert not (tmp_path / "outside.txt").exists()
    with pytest.raises(ValueError, match="wiki.train.tokens' cannot be read"):
        text.WikiText2(str(root))


def test_mistakes(folder, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="segment='valid' is unknown; one of"):
        text.WikiText2(folder, "valid")
    with pytest.raises(ValueError, match="seq_len=0 is too small"):
        text.WikiText2(folder, seq_len=0)
    monkeypatch.setenv("MXNET_GLUON_REPO", (tmp_path / "nothing").as_uri())
    with pytest.raises(OSError, match="wikitext-2-v1.zip.* cannot be fetched"):
        text.WikiText2(str(tmp_path / "empty"))
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "wikitext-2-v1.zip").write_bytes(b"no archive")
    with pytest.raises(ValueError, match="wikitext-2-v1.zip' is damaged"):
        text.WikiText2(str(tmp_path / "damaged"))
