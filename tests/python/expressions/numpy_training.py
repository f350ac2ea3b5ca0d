"""Training with arrays of mx.np: optimizers, trainers, stores, gradients. Each line is a snippet."""

_OPTIMIZERS = """
'sgd', {'learning_rate': 0.1}
'sgd', {'learning_rate': 0.1, 'momentum': 0.9, 'wd': 0.01}
'sgd', {'learning_rate': 0.1, 'clip_gradient': 0.5}
'nag', {'learning_rate': 0.1, 'momentum': 0.9}
'adam', {'learning_rate': 0.1}
'adam', {'learning_rate': 0.1, 'wd': 0.1, 'beta1': 0.5}
'adagrad', {'learning_rate': 0.1}
'adadelta', {}
'rmsprop', {'learning_rate': 0.1}
'rmsprop', {'learning_rate': 0.1, 'centered': True}
'ftrl', {'learning_rate': 0.1}
'ftml', {'learning_rate': 0.1}
'adamax', {'learning_rate': 0.1}
'nadam', {'learning_rate': 0.1}
'signum', {'learning_rate': 0.1}
'dcasgd', {'learning_rate': 0.1}
'lamb', {'learning_rate': 0.1}
'lars', {'learning_rate': 0.1}
'test', {'learning_rate': 0.1}
""".strip().splitlines()

_TRAIN = (
    "n = nn.Dense(1, in_units=2); n.initialize('ones'); "
    "t = gluon.Trainer(n.collect_params(), {optimizer}); l = gluon.loss.L2Loss(); {hybrid}"
    "f = lambda: [ag.set_recording(True), l(n(x), v[:2]).backward(), ag.set_recording(False), "
    "t.step(2)]; f(); f(); f(); [n.weight.data(), n.bias.data()]"
)

_OTHERS = """
n = nn.Dense(1, in_units=2); n.initialize('ones'); t = gluon.Trainer(n.collect_params(), 'sgd', {'learning_rate': 0.5}, kvstore=None); ag.set_recording(True); n(x).backward(); ag.set_recording(False); t.step(1); n.weight.data()
n = nn.Dense(1, in_units=2); n.initialize('ones'); t = gluon.Trainer(n.collect_params(), 'sgd', update_on_kvstore=False); ag.set_recording(True); n(x).backward(); ag.set_recording(False); t.allreduce_grads(); t.update(1); n.weight.data()
n = nn.Dense(1, in_units=2); n.initialize('ones', ctx=[mx.cpu(0), mx.cpu(1)]); t = gluon.Trainer(n.collect_params(), 'sgd'); ag.set_recording(True); l = [n(x), n(x.copyto(mx.cpu(1)))]; ag.set_recording(False); ag.backward(l); t.step(1); n.weight.list_data()
n = nn.Dense(1, in_units=2); n.initialize('ones'); t = gluon.Trainer(n.collect_params(), 'adam'); t.learning_rate
n = nn.Dense(1, in_units=2); n.initialize('ones'); t = gluon.Trainer(n.collect_params(), 'adam'); t.set_learning_rate(0.5); t.learning_rate
k = mx.kv.create('local'); k.init('a', v); o = np.zeros(3); k.pull('a', o); o
k = mx.kv.create('local'); k.init('a', v); k.push('a', v * 2); o = np.zeros(3); k.pull('a', o); o
k = mx.kv.create('local'); k.init('a', v); k.push('a', [v, v]); o = [np.zeros(3), np.zeros(3)]; k.pull('a', o); o
k = mx.kv.create('device'); k.init(['a', 'b'], [v, v]); o = np.zeros(3); k.pushpull('a', [v, v], out=o); o
k = mx.kv.create('local'); k.init('a', v); k.set_optimizer(mx.optimizer.SGD(learning_rate=1.0)); k.push('a', np.ones(3)); o = np.zeros(3); k.pull('a', o); o
w = np.ones(2); u = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5)); u(0, np.ones(2), w); w
w = np.ones(2); u = mx.optimizer.get_updater(mx.optimizer.Adam()); u(0, np.ones(2), w); u(0, np.ones(2), w); w
x.attach_grad(); ag.set_recording(True); l = np.exp(x); ag.set_recording(False); l.backward(); x.grad
x.attach_grad(); ag.set_recording(True); l = x + x * 2; ag.set_recording(False); l.backward(); x.grad
x.attach_grad('add'); ag.set_recording(True); l = x * 2; l.backward(); l = x * 3; ag.set_recording(False); l.backward(); x.grad
x.attach_grad(); ag.set_recording(True); l = npx.softmax(x); ag.set_recording(False); l.backward(x); x.grad
x.attach_grad(); ag.set_recording(True); l = x * x; ag.set_recording(False); ag.grad(l, x).asnumpy()
x.attach_grad(); ag.set_recording(True); l = x * x; ag.set_recording(False); ag.grad(l, [x], head_grads=x)[0].asnumpy()
x.attach_grad(); ag.set_recording(True); l = x.detach() * x; ag.set_recording(False); l.backward(); x.grad
g = np.zeros((2, 2)); ag.mark_variables([x], [g]); ag.set_recording(True); l = x * 5; ag.set_recording(False); ag.backward([l]); g
x.attach_grad(); x.grad
x.grad
with_record = type('F', (ag.Function,), {'forward': lambda self, a: a * 2, 'backward': lambda self, g: g * 7})(); x.attach_grad(); ag.set_recording(True); l = with_record(x); ag.set_recording(False); l.backward(); [l, x.grad]
mx.test_utils.same(x, x)
mx.test_utils.almost_equal(x, x + 1e-9)
mx.test_utils.assert_almost_equal(x, x + 1)
mx.test_utils.assert_almost_equal(x, x)
mx.test_utils.assert_almost_equal(x, x.asnumpy())
mx.test_utils.same_array(x, x)
len(mx.test_utils.rand_shape_nd(3))
mx.test_utils.rand_ndarray((2, 2)).shape
mx.test_utils.use_np is mx.util.use_np
mx.test_utils.effective_dtype(x)
mx.test_utils.new_matrix_with_real_eigvals_nd((2, 3, 3)).shape
mx.test_utils.new_sym_matrix_with_real_eigvals_nd((2, 3, 3)).shape
mx.test_utils.collapse_sum_like(onp.ones((2, 3)), (1, 3))
mx.test_utils.check_symbolic_forward(sx + 1, [onp.ones(2)], [onp.ones(2) * 2])[0].asnumpy()
mx.test_utils.check_symbolic_backward(sx * 2, [onp.ones(2)], [onp.ones(2)], [onp.ones(2) * 2])
mx.test_utils.check_numeric_gradient(sym.npx.relu(sx), [onp.array([1.0, -2.0])])
mx.test_utils.check_numeric_gradient(sx * sx, [onp.array([1.0, -2.0])])
""".strip().splitlines()

SNIPPETS = [
    *(_TRAIN.format(optimizer=each, hybrid="") for each in _OPTIMIZERS),
    *(_TRAIN.format(optimizer=each, hybrid="n.hybridize(); ") for each in _OPTIMIZERS[:3]),
    *_OTHERS,
]
