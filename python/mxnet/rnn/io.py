"""Sentences as batches of numbers, by length."""

import bisect
import random

import numpy as np

from .. import error
from .. import ndarray as nd
from ..io import DataBatch, DataDesc, DataIter
from ..log import logger

__all__ = ["BucketSentenceIter", "encode_sentences"]


def encode_sentences(
    sentences, vocab=None, invalid_label=-1, invalid_key="\n", start_label=0, unknown_token=None
):
    """Words of sentences as numbers.

    Args:
        sentences (list of list of str): The sentences.
        vocab (dict of str to int): Numbers of words; made from the sentences if not given.
        invalid_label (int): Number of `invalid_key`, which no word gets.
        invalid_key (str): The key that stands for no word.
        start_label (int): Number of the first word.
        unknown_token (str): The word to take for one that `vocab` lacks.

    Returns:
        tuple: Sentences as lists of int, the vocabulary.

    Raises:
        ValueError: `vocab` lacks a word, and there is no `unknown_token`.
    """
    closed = vocab is not None
    vocab = vocab if closed else {invalid_key: invalid_label}
    following = start_label

    def number(word):
        nonlocal following
        if word not in vocab and unknown_token:
            word = unknown_token
        elif word not in vocab and closed:
            raise error.AssertedValueError(
                f"encode_sentences: vocab lacks {word!r}; an unknown_token is expected "
                "for such words"
            )
        if word not in vocab:
            following += following == invalid_label
            vocab[word] = following
            following += 1
        return vocab[word]

    return [[number(word) for word in sentence] for sentence in sentences], vocab


class BucketSentenceIter(DataIter):
    """Batches of sentences of like length for language models; a label is the word that follows.

    Args:
        sentences (list of list of int): Sentences as numbers.
        batch_size (int): Sentences in a batch.
        buckets (list of int): Lengths to pad to; by default each length that fills a batch.
        invalid_label (int): What to pad with.
        data_name (str): Name of the data.
        label_name (str): Name of the label.
        dtype (str or type): Of data and labels.
        layout (str): "NT" or "TN".

    Raises:
        ValueError: The layout has no batch.
    """

    def __init__(
        self,
        sentences,
        batch_size,
        buckets=None,
        invalid_label=-1,
        data_name="data",
        label_name="softmax_label",
        dtype="float32",
        layout="NT",
    ):
        super().__init__(batch_size)
        if not buckets:
            counts = np.bincount([len(sentence) for sentence in sentences])
            buckets = [length for length, count in enumerate(counts) if count >= batch_size]
        self.buckets = sorted(buckets)
        if not self.buckets:
            raise error.ValueError(
                f"BucketSentenceIter: no length has batch_size={batch_size} sentences; buckets is "
                "expected"
            )
        if layout.find("N") not in (0, 1):
            raise error.ValueError(
                f"BucketSentenceIter: layout={layout!r} has no batch; NT or TN is expected"
            )
        self.major_axis = layout.find("N")
        self.layout = layout
        self.data_name, self.label_name = data_name, label_name
        self.dtype = dtype
        self.invalid_label = invalid_label
        self.data = self._padded(sentences)
        self.default_bucket_key = self.buckets[-1]
        self.provide_data = [self._desc(data_name, self.default_bucket_key)]
        self.provide_label = [self._desc(label_name, self.default_bucket_key)]
        self.nddata, self.ndlabel = [], []
        self.idx = [
            (bucket, begin)
            for bucket, rows in enumerate(self.data)
            for begin in range(0, len(rows) - batch_size + 1, batch_size)
        ]
        self.curr_idx = 0
        self.reset()

    def _padded(self, sentences):
        """An array of sentences for each bucket; logs how many are longer than all."""
        rows, too_long = [[] for _ in self.buckets], 0
        for sentence in sentences:
            bucket = bisect.bisect_left(self.buckets, len(sentence))
            if bucket == len(self.buckets):
                too_long += 1
                continue
            row = np.full((self.buckets[bucket],), self.invalid_label, dtype=self.dtype)
            row[: len(sentence)] = sentence
            rows[bucket].append(row)
        if too_long:
            logger.warning(
                "BucketSentenceIter: %d sentences are longer than the largest bucket and left out",
                too_long,
            )
        return [
            np.asarray(found, dtype=self.dtype).reshape(len(found), length)
            for found, length in zip(rows, self.buckets)
        ]

    def _desc(self, name, length):
        shape = (self.batch_size, length) if self.major_axis == 0 else (length, self.batch_size)
        return DataDesc(name=name, shape=shape, layout=self.layout)

    def reset(self):
        """Begin a new round, in a new order."""
        self.curr_idx = 0
        random.shuffle(self.idx)
        self.nddata, self.ndlabel = [], []
        for rows in self.data:
            np.random.shuffle(rows)
            labels = np.empty_like(rows)
            labels[:, :-1] = rows[:, 1:]
            labels[:, -1:] = self.invalid_label
            self.nddata.append(nd.array(rows, dtype=self.dtype))
            self.ndlabel.append(nd.array(labels, dtype=self.dtype))

    def next(self):
        """The next batch; its `bucket_key` is its length."""
        if self.curr_idx == len(self.idx):
            raise StopIteration
        bucket, begin = self.idx[self.curr_idx]
        self.curr_idx += 1
        data, label = (
            arrays[bucket][begin : begin + self.batch_size]
            for arrays in (self.nddata, self.ndlabel)
        )
        if self.major_axis == 1:
            data, label = data.T, label.T
        length = self.buckets[bucket]
        return DataBatch(
            [data],
            [label],
            pad=0,
            bucket_key=length,
            provide_data=[self._desc(self.data_name, length)],
            provide_label=[self._desc(self.label_name, length)],
        )
