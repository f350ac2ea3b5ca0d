"""FeedForward, the trainer of the first versions."""

import numpy as np
import pytest

import mxnet as mx

RNG = np.random.RandomState(0)
DATA = RNG.randn(20, 4).astype("float32")
LABEL = (DATA[:, 0] > 0).astype("float32")
pytestmark = pytest.mark.filterwarnings("ignore:FeedForward is deprecated")


def network():
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def model(**options):
    options = {"num_epoch": 10, "numpy_batch_size": 5, "learning_rate": 0.5, **options}
    return mx.model.FeedForward(network(), **options)


@pytest.fixture
def trained():
    made = model()
    made.fit(DATA, LABEL)
    return made


def test_it_learns_from_arrays(trained):
    found = trained.predict(DATA)
    assert isinstance(found, np.ndarray) and found.shape == (20, 2)
    assert (found.argmax(1) == LABEL).mean() >= 0.9
    assert trained.score(mx.io.NDArrayIter(DATA, LABEL, 5)) >= 0.9


def test_it_gives_data_and_labels_back(trained):
    found, data, label = trained.predict(mx.io.NDArrayIter(DATA, LABEL, 6), return_data=True)
    np.testing.assert_allclose(found, trained.predict(DATA), rtol=1e-5)
    np.testing.assert_array_equal(data, DATA)
    np.testing.assert_array_equal(label, LABEL)
    assert len(trained.predict(mx.io.NDArrayIter(DATA, LABEL, 6), num_batch=2)) == 12


def test_round_trip(trained, tmp_path):
    trained.save(str(tmp_path / "net"))
    loaded = mx.model.FeedForward.load(str(tmp_path / "net"), 10)
    assert loaded.begin_epoch == 10
    np.testing.assert_allclose(loaded.predict(DATA), trained.predict(DATA), rtol=1e-6)


def test_epoch_size_counts_batches():
    calls = []
    model(num_epoch=2, epoch_size=3).fit(
        DATA, LABEL, batch_end_callback=lambda param: calls.append((param.epoch, param.nbatch))
    )
    assert calls == [(epoch, batch) for epoch in (0, 1) for batch in (1, 2, 3)]


def test_create_fits():
    made = mx.model.FeedForward.create(
        network(), mx.io.NDArrayIter(DATA, LABEL, 5), num_epoch=1, learning_rate=0.1
    )
    assert sorted(made.arg_params) == ["fc_bias", "fc_weight"]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: model().fit(DATA), "y is not given"),
        (lambda: model().fit(DATA, LABEL[:3]), "X has 20 rows and y 3"),
        (lambda: model().fit("data"), "X is a str"),
        (lambda: model().predict(DATA), "there are no parameters"),
    ],
)
def test_errors(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()


def test_deprecation():
    with pytest.warns(DeprecationWarning, match="mx.mod.Module"):
        model()
