"""Chains of modules and modules in Python; test_frontend_results compares how they train."""

import numpy as np
import pytest

import mxnet as mx

DATA = [("data", (4, 3))]
LABEL = [("softmax_label", (4,))]


def dense(name, data="data"):
    net = mx.sym.FullyConnected(mx.sym.Variable(data), num_hidden=3, no_bias=True, name=name)
    return mx.mod.Module(net, data_names=[data], label_names=None)


class Double(mx.mod.PythonModule):
    """Gives twice its input."""

    def __init__(self):
        super().__init__(["data"], None, ["twice"])

    def _compute_output_shapes(self):
        return [("twice", self.data_shapes[0][1])]

    def forward(self, data_batch, is_train=None):
        self.outputs = [2 * data_batch.data[0]]

    def backward(self, out_grads=None):
        self.grads = [2 * out_grads[0]]

    def get_outputs(self, merge_multi_context=True):
        return self.outputs

    def get_input_grads(self, merge_multi_context=True):
        return self.grads


def test_gradients_go_through_the_chain():
    chain = mx.mod.SequentialModule().add(dense("a")).add(Double(), auto_wiring=True)
    chain.add(mx.mod.PythonLossModule(grad_func=lambda s, label: s * 0 + 1), take_labels=True)
    chain._metas[-1]["auto_wiring"] = True
    chain.bind(DATA, LABEL, inputs_need_grad=True)
    chain.init_params(mx.init.Constant(0.5))
    batch = mx.io.DataBatch([mx.nd.ones((4, 3))], [mx.nd.zeros((4,))])
    chain.forward(batch)
    assert chain.get_outputs()[0].asnumpy().tolist() == [[3.0] * 3] * 4
    chain.backward()
    assert chain.get_input_grads()[0].asnumpy().tolist() == [[3.0] * 3] * 4
    chain.init_optimizer(optimizer_params={"learning_rate": 1.0, "rescale_grad": 1.0})
    chain.update()
    np.testing.assert_allclose(chain.get_params()[0]["a_weight"].asnumpy(), 0.5 - 8)


def test_parameters_go_to_their_modules(tmp_path):
    chain = mx.mod.SequentialModule().add(dense("a")).add(dense("b", "a_output"))
    chain.bind(DATA)
    chain.init_params(mx.init.One())
    chain.save_params(str(tmp_path / "chain.params"))
    chain.init_params(mx.init.Zero(), force_init=True)
    chain.load_params(str(tmp_path / "chain.params"))
    params, _ = chain.get_params()
    assert sorted(params) == ["a_weight", "b_weight"]
    assert all((array.asnumpy() == 1).all() for array in params.values())
    with pytest.raises(ValueError, match="'c_weight' belongs to no module"):
        chain.set_params({"c_weight": mx.nd.ones((3, 3))}, {}, allow_missing=True)


def test_batches_of_another_size():
    chain = mx.mod.SequentialModule().add(dense("a")).add(dense("b", "a_output"))
    chain.bind(DATA, for_training=False)
    chain.init_params(mx.init.One())
    chain.forward(mx.io.DataBatch([mx.nd.ones((2, 3))], None), is_train=False)
    assert chain.get_outputs()[0].shape == (2, 3)


def chained(*modules, **meta):
    chain = mx.mod.SequentialModule()
    for module in modules:
        chain.add(module, **meta)
    return chain


def bound(module, data=DATA, label=None, **options):
    return lambda: module.bind(data, label, **options)


def pair():
    data = mx.sym.Variable("a") + mx.sym.Variable("b")
    return mx.mod.Module(data, data_names=["a", "b"], label_names=None)


@pytest.mark.parametrize(
    "call, message",
    [
        (bound(mx.mod.SequentialModule()), "it is empty"),
        (
            lambda: chained(dense("a"), takes_labels=True),
            "'takes_labels' is unknown; one of take_l",
        ),
        (
            bound(chained(dense("a"), pair(), auto_wiring=True)),
            "module 1 gets 1 arrays; one for ea",
        ),
        (bound(chained(dense("a")), shared_module=3), "a chain shares nothing"),
        (lambda: chained(dense("a")).get_outputs(), "SequentialModule: it is not bound"),
        (bound(Double(), [("x", (2, 3))]), r"data_shapes has the names \['x'\]; \['data'\]"),
        (bound(Double(), label=LABEL), "label_shapes has the names"),
        (bound(Double(), grad_req="add"), "grad_req='add' is not supported"),
        (lambda: mx.mod.PythonLossModule(data_names=["a", "b"]), "has 2 names; one is expected"),
        (lambda: mx.mod.PythonLossModule(grad_func=3), "grad_func=3 is a int"),
        (lambda: mx.mod.PythonLossModule().get_outputs(), "get_outputs: call forward"),
        (lambda: mx.mod.PythonLossModule().backward([1]), "a loss takes none"),
        (lambda: mx.mod.PythonLossModule().backward(), "call forward\\(is_train=True\\) first"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()


def test_parameters_of_one_name():
    chain = chained(dense("a"), dense("a", "a_output"))
    chain.bind(DATA)
    with pytest.raises(ValueError, match="modules 0 and 1 have a parameter 'a_weight' each"):
        chain.init_params()
