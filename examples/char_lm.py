"""Train a character language model with a recurrent network, in Gluon, and let it write.

The text is made by a small grammar: sentences whose verbs agree with a noun that may stand many
characters before. `--text FILE` takes any other text. The last tenth of it is kept to test with.
"""

import sys
from pathlib import Path

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn, rnn

BATCH, STEPS, UNITS = 20, 40, 128
MAX_NORM = 0.25  # of the gradients of a mean loss


def sentence(random):
    """A sentence such as "the cat that sees two dogs sleeps."."""
    nouns, verbs = ("cat", "dog", "horse", "bird", "friend"), ("sleep", "run", "sing", "wait")
    adjectives, seeing = ("old ", "small ", "happy ", "", "", ""), ("see", "hear", "like")

    def noun_phrase(plural):
        article = random.choice(("two", "some", "the")) if plural else random.choice(("a", "the"))
        noun = random.choice(nouns) + ("s" if plural else "")
        return f"{article} {random.choice(adjectives)}{noun}"

    plural = random.rand() < 0.5
    ending = "" if plural else "s"
    words = noun_phrase(plural)
    if random.rand() < 0.5:
        words += f" that {random.choice(seeing)}{ending} {noun_phrase(random.rand() < 0.5)}"
    return f"{words} {random.choice(verbs)}{ending}.\n"


def streams(numbers, batch):
    """Cut a text into so many pieces side by side, int32 (length, batch)."""
    length = len(numbers) // batch
    return numbers[: length * batch].reshape(batch, length).T


class Model(gluon.Block):
    """Scores of the next character, after each character of a batch of texts.

    Args:
        characters (int): How many different ones there are.
    """

    def __init__(self, characters):
        super().__init__()
        with self.name_scope():
            self.embed = nn.Embedding(characters, 32)
            self.lstm = rnn.LSTM(UNITS, input_size=32)
            self.scores = nn.Dense(characters, flatten=False, in_units=UNITS)

    def forward(self, text, state):
        """Takes characters (T, N) and a state; gives scores (T, N, C) and the state afterwards."""
        output, state = self.lstm(self.embed(text), state)
        return self.scores(output), state

    def begin_state(self, batch):
        """The state before a text."""
        return self.lstm.begin_state(batch)


def pieces(text):
    """Cut streams (length, batch) into pairs (input, next characters) of at most STEPS rows."""
    for start in range(0, len(text) - 1, STEPS):
        end = min(start + STEPS, len(text) - 1)
        yield mx.nd.array(text[start:end]), mx.nd.array(text[start + 1 : end + 1])


def train(model, text, test_text, epochs):
    """Train by truncated back-propagation: the state goes on from piece to piece, gradients do not.

    Returns:
        tuple: The `Progress` with its losses, and the perplexities on the test text by epoch.
    """
    model.initialize(mx.init.Xavier())
    trainer = gluon.Trainer(model.collect_params(), "adam", {"learning_rate": 0.005})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    progress, perplexities = shared.Progress(epochs, sum(1 for _ in pieces(text))), []
    for _ in range(epochs):
        state = model.begin_state(BATCH)
        for current, following in pieces(text):
            state = [each.detach() for each in state]
            with autograd.record():
                scores, state = model(current, state)
                loss = loss_of(scores, following).mean()
            loss.backward()
            gradients = [each.grad() for each in model.collect_params().values()]
            gluon.utils.clip_global_norm(gradients, MAX_NORM)
            trainer.step(1)
            progress.step(loss.asscalar())
        perplexities.append(perplexity(model, test_text))
        progress.epoch(perplexity=perplexities[-1])
    return progress, perplexities


def perplexity(model, text):
    """How many characters the model hesitates between, on average, in streams (length, batch)."""
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    state, total, count = model.begin_state(text.shape[1]), 0.0, 0
    for current, following in pieces(text):
        scores, state = model(current, state)
        total += loss_of(scores, following).mean().asscalar() * current.size
        count += current.size
    return float(np.exp(total / count))


def write(model, alphabet, length):
    """Let the model write a text, each character drawn with its probability."""
    state, last, text = model.begin_state(1), alphabet.index("\n"), ""
    for _ in range(length):
        scores, state = model(mx.nd.array([[last]]), state)
        last = int(mx.nd.random.multinomial(scores[0, 0].softmax()).asscalar())
        text += alphabet[last]
    return text


def main(arguments=None):
    parser = shared.parser(__doc__, epochs=8, quick=1)
    parser.add_argument("--text", type=Path, help="a text to learn instead of the grammar's")
    parser.add_argument("--goal", type=float, help="perplexity to reach (1.42, with --quick 1.6)")
    read = shared.options(parser, arguments)
    mx.random.seed(read.seed)
    random = np.random.RandomState(read.seed)
    text = read.text.read_text() if read.text else "".join(sentence(random) for _ in range(4000))
    alphabet = sorted(set(text) | {"\n"})
    numbers = np.array([alphabet.index(each) for each in text], np.int32)
    cut = len(numbers) * 9 // 10
    model = Model(len(alphabet))
    text, test_text = streams(numbers[:cut], BATCH), streams(numbers[cut:], BATCH)
    progress, perplexities = train(model, text, test_text, read.epochs)
    print(f"\n{write(model, alphabet, 300)}\n")

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        axes[1].plot(np.arange(len(perplexities)) + 1, perplexities, marker=".")
        axes[1].set(xlabel="epoch", ylabel="perplexity on the test text")

    shared.save_picture(read.out / "char_lm.png", draw, columns=2)
    goal = read.goal or (1.6 if read.quick else 1.42)
    reached = perplexity(model, test_text)
    return shared.finish(
        read, "char_lm", progress.losses, reached, goal, "perplexity of a character", rising=False
    )


if __name__ == "__main__":
    sys.exit(main())
