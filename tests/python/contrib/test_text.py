"""Vocabularies and vectors of tokens: what 1.9.1 gives, and mistakes by name."""

import collections

import pytest

import mxnet as mx
from mxnet.contrib.text import embedding, utils
from mxnet.contrib.text.vocab import Vocabulary

COUNTER = collections.Counter(["a", "b", "b", "c", "c", "c", "some_word$"])


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "vectors.txt"
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def vectors(file):
    return embedding.CustomEmbedding(file("a 0.5 1 2\nb 1 2 3\n<unk> 7 7 7\nc 4 5 6\n"))


def rows(array):
    return array.asnumpy().tolist()


def test_tokens_are_counted():
    text = "#Life#is#great#\n#life#is#good#\n"
    before = collections.Counter({"life": 2})
    counted = utils.count_tokens_from_str(text, "#", to_lower=True, counter_to_update=before)
    assert counted == {"life": 4, "is": 2, "great": 1, "good": 1} and before == {"life": 2}
    with pytest.raises(ValueError, match=r"token_delim='\*'"):
        utils.count_tokens_from_str("a*b", "*")


@pytest.mark.parametrize(
    "options, tokens",
    [
        ({}, ["<unk>", "c", "b", "a", "some_word$"]),
        ({"most_freq_count": 2}, ["<unk>", "c", "b"]),
        ({"min_freq": 2}, ["<unk>", "c", "b"]),
        ({"most_freq_count": 0}, ["<unk>"]),
        ({"reserved_tokens": ["b", "<pad>"], "min_freq": 2}, ["<unk>", "b", "<pad>", "c"]),
        ({"unknown_token": "b"}, ["b", "c", "a", "some_word$"]),
    ],
)
def test_vocabularies(options, tokens):
    vocab = Vocabulary(COUNTER, **options)
    assert vocab.idx_to_token == tokens and len(vocab) == len(tokens)
    assert vocab.to_indices(tokens) == list(range(len(tokens)))
    assert vocab.to_indices("nothing like it") == 0
    assert vocab.to_tokens([0, 0]) == [tokens[0]] * 2
    assert vocab.reserved_tokens == options.get("reserved_tokens")


def test_vectors_of_tokens(vectors):
    assert vectors.idx_to_token == ["<unk>", "a", "b", "c"] and vectors.vec_len == 3
    assert rows(vectors.idx_to_vec) == [[7, 7, 7], [0.5, 1, 2], [1, 2, 3], [4, 5, 6]]
    assert rows(vectors.get_vecs_by_tokens(["c", "A"])) == [[4, 5, 6], [7, 7, 7]]
    assert rows(vectors.get_vecs_by_tokens("A", lower_case_backup=True)) == [0.5, 1, 2]
    vectors.update_token_vectors(["b", "<unk>"], mx.nd.array([[0, 0, 1], [2, 2, 2]]))
    assert rows(vectors.idx_to_vec) == [[2, 2, 2], [0.5, 1, 2], [0, 0, 1], [4, 5, 6]]


def test_only_tokens_of_a_vocabulary(file, vectors):
    vocab = Vocabulary(collections.Counter(["c", "q", "q"]), reserved_tokens=["<pad>"])
    kept = embedding.CustomEmbedding(file("c 4 5\nd 1 1\n"), vocabulary=vocab)
    assert kept.idx_to_token == ["<unk>", "<pad>", "q", "c"] and kept.reserved_tokens == ["<pad>"]
    assert rows(kept.idx_to_vec) == [[0, 0], [0, 0], [0, 0], [4, 5]]
    both = embedding.CompositeEmbedding(vocab, [kept, vectors])
    assert rows(both.idx_to_vec)[2:] == [[0, 0, 7, 7, 7], [4, 5, 4, 5, 6]]


def test_files_with_peculiar_lines(file):
    with pytest.warns(UserWarning) as warned:
        found = embedding.CustomEmbedding(
            file("2 2\nb:1:2\nb:3:4\n".replace(" ", ":")), ":", init_unknown_vec=mx.nd.ones
        )
    assert rows(found.idx_to_vec) == [[1, 1], [1, 2]]
    assert ["header" in str(each.message) for each in warned] == [True, False]


@pytest.mark.parametrize(
    "text, message",
    [
        ("a 1 2\nb 1\nc 1 2 3\n", "line 3 of .*vectors.txt' has 3 numbers; 2 behind a token"),
        ("a 1 2\n\n", "line 2 of .*vectors.txt' has 0 numbers"),
        ("a 1 x\n", "line 1 of .*could not convert string to float: 'x'"),
        ("", "holds no vectors"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*taken for a header")
def test_broken_files_are_named(file, text, message):
    with pytest.raises(ValueError, match=message):
        embedding.CustomEmbedding(file(text))


def test_published_files(tmp_path):
    names = embedding.get_pretrained_file_names()
    assert {name: len(files) for name, files in names.items()} == {"glove": 10, "fasttext": 327}
    (tmp_path / "glove").mkdir()
    (tmp_path / "glove/glove.6B.50d.txt").write_text("the 1 2\n")
    options = {"pretrained_file_name": "glove.6B.50d.txt", "embedding_root": str(tmp_path)}
    assert embedding.create("glove", **options).idx_to_token == ["<unk>", "the"]
    with pytest.raises(OSError, match="wiki.simple.vec' is missing, and nothing is downloaded"):
        embedding.FastText(embedding_root=str(tmp_path))
    with pytest.raises(ValueError, match="pretrained_file_name='x' is unknown"):
        embedding.GloVe("x")


def test_embeddings_of_ones_own():
    @embedding.register
    class Mine(embedding._TokenEmbedding):
        pass

    mine = embedding.create("mine", counter=COUNTER)
    assert len(mine) == 5
    with pytest.raises(mx.MXNetError, match="Mine: no vectors are loaded"):
        mine.idx_to_vec  # noqa: B018


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda v: Vocabulary(COUNTER, min_freq=0), "min_freq=0 is too small"),
        (lambda v: Vocabulary({"a": 1}), "counter is a dict"),
        (lambda v: Vocabulary(reserved_tokens=["<unk>"]), "has '<unk>' twice"),
        (lambda v: v.to_tokens(99), "index 99 is out of range; 0 to 3"),
        (lambda v: v.to_tokens([-1]), "index -1 is out of range"),
        (lambda v: v.update_token_vectors("z", mx.nd.ones((3,))), "token 'z' is not there"),
        (
            lambda v: v.update_token_vectors("a", mx.nd.ones((2,))),
            r"has the shape \(2,\); \(1, 3\)",
        ),
        (lambda v: v.update_token_vectors("a", [1, 2, 3]), "new_vectors is a list"),
        (lambda v: embedding.CompositeEmbedding(3, v), "3 is a int"),
        (lambda v: embedding.CustomEmbedding("/nowhere/x"), "'/nowhere/x' cannot be opened"),
        (lambda v: embedding.create("nothing"), "'nothing' is not registered"),
    ],
)
def test_mistakes_are_named(vectors, call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call(vectors)
