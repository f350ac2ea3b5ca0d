"""Find names, places and dates in sentences with a bidirectional LSTM and a CRF, in Gluon.

Sentences come from a small grammar. Some words may be the name of a person or of a place, and one
name in three is a word that was never seen, so that only the words around can tell.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn, rnn

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-DATE", "I-DATE")
LENGTH, BATCH = 18, 20
NAMES = "anna omar lena ivan mary paris austin jordan sydney florence".split()
PLACES = "rome lima oslo cairo delhi paris austin jordan sydney florence".split()
MONTHS = "january march may july october".split()
PATTERNS = (
    "PER met PER in LOC on DATE .",
    "on DATE PER and PER left LOC .",
    "LOC is where PER was born .",
    "PER told PER about LOC .",
    "they say PER went from LOC to LOC .",
    "the mayor of LOC , PER , spoke on DATE .",
    "LOC and LOC were far away when she was there .",
    "PER and PER were far away when she was there , they say .",
    "not PER , but PER of LOC was there .",
    "not LOC , but LOC is where she was .",
)
UNKNOWN, PADDING = 0, 1


def phrase(random, kind):
    """Words for a person, a place or a date; None for a word that nobody knows."""
    if kind == "DATE":
        words = [str(random.randint(1, 29)), random.choice(MONTHS)]
        return words + ["1999"] * (random.rand() < 0.3)
    word = random.choice(NAMES if kind == "PER" else PLACES)
    words = [None if random.rand() < 1 / 3 else str(word)]
    if random.rand() < 0.4:
        words = [*words, None] if kind == "PER" else ["new", *words]
    return words


def sentence(random):
    """Words and their tags."""
    words, tags = [], []
    for part in str(random.choice(PATTERNS)).split():
        found = phrase(random, part) if part.isupper() else [part]
        words += found
        tags += [
            f"{'I' if i else 'B'}-{part}" if part.isupper() else "O" for i in range(len(found))
        ]
    return words, tags


def make_sentences(random, count, numbers):
    """Numbers of words and of tags, int32 (count, LENGTH), and 1 where there is a word.

    Args:
        random (numpy.random.RandomState): Where chance comes from.
        count (int): How many.
        numbers (dict): The numbers of the words; new words are added.
    """
    words = np.full((count, LENGTH), PADDING, np.int32)
    tags, mask = np.zeros_like(words), np.zeros((count, LENGTH), np.float32)
    for row in range(count):
        found, kinds = sentence(random)
        size = len(found)
        words[row, :size] = [
            UNKNOWN if word is None else numbers.setdefault(word, len(numbers)) for word in found
        ]
        tags[row, :size] = [TAGS.index(kind) for kind in kinds]
        mask[row, :size] = 1
    return words, tags, mask


class Tagger(gluon.HybridBlock):
    """Scores of tags (T, N, K) for words (T, N)."""

    def __init__(self, words):
        super().__init__()
        with self.name_scope():
            self.embed = nn.Embedding(words, 24)
            self.lstm = rnn.LSTM(32, bidirectional=True, input_size=24)
            self.scores = nn.Dense(len(TAGS), flatten=False, in_units=64)

    def hybrid_forward(self, F, words):
        return self.scores(self.lstm(self.embed(words)))


class Crf(gluon.HybridBlock):
    """A chain of tags: what follows what has a score too."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            count = len(TAGS)
            self.follow = self.params.get("follow", shape=(count, count), init=mx.init.Zero())

    def hybrid_forward(self, F, scores, tags, mask, follow):
        """Negative log likelihood (N,) of tags (T, N); scores (T, N, K), mask (T, N)."""
        return self._all_paths(F, scores, mask, follow) - self._path(F, scores, tags, mask, follow)

    def _all_paths(self, F, scores, mask, follow):
        """The forward algorithm: logarithm of the sum over all sequences of tags."""
        steps = F.split(scores, num_outputs=LENGTH, axis=0, squeeze_axis=True)
        there = F.split(mask, num_outputs=LENGTH, axis=0, squeeze_axis=True)
        total = steps[0]
        for step, is_word in zip(steps[1:], there[1:]):
            ways = F.broadcast_add(total.expand_dims(2), follow.expand_dims(0))
            following = log_sum_exp(F, ways, axis=1) + step
            total = F.where(is_word, following, total)
        return log_sum_exp(F, total, axis=1)

    def _path(self, F, scores, tags, mask, follow):
        """The score of one sequence of tags."""
        chosen = F.one_hot(tags, len(TAGS))
        emitted = (chosen * scores).sum(axis=2) * mask
        before, after = (
            F.slice_axis(chosen, axis=0, begin=0, end=-1),
            F.slice_axis(chosen, axis=0, begin=1, end=None),
        )
        moved = (F.dot(before, follow) * after).sum(axis=2)
        moved = moved * F.slice_axis(mask, axis=0, begin=1, end=None)
        return emitted.sum(axis=0) + moved.sum(axis=0)


