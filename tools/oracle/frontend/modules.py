"""Modules: parameters and outputs after training, predicting, saving and loading.

Reading the running averages of batch norm does not wait for the training step in MXNet 1.9.1, so
everything is waited for before parameters are looked at.
"""

import logging
import re
import tempfile
from pathlib import Path

import numpy as np

from .digest import digest

RNG = np.random.RandomState(0)
DATA = RNG.randn(20, 4).astype("float32")
LABEL = RNG.randint(0, 3, 20).astype("float32")


def network(mx, norm=True):
    """Two dense layers, with or without batch norm between them."""
    sym = mx.sym
    x = sym.FullyConnected(sym.Variable("data"), num_hidden=5, name="fc1")
    if norm:
        x = sym.BatchNorm(x, name="bn", fix_gamma=False)
    x = sym.FullyConnected(sym.Activation(x, act_type="tanh", name="act"), num_hidden=3, name="fc2")
    return sym.SoftmaxOutput(x, name="softmax")


def batches(mx, size=5, **options):
    """An iterator over the data."""
    return mx.io.NDArrayIter(DATA, LABEL, size, **options)


def params(mx, module):
    """The parameters, once everything that changes them is done."""
    mx.nd.waitall()
    return digest(list(module.get_params()))


def _bound(mx, norm=True, size=5, **options):
    module = mx.mod.Module(network(mx, norm))
    data = batches(mx, size)
    module.bind(data.provide_data, data.provide_label, **options)
    mx.random.seed(5)
    module.init_params(mx.init.Xavier())
    return module, data


def _fit(norm=True, size=5, epochs=2, module_options=lambda mx: {}, **options):
    def run(mx):
        mx.random.seed(5)
        module = mx.mod.Module(network(mx, norm), **module_options(mx))
        given = {key: value(mx) if callable(value) else value for key, value in options.items()}
        module.fit(
            batches(mx, size), num_epoch=epochs, **{"initializer": mx.init.Xavier(), **given}
        )
        results = [params(mx, module), digest(module.predict(batches(mx, size)))]
        return results + [digest(module.score(batches(mx, size), ["acc", "ce"]))]

    return run


def _schedule(mx):
    schedule = mx.lr_scheduler.FactorScheduler(3, 0.5)
    return {"learning_rate": 0.5, "lr_scheduler": schedule}


MOMENTUM = {"learning_rate": 0.1, "momentum": 0.9, "wd": 1e-3}


def _steps(mx):
    module, data = _bound(mx)
    module.init_optimizer(optimizer_params=MOMENTUM)
    batch = data.next()
    results = []
    for _ in range(3):
        module.forward_backward(batch)
        module.update()
        results.append([digest(module.get_outputs()), params(mx, module)])
    module.forward(batch, is_train=False)
    return results + [digest(module.get_outputs())]


def _other_batch_sizes(mx):
    module, _ = _bound(mx)
    module.init_optimizer(optimizer_params=MOMENTUM)
    results = []
    for size in (2, 7, 5):
        data, label = mx.nd.array(DATA[:size]), mx.nd.array(LABEL[:size])
        module.forward_backward(mx.io.DataBatch([data], [label]))
        module.update()
        shapes = [[desc.name, list(desc.shape)] for desc in module.data_shapes]
        results.append(
            [
                digest(module.get_outputs()),
                shapes,
                list(map(list, [shape for _, shape in module.output_shapes])),
            ]
        )
    return results + [params(mx, module)]


def _input_gradients(request):
    def run(mx):
        module, data = _bound(mx, inputs_need_grad=True, grad_req=request)
        batch = data.next()
        results = []
        for _ in range(2):
            module.forward_backward(batch)
            results.append(digest(module.get_input_grads()))
        return results

    return run


def _head_gradients(mx):
    dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    module = mx.mod.Module(dense, label_names=None)
    module.bind([("data", (3, 4))])
    mx.random.seed(5)
    module.init_params()
    data = mx.nd.array(DATA[:3])
    module.forward(mx.io.DataBatch([data]), is_train=True)
    module.backward([mx.nd.array([[1, 2], [3, 4], [5, 6]])])
    return digest(module._exec_group.grad_arrays)


def _predictions(mx):
    module, data = _bound(mx, size=6)
    lists = module.predict(data, merge_batches=False)
    batches_left = [
        [digest(out), number, batch.pad]
        for out, number, batch in module.iter_predict(data, num_batch=2)
    ]
    return [
        digest(module.predict(data)),
        digest(module.predict(data, num_batch=2, always_output_list=True)),
        digest(lists),
        batches_left[:1],
    ]


def _two_outputs(mx):
    sym = mx.sym
    x = sym.Variable("data")
    both = sym.Group([sym.FullyConnected(x, num_hidden=2, name="fc"), sym.BlockGrad(x * 2)])
    module = mx.mod.Module(both, label_names=None)
    module.bind([("data", (3, 4))], for_training=False)
    module.init_params(mx.init.One())
    return digest(module.predict(mx.io.NDArrayIter(DATA, None, 3)))


