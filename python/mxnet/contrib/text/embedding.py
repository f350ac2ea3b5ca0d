"""Vectors of tokens, read from files."""

import os

import numpy as np

from ... import error, registry
from ... import ndarray as nd
from ...base import data_dir
from .vectors_file import pretrained_file_names, read_vectors
from .vocab import UNKNOWN_IDX, Vocabulary

__all__ = ["register", "create", "get_pretrained_file_names"]
__all__ += ["GloVe", "FastText", "CustomEmbedding", "CompositeEmbedding"]


class _TokenEmbedding(Vocabulary):
    """A vocabulary with a vector for each token.

    Args:
        **kwargs: See `Vocabulary`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._idx_to_vec = None

    @property
    def vec_len(self):
        """Length of the vectors."""
        return self.idx_to_vec.shape[1]

    @property
    def idx_to_vec(self):
        """The vectors in the order of their indices, an NDArray of float32."""
        if self._idx_to_vec is None:
            raise error.MXNetError(f"{type(self).__name__}: no vectors are loaded")
        return self._idx_to_vec

    def _load_embedding(self, path, elem_delim, init_unknown_vec, encoding="utf8"):
        """Take all tokens of a file and their vectors.

        Args:
            path (str): The file: a token and its numbers in each line.
            elem_delim (str): What stands between them.
            init_unknown_vec (function): Makes the vector of the unknown token from `shape`, if the
                file has none.
            encoding (str): Of the file.
        """
        vectors = read_vectors(path, elem_delim, encoding)
        if not vectors:
            raise error.ValueError(
                f"{type(self).__name__}: {path!r} holds no vectors; a token and numbers in each "
                "line are expected"
            )
        unknown = vectors.pop(self.unknown_token, None)
        if unknown is None:
            size = len(next(iter(vectors.values())))
            unknown = init_unknown_vec(shape=size).asnumpy()
        tokens = [token for token in vectors if token not in self._token_to_idx]
        rows = [vectors.get(token, unknown) for token in self._idx_to_token[UNKNOWN_IDX + 1 :]]
        rows += [vectors[token] for token in tokens]
        self._set_tokens(self._idx_to_token + tokens)
        self._idx_to_vec = nd.array(np.stack([unknown, *rows]), dtype="float32")

    def _keep(self, vocabulary):
        """Have the tokens of a vocabulary only, with their vectors."""
        vectors = self.get_vecs_by_tokens(vocabulary.idx_to_token)
        self._take(vocabulary)
        self._idx_to_vec = vectors

    def _take(self, vocabulary):
        self._set_tokens(list(vocabulary.idx_to_token))
        self._unknown_token = vocabulary.unknown_token
        self._reserved_tokens = vocabulary.reserved_tokens

    def get_vecs_by_tokens(self, tokens, lower_case_backup=False):
        """Vectors of tokens; that of the unknown token for those that are not there.

        Args:
            tokens (str or list of str): A token or several.
            lower_case_backup (bool): Whether a token that is not there is looked for in lower case.

        Returns:
            NDArray: A vector, or one in each row.
        """
        single = not isinstance(tokens, list)
        wanted = [tokens] if single else tokens
        if lower_case_backup:
            wanted = [t if t in self._token_to_idx else t.lower() for t in wanted]
        indices = nd.array(self.to_indices(wanted), dtype="int64")
        vectors = nd.take(self.idx_to_vec, indices)
        return vectors[0] if single else vectors

    def update_token_vectors(self, tokens, new_vectors):
        """Set the vectors of tokens.

        Args:
            tokens (str or list of str): A token or several.
            new_vectors (NDArray): A vector, or one in each row.

        Raises:
            TypeError: `new_vectors` is no NDArray.
            ValueError: Their number or length is wrong, or a token is not there.
        """
        tokens = tokens if isinstance(tokens, list) else [tokens]
        if not isinstance(new_vectors, nd.NDArray):
            raise error.TypeError(
                f"update_token_vectors: new_vectors is a {type(new_vectors).__name__}; an NDArray "
                "is expected"
            )
        expected = (len(tokens), self.vec_len)
        given = new_vectors.shape
        if given != expected and not (len(tokens) == 1 and given == expected[1:]):
            raise error.ValueError(
                f"update_token_vectors: new_vectors has the shape {given}; {expected} is expected"
            )
        for token in tokens:
            if token not in self._token_to_idx:
                raise error.ValueError(
                    f"update_token_vectors: token {token!r} is not there; one that is, or "
                    f"{self.unknown_token!r} for all others, is expected"
                )
        self._idx_to_vec[nd.array(self.to_indices(tokens), dtype="int64")] = new_vectors.reshape(
            expected
        )


register = registry.get_register_func(_TokenEmbedding, "token embedding")
_create = registry.get_create_func(_TokenEmbedding, "token embedding")


def create(embedding_name, **kwargs):
    """Make a registered kind of embedding.

    Args:
        embedding_name (str): Its name, such as "glove".
        **kwargs: Its arguments.
    """
    return _create(embedding_name, **kwargs)


def get_pretrained_file_names(embedding_name=None):
    """Names of the files of vectors that were published.

    Args:
        embedding_name (str): "glove" or "fasttext"; both, as a dict by name, if not given.

    Raises:
        KeyError: The name is unknown.
    """
    names = pretrained_file_names()
    if embedding_name is None:
        return names
    if embedding_name not in names:
        raise KeyError(
            f"get_pretrained_file_names: embedding_name={embedding_name!r} is unknown; one of "
            f"{', '.join(names)} is expected"
        )
    return names[embedding_name]


class _Published(_TokenEmbedding):
    """Vectors from a published file, which is to lie in a folder already.

    Args:
        name (str): Name of the embedding, and of the folder inside of `embedding_root`.
        pretrained_file_name (str): The file.
        embedding_root (str): The folder of all embeddings.
        init_unknown_vec (function): Makes the vector of the unknown token, if the file has none.
        vocabulary (Vocabulary): The tokens to keep; all by default.
        **kwargs: See `Vocabulary`.

    Raises:
        ValueError: There was no such file.
        OSError: It is not there.
    """

    def __init__(
        self, name, pretrained_file_name, embedding_root, init_unknown_vec, vocabulary, **kwargs
    ):
        names = get_pretrained_file_names(name)
        if pretrained_file_name not in names:
            raise error.ValueError(
                f"{type(self).__name__}: pretrained_file_name={pretrained_file_name!r} is unknown; "
                f"one of {', '.join(names[:10])}{' ...' if len(names) > 10 else ''} is expected"
            )
        path = os.path.join(os.path.expanduser(embedding_root), name, pretrained_file_name)
        if not os.path.exists(path):
            raise error.OSError(
                f"{type(self).__name__}: file={path!r} is missing, and nothing is downloaded; put "
                "the published file there"
            )
        super().__init__(**kwargs)
        self._load_embedding(path, " ", init_unknown_vec)
        if vocabulary is not None:
            self._keep(vocabulary)


_ROOT = os.path.join(data_dir(), "embeddings")


@register
class GloVe(_Published):
    """The vectors called GloVe; see `get_pretrained_file_names` for the files.

    Args:
        pretrained_file_name (str): The file.
        embedding_root (str): The folder in which ``glove`` lies with the file in it.
        init_unknown_vec (function): Makes the vector of the unknown token, if the file has none.
        vocabulary (Vocabulary): The tokens to keep; all by default.
        **kwargs: See `Vocabulary`.
    """

    def __init__(
        self,
        pretrained_file_name="glove.840B.300d.txt",
        embedding_root=_ROOT,
        init_unknown_vec=nd.zeros,
        vocabulary=None,
        **kwargs,
    ):
        super().__init__(
            "glove", pretrained_file_name, embedding_root, init_unknown_vec, vocabulary, **kwargs
        )


@register
class FastText(_Published):
    """The vectors called fastText; see `GloVe` for the arguments."""

    def __init__(
        self,
        pretrained_file_name="wiki.simple.vec",
        embedding_root=_ROOT,
        init_unknown_vec=nd.zeros,
        vocabulary=None,
        **kwargs,
    ):
        super().__init__(
            "fasttext", pretrained_file_name, embedding_root, init_unknown_vec, vocabulary, **kwargs
        )


@register
class CustomEmbedding(_TokenEmbedding):
    """Vectors from a file of one's own.

    Args:
        pretrained_file_path (str): The file: a token and its numbers in each line.
        elem_delim (str): What stands between them.
        encoding (str): Of the file.
        init_unknown_vec (function): Makes the vector of the unknown token, if the file has none.
        vocabulary (Vocabulary): The tokens to keep; all by default.
        **kwargs: See `Vocabulary`.

    Raises:
        OSError: The file is missing.
        ValueError: A line is none of a token and numbers.
    """

    def __init__(
        self,
        pretrained_file_path,
        elem_delim=" ",
        encoding="utf8",
        init_unknown_vec=nd.zeros,
        vocabulary=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._load_embedding(pretrained_file_path, elem_delim, init_unknown_vec, encoding)
        if vocabulary is not None:
            self._keep(vocabulary)


class CompositeEmbedding(_TokenEmbedding):
    """Vectors of several embeddings, one behind the other, for the tokens of a vocabulary.

    Args:
        vocabulary (Vocabulary): The tokens.
        token_embeddings (embedding or list of embeddings): Where the vectors come from.

    Raises:
        TypeError: One of them is something else.
    """

    def __init__(self, vocabulary, token_embeddings):
        parts = token_embeddings if isinstance(token_embeddings, list) else [token_embeddings]
        for given, kind in [(vocabulary, Vocabulary)] + [(part, _TokenEmbedding) for part in parts]:
            if not isinstance(given, kind):
                raise error.AssertedTypeError(
                    f"CompositeEmbedding: {given!r} is a {type(given).__name__}; a vocabulary and "
                    "embeddings are expected"
                )
        super().__init__()
        self._take(vocabulary)
        vectors = [part.get_vecs_by_tokens(self.idx_to_token) for part in parts]
        self._idx_to_vec = nd.concat(*vectors, dim=1)