def log_sum_exp(F, x, axis):
    """Logarithm of the sum of exponentials, without overflow."""
    most = F.BlockGrad(x.max(axis=axis, keepdims=True))
    summed = F.broadcast_sub(x, most).exp().sum(axis=axis, keepdims=True)
    return (summed.log() + most).squeeze(axis=axis)


def viterbi(scores, lengths, follow):
    """The best sequences of tags, lists of numbers; scores (T, N, K), follow (K, K)."""
    total, came_from = scores[0], []
    for step, row in enumerate(scores[1:], 1):
        ways = total[:, :, None] + follow
        came_from.append(ways.argmax(axis=1))
        total = np.where((step < lengths)[:, None], ways.max(axis=1) + row, total)
    paths = []
    for i, length in enumerate(lengths):
        path = [total[i].argmax()]
        for step in range(length - 2, -1, -1):
            path.insert(0, came_from[step][i, path[0]])
        paths.append(path)
    return paths


def entities(tags):
    """Set of (first word, word behind the last, kind) in a list of tags' numbers."""
    found, start = set(), None
    for i, tag in enumerate([*(TAGS[tag] for tag in tags), "O"]):
        if start is not None and not tag == "I-" + TAGS[tags[start]][2:]:
            found.add((start, i, TAGS[tags[start]][2:]))
            start = None
        if tag.startswith("B-"):
            start = i
    return found


def f1_score(paths, tags, mask):
    """Harmonic mean of precision and recall of whole names, places and dates."""
    right = guessed = there = 0
    for path, row, words in zip(paths, tags, mask):
        wanted, got = entities(row[: int(words.sum())]), entities(path)
        right, guessed, there = right + len(wanted & got), guessed + len(got), there + len(wanted)
    return 2 * right / (guessed + there)


def train(tagger, crf, data, epochs):
    """Train with Adam; gives the `Progress` with its losses."""
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(*data), BATCH, shuffle=True)
    parameters = gluon.ParameterDict()
    for net in (tagger, crf):
        net.initialize(mx.init.Xavier())
        net.hybridize()
        parameters.update(net.collect_params())
    trainer = gluon.Trainer(parameters, "adam", {"learning_rate": 0.005})
    progress = shared.Progress(epochs, len(loader))
    for _ in range(epochs):
        for batch in loader:
            words, tags, mask = (each.T for each in batch)
            with autograd.record():
                loss = crf(tagger(words), tags, mask)
            loss.backward()
            trainer.step(BATCH)
            progress.step(loss.mean().asscalar())
        progress.epoch()
    return progress


def plot_transitions(axes, follow):
    """Draw how well each tag (row) is followed by each (column)."""
    axes.imshow(follow, cmap="RdBu", vmin=-abs(follow).max(), vmax=abs(follow).max())
    axes.set_xticks(range(len(TAGS)), TAGS, rotation=90)
    axes.set_yticks(range(len(TAGS)), TAGS)
    axes.set_title("score of the next tag")


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=10, quick=2), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    random, numbers = np.random.RandomState(read.seed), {None: UNKNOWN, "": PADDING}
    data = make_sentences(random, 800, numbers)
    words, tags, mask = make_sentences(random, 400, numbers)
    tagger, crf = Tagger(len(numbers)), Crf()
    progress = train(tagger, crf, data, read.epochs)
    follow = crf.follow.data().asnumpy()
    scores = tagger(mx.nd.array(words.T)).asnumpy()
    paths = viterbi(scores, mask.sum(axis=1).astype(int), follow)
    texts = {number: word for word, number in numbers.items()}
    for path, row in list(zip(paths, words))[:3]:
        print(" ".join(f"{texts[word] or '?'}/{TAGS[tag]}" for word, tag in zip(row, path)))

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        plot_transitions(axes[1], follow)

    shared.save_picture(read.out / "lstm_crf.png", draw, columns=2)
    figure, goal = f1_score(paths, tags, mask), 0.7 if read.quick else 0.98
    return shared.finish(read, "lstm_crf", progress.losses, figure, goal, "F1 on new sentences")


if __name__ == "__main__":
    sys.exit(main())