def _checkpoint(mx):
    with tempfile.TemporaryDirectory() as folder:
        prefix = str(Path(folder) / "net")
        module, data = _bound(mx)
        module.init_optimizer(optimizer_params=MOMENTUM)
        batch = data.next()
        module.forward_backward(batch)
        module.update()
        mx.nd.waitall()
        module.save_checkpoint(prefix, 3, save_optimizer_states=True)
        loaded = mx.mod.Module.load(prefix, 3, load_optimizer_states=True)
        loaded.bind(data.provide_data, data.provide_label)
        loaded.init_optimizer(optimizer_params=MOMENTUM)
        results = [sorted(mx.nd.load(prefix + "-0003.params")), params(mx, loaded)]
        loaded.forward_backward(batch)
        loaded.update()
        return results + [params(mx, loaded), digest(loaded._updater.states)]


def _feed_forward(mx):
    """The trainer of the first versions, on arrays that it shuffles."""
    np.random.seed(3)
    mx.random.seed(5)
    model = mx.model.FeedForward(
        network(mx, False),
        num_epoch=2,
        numpy_batch_size=4,
        initializer=mx.init.Xavier(),
        **MOMENTUM,
    )
    model.fit(DATA, LABEL)
    results = [digest(model.arg_params), digest(model.predict(DATA))]
    return results + [model.score(batches(mx), "acc")]


def _shared(mx):
    module, data = _bound(mx)
    module.init_optimizer(optimizer_params=MOMENTUM)
    other = mx.mod.Module(network(mx))
    other.bind([("data", (2, 4))], [("softmax_label", (2,))], shared_module=module)
    other.forward_backward(mx.io.DataBatch([mx.nd.array(DATA[:2])], [mx.nd.array(LABEL[:2])]))
    other.update()
    return params(mx, other)


def _logged(mx):
    """The lines that training logs, without times."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        mx.random.seed(5)
        module = mx.mod.Module(network(mx))
        module.fit(
            batches(mx),
            eval_data=batches(mx),
            eval_metric=["acc", "ce"],
            num_epoch=2,
            optimizer_params=_schedule(mx),
            batch_end_callback=mx.callback.log_train_metric(2),
        )
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    lines = [line for line in lines if "Time cost" not in line]
    numbers = [[float(x) for x in re.findall(r"\d+\.\d+(?:e-\d+)?", line)] for line in lines]
    return [re.sub(r"\d+\.\d+(?:e-\d+)?", "#", line) for line in lines] + numbers


def _features(mx):
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=5, name="fc1")
    return mx.mod.Module(mx.sym.Activation(x, act_type="tanh", name="act"), label_names=None)


def _chain_fit(last, **meta):
    """The case that trains features and a last module as a chain."""

    def run(mx):
        mx.random.seed(5)
        chain = mx.mod.SequentialModule().add(_features(mx))
        chain.add(last(mx), take_labels=True, **meta)
        chain.fit(batches(mx), num_epoch=2, initializer=mx.init.Xavier(), eval_metric="acc")
        shapes = [list(desc[1]) for desc in chain.data_shapes + chain.output_shapes]
        scores = digest(chain.score(batches(mx), "acc"))
        return [params(mx, chain), digest(chain.predict(batches(mx))), scores, shapes]

    return run


def _classifier(mx):
    x = mx.sym.FullyConnected(mx.sym.Variable("act_output"), num_hidden=3, name="fc2")
    return mx.mod.Module(mx.sym.SoftmaxOutput(x, name="softmax"), data_names=["act_output"])


def _python_loss(mx):
    def gradient(scores, labels):
        return scores.asnumpy() - np.eye(5)[labels.asnumpy().astype(int)]

    return mx.mod.PythonLossModule(grad_func=gradient)


CASES = {
    "fit": _fit(optimizer_params=MOMENTUM),
    "fit_adam": _fit(False, optimizer="adam", optimizer_params={"learning_rate": 0.01}),
    "fit_default": _fit(initializer=lambda mx: mx.init.Uniform(0.01)),
    "fit_padded": _fit(size=6, optimizer_params=MOMENTUM),
    "fit_schedule": _fit(optimizer_params=_schedule),
    "fit_fixed": _fit(module_options=lambda mx: {"fixed_param_names": ["fc1_weight", "bn_gamma"]}),
    "fit_two_devices": _fit(
        False,
        4,
        optimizer_params=MOMENTUM,
        module_options=lambda mx: {"context": [mx.cpu(0), mx.cpu(1)]},
    ),
    "fit_uneven_devices": _fit(
        False,
        4,
        optimizer_params=MOMENTUM,
        module_options=lambda mx: {"context": [mx.cpu(0), mx.cpu(1)], "work_load_list": [3, 1]},
    ),
    "fit_without_kvstore": _fit(
        False,
        4,
        optimizer_params=MOMENTUM,
        kvstore=None,
        module_options=lambda mx: {"context": [mx.cpu(0), mx.cpu(1)]},
    ),
    "steps": _steps,
    "other_batch_sizes": _other_batch_sizes,
    "input_gradients": _input_gradients("write"),
    "input_gradients_added": _input_gradients("add"),
    "head_gradients": _head_gradients,
    "predictions": _predictions,
    "two_outputs": _two_outputs,
    "checkpoint": _checkpoint,
    "feed_forward": _feed_forward,
    "shared": _shared,
    "logged": _logged,
    "chain": _chain_fit(_classifier),
    "chain_of_python_loss": _chain_fit(_python_loss, auto_wiring=True),
}
