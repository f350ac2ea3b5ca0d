"""Composing symbols, their names, attributes, shapes and types."""

CONV = "c = sym.Convolution(a, kernel=(3, 3), num_filter=8, name='c1'); "
BN = CONV + "n = sym.BatchNorm(c); "
GROUP = CONV + "g = sym.Group([c, a]); "

SNIPPETS = """
a + b
a - b
a * b
a / b
a ** b
a % b
a + 1
1 + a
a - 1
1 - a
a * 2
a / 2
2 / a
a ** 2
2 ** a
a % 2
2 % a
-a
abs(a)
a > b
a > 1
a < 1
a < b
a == b
a == 1
a != b
a >= b
a <= 1
1 > a
a + None
a + 'a'
bool(a)
(a + 1).list_attr()
a * 2.5
sym.concat(a, b, dim=1)
sym.Concat(a, b)
sym.zeros((2,))
sym.ones((2, 3), dtype='float16')
sym.full((2,), 3)
sym.arange(3)
sym.eye(3)
sym.linspace(0, 1, 3)
sym.maximum(a, b)
sym.maximum(a, 1)
sym.minimum(1, a)
sym.pow(a, 2)
sym.power(a, b)
sym.hypot(a, b)
sym.maximum(1, 2)
sym.sum(a, axis=1)
a.sum(axis=1)
a.reshape((2, -1))
a.reshape(shape=(2, -1))
a.transpose()
a.flatten()
a.relu()
a.astype('float32')
a.softmax(axis=1)
a.slice_axis(axis=0, begin=0, end=None)
a.expand_dims(axis=0)
a.squeeze()
sym.mean(a, axis=(1, 2))
sym.Reshape(a, shape=[1, 2])
sym.Cast(a, dtype=np.float16)
sym.Cast(a, dtype='float16')
sym.Dropout(a, p=0.5, mode=None)
sym.add_n(a, b)
sym.ElementWiseSum(a, b)
sym.elemwise_add(a, b)
sym.broadcast_add(a, b)
sym.broadcast_plus(a, b)
sym._internal._plus(a, b)
sym.split_v2(a, 2)
sym.FullyConnected(a, num_hidden=3)
sym.FullyConnected(a, num_hidden=3, name='fc', attr={'__lr_mult__': '2'})
sym.FullyConnected(a, num_hidden=3, lr_mult=2)
sym.FullyConnected(a, num_hidden=3, foo=2)
sym.FullyConnected(a)
sym.FullyConnected(data=a, num_hidden=3)
sym.FullyConnected(num_hidden=3)
sym.FullyConnected(3, num_hidden=3)
sym.FullyConnected(a, weight=b, num_hidden=3)
sym.FullyConnected(a, num_hidden=3, no_bias=True)
sym.Activation(a, 'relu')
sym.SliceChannel(a, num_outputs=2)
sym.SliceChannel(a, num_outputs=2)[1]
sym.concat(*sym.SliceChannel(a, num_outputs=2))
sym.concat(sym.SliceChannel(a, num_outputs=2))
sym.FullyConnected(sym.SliceChannel(a, num_outputs=2), num_hidden=2)
sym.random.uniform(shape=(2,))
sym.random.normal(0, 1, shape=(2,))
sym.Variable('w', shape=(2, 3), lr_mult=2, wd_mult=0.5, dtype='float16', init=mx.init.Zero())
sym.Variable('w', attr={'a': 'b'})
sym.Variable('w', foo=3)
sym.Variable('w', __foo__='3')
sym.Variable(3)
sym.var('v').name
a.attr('a')
a.list_attr()
sym.Group([])
sym.load_json('{')
sym.load('no-such-file')
a.wait_to_read()
a.infer_shape()
(a + b).infer_shape(a=(2, 3), b=(2, 4))
(a + b).infer_shape(a=(2, 0), b=(0, 4))
(a + b).infer_type(a='float16')
(a * 2).infer_type(a=np.int32)
sym.FullyConnected(a, num_hidden=3, name='fc').infer_shape(a=(5, 7))
sym.FullyConnected(a, num_hidden=3, name='fc').infer_shape((5, 7))
sym.FullyConnected(a, num_hidden=3, name='fc').infer_shape_partial()
sym.FullyConnected(a, num_hidden=3, name='fc').infer_shape(fc_weight=(3, 9))
sym.FullyConnected(a, num_hidden=3, name='fc').infer_shape_partial(fc_weight=(3, 9))
sym.Variable('v', shape=(2, 3)).infer_shape()
(sym.Variable('v', shape=(2, 3)) + 1).infer_shape()
sym.zeros((2, 3)).infer_shape()
sym.zeros((0, 3)).infer_shape_partial()
(sym.zeros((0, 3)) + a).infer_shape(a=(4, 3))
with mx.AttrScope(ctx_group='dev1', __a__='b'): o = sym.FullyConnected(a, num_hidden=3)~o
with mx.AttrScope(lr_mult='3'): o = sym.Variable('w')~o
with mx.name.Prefix('p_'): o = sym.FullyConnected(a, num_hidden=3)~o
mx.AttrScope(a=3)
(a + 1).eval(a=nd.ones((2,)))
(a + b).eval(a=nd.ones((2,)))
(a + b).tojson()
sym.load_json((a + b).tojson())
mx.sym.Group([a + b, a]).tojson()
import copy; copy.copy(a + b)
import copy; copy.deepcopy(a + b)
import pickle; pickle.loads(pickle.dumps(a + b))
sym.abs(a, 'n', {'k': 'v'})
sym.Activation(a, 'relu', 'n')
sym.FullyConnected(a, None, None, 3, True, True, 'n')
a.sum(0, False, False, 'n')
a.relu('n', {'k': 'v'})
nd.sqrt(x, nd.zeros((2, 2)), 'n')
sym.contrib.hawkesll(name='h').list_outputs()
""".strip().splitlines()
SNIPPETS = [line.replace("~", "\n") for line in SNIPPETS]
SNIPPETS += [
    CONV + line
    for line in """
c
c.list_arguments()
c.attr_dict()
c.list_attr()
c.attr('kernel')
c.get_internals()
c.get_internals()['c1_output']
c.get_children()
a.get_children()
c.infer_shape(a=(1, 3, 8, 8))
c.infer_shape(a=(1, 3, 2, 2))
c.infer_shape(a=(1, 3, 8))
c.infer_shape()
c.infer_shape_partial()
c.infer_shape_partial(a=(1, 0, 8, 8))
c.infer_shape(foo=(1,))
c.infer_shape(a=3)
c.infer_type(a='float32')
c.infer_type(a=np.float16)
c.infer_type()
c(a=b)
c(b)
c(foo=b)
c(a=3)
c.tojson()
c.list_attr(recursive=True)
""".strip().splitlines()
]
SNIPPETS += [
    BN + line
    for line in """
n.list_auxiliary_states()
n.list_arguments()
n.list_outputs()
n.list_inputs()
n.attr_dict()
n.get_internals().list_outputs()
n.infer_shape(a=(2, 3, 8, 8))
n.infer_type(a='float16')
n.tojson()
""".strip().splitlines()
]
SNIPPETS += [
    GROUP + line
    for line in """
g.list_outputs()
g.name
repr(g)
g[0]
g[1]
g[-1]
g['a']
g['zz']
g[5]
list(g)
len(g)
g.attr('a')
g.infer_shape(a=(1, 3, 8, 8))
""".strip().splitlines()
]
