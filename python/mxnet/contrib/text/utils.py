"""Tokens of a text, counted."""

import collections
import re

from ... import error

__all__ = ["count_tokens_from_str"]


def count_tokens_from_str(
    source_str, token_delim=" ", seq_delim="\n", to_lower=False, counter_to_update=None
):
    """How often each token occurs in a text.

    Args:
        source_str (str): The text.
        token_delim (str): What stands between tokens, a regular expression.
        seq_delim (str): What stands between sequences of tokens, a regular expression.
        to_lower (bool): Whether upper case counts as lower case.
        counter_to_update (collections.Counter): Where to count on; not changed itself.

    Returns:
        collections.Counter: Numbers by token.

    Raises:
        ValueError: A delimiter is no regular expression.

    Example:
        >>> count_tokens_from_str(" Life is great ! \\n life is good . ", to_lower=True)["life"]
        2
    """
    try:
        tokens = re.split(f"{token_delim}|{seq_delim}", source_str)
    except re.error as cause:
        raise error.ValueError(
            f"count_tokens_from_str: token_delim={token_delim!r}, seq_delim={seq_delim!r}: {cause}"
            "; regular expressions are expected, such as \\* for a star"
        ) from cause
    counter = collections.Counter(counter_to_update or ())
    counter.update(token.lower() if to_lower else token for token in tokens if token)
    return counter
