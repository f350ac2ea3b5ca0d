"""Tokens and their indices."""

import collections

from ... import error

__all__ = ["Vocabulary"]

UNKNOWN_IDX = 0


class Vocabulary:
    """Gives each token an index: the unknown token, then reserved ones, then the frequent ones.

    Args:
        counter (collections.Counter): Numbers by token; without one there are no further tokens.
        most_freq_count (int): How many tokens of `counter` to take at most; all by default.
        min_freq (int): How often a token has to occur.
        unknown_token (hashable): The token that stands for all others.
        reserved_tokens (list of hashable): Tokens that are there in any case.

    Raises:
        TypeError: `counter` is none.
        ValueError: `min_freq` is too small, or a reserved token comes twice.
    """

    def __init__(
        self,
        counter=None,
        most_freq_count=None,
        min_freq=1,
        unknown_token="<unk>",
        reserved_tokens=None,
    ):
        if min_freq < 1:
            raise error.AssertedValueError(
                f"Vocabulary: min_freq={min_freq} is too small; at least 1 is expected"
            )
        if counter is not None and not isinstance(counter, collections.Counter):
            raise error.AssertedTypeError(
                f"Vocabulary: counter is a {type(counter).__name__}; a collections.Counter is "
                "expected"
            )
        special = [unknown_token, *(reserved_tokens or [])]
        for token in special:
            if special.count(token) > 1:
                raise error.AssertedValueError(
                    f"Vocabulary: reserved_tokens={reserved_tokens} has {token!r} twice, or it is "
                    "the unknown token; each once is expected"
                )
        self._unknown_token = unknown_token
        self._reserved_tokens = None if reserved_tokens is None else list(reserved_tokens)
        self._set_tokens(special + _frequent(counter or {}, special, most_freq_count, min_freq))

    def _set_tokens(self, tokens):
        """Take all tokens, in the order of their indices."""
        self._idx_to_token = tokens
        self._token_to_idx = {token: i for i, token in enumerate(tokens)}

    def __len__(self):
        return len(self._idx_to_token)

    @property
    def token_to_idx(self):
        """Indices by token, a dict."""
        return self._token_to_idx

    @property
    def idx_to_token(self):
        """Tokens in the order of their indices."""
        return self._idx_to_token

    @property
    def unknown_token(self):
        """The token that stands for all others."""
        return self._unknown_token

    @property
    def reserved_tokens(self):
        """The reserved tokens; None without."""
        return self._reserved_tokens

    def to_indices(self, tokens):
        """Indices of tokens; 0 for those that are not there.

        Args:
            tokens (str or list of str): A token or several.

        Returns:
            int or list of int: An index, or one for each token.
        """
        if isinstance(tokens, list):
            return [self._token_to_idx.get(token, UNKNOWN_IDX) for token in tokens]
        return self._token_to_idx.get(tokens, UNKNOWN_IDX)

    def to_tokens(self, indices):
        """Tokens of indices.

        Args:
            indices (int or list of int): An index or several.

        Returns:
            str or list of str: A token, or one for each index.

        Raises:
            ValueError: There is no such index.
        """
        if isinstance(indices, list):
            return [self._token(index) for index in indices]
        return self._token(indices)

    def _token(self, index):
        if not hasattr(index, "__index__") or not 0 <= index < len(self):
            raise error.ValueError(
                f"to_tokens: index {index!r} is out of range; 0 to {len(self) - 1} is expected"
            )
        return self._idx_to_token[index]


def _frequent(counter, special, most, least):
    """Tokens that occur at least `least` times, most frequent first and then by name."""
    ordered = sorted(counter.items(), key=lambda item: item[0])
    ordered.sort(key=lambda item: item[1], reverse=True)
    tokens = [token for token, count in ordered if count >= least and token not in special]
    return tokens if most is None else tokens[:most]
