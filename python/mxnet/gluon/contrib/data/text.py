"""Texts for models of language: articles of Wikipedia (Merity et al., 2016)."""

import os
import zipfile

import numpy as np

from .... import error
from .... import ndarray as nd
from ...._numpy_mode import of_mode
from ....contrib.text.utils import count_tokens_from_str
from ....contrib.text.vocab import Vocabulary
from ...data.dataset import _default_root, _DownloadedDataset

__all__ = ["WikiText2", "WikiText103"]

_END_OF_LINE = "<eos>"
_FILES = {
    "train": "wiki.train.tokens",
    "validation": "wiki.valid.tokens",
    "test": "wiki.test.tokens",
}


class _WikiText(_DownloadedDataset):
    """Base of the datasets; arguments as those of `WikiText2`."""

    _archive = None  # of the subclass

    def __init__(self, root, segment, vocab, seq_len):
        if segment not in _FILES:
            raise error.ValueError(
                f"{type(self).__name__}: segment={segment!r} is unknown; one of {sorted(_FILES)} is"
                " expected"
            )
        if seq_len < 1:
            raise error.ValueError(
                f"{type(self).__name__}: seq_len={seq_len} is too small; at least 1 is expected"
            )
        self._segment = segment
        self._seq_len = seq_len
        self._vocab = vocab
        super().__init__(root or _default_root(self._namespace), None)

    @property
    def vocabulary(self):
        """The vocabulary (`mxnet.contrib.text.vocab.Vocabulary`) behind the numbers."""
        return self._vocab

    @property
    def frequencies(self):
        """How often each token comes in this segment (collections.Counter), without ends."""
        return self._counter

    def _get_data(self):
        content = self._read()
        # Only spaces and line feeds end what is counted, while rare spaces too end what is read, so
        # that some words are unknown: as in MXNet 1.9.1, where models were trained with it.
        self._counter = count_tokens_from_str(content)
        lines = [line.split() for line in content.splitlines()]
        lines = [tokens for tokens in lines if tokens]
        if self._vocab is None:
            self._vocab = Vocabulary(self._counter, reserved_tokens=[_END_OF_LINE])
        tokens = [token for line in lines for token in (*line, _END_OF_LINE)]
        numbers = np.array(self._vocab.to_indices(tokens), dtype=np.int32)
        count = max(0, len(numbers) - 1) // self._seq_len
        data, label = (numbers[first : first + count * self._seq_len] for first in (0, 1))
        shape = (count, self._seq_len)
        self._data = of_mode(nd.array(data.reshape(shape), dtype=np.int32))
        self._label = of_mode(nd.array(label.reshape(shape), dtype=np.int32))

    def _read(self):
        """The text of the segment, out of the archive if it is not in the folder."""
        path = os.path.join(self._root, _FILES[self._segment])
        if not os.path.exists(path):
            self._unpack(self._fetch(self._archive))
        try:
            with open(path, encoding="utf8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as cause:
            raise error.ValueError(
                f"{type(self).__name__}: {path!r} cannot be read ({cause}); a text in UTF-8 is "
                "expected"
            ) from cause

    def _unpack(self, archive):
        """Writes the texts of an archive to the folder."""
        try:
            with zipfile.ZipFile(archive) as files:
                for member in files.namelist():
                    name = os.path.basename(member)
                    if name in _FILES.values():
                        with open(os.path.join(self._root, name), "wb") as file:
                            file.write(files.read(member))
        except zipfile.BadZipFile as cause:
            raise error.ValueError(
                f"{type(self).__name__}: {archive!r} is damaged ({cause}); a zip archive is "
                "expected"
            ) from cause


class WikiText2(_WikiText):
    """Two million words of good articles of Wikipedia, as sequences of token numbers.

    An element is a sequence and the same one a token later, int32 of shape (seq_len,). Lines end
    with the token ``<eos>``. The files `wiki.train.tokens` and so on, or the archive
    `wikitext-2-v1.zip`, lie in `root`; otherwise the archive is fetched from MXNET_GLUON_REPO.

    Args:
        root (str): Folder of the files; None is ``~/.mxnet/datasets/wikitext-2``.
        segment (str): "train", "validation" or "test".
        vocab (Vocabulary): That of other texts; None for one of all tokens of this segment.
        seq_len (int): Tokens of a sequence.

    Raises:
        OSError: The archive cannot be fetched.
        ValueError: An argument is wrong, or a file is damaged.
    """

    _namespace = "wikitext-2"
    _archive = "wikitext-2-v1.zip"

    def __init__(self, root=None, segment="train", vocab=None, seq_len=35):
        super().__init__(root, segment, vocab, seq_len)


class WikiText103(_WikiText):
    """A hundred million words of good articles of Wikipedia; see `WikiText2`.

    Args:
        root (str): See `WikiText2`; None is ``~/.mxnet/datasets/wikitext-103``.
        segment (str): "train", "validation" or "test".
        vocab (Vocabulary): See `WikiText2`.
        seq_len (int): Tokens of a sequence.
    """

    _namespace = "wikitext-103"
    _archive = "wikitext-103-v1.zip"

    def __init__(self, root=None, segment="train", vocab=None, seq_len=35):
        super().__init__(root, segment, vocab, seq_len)
