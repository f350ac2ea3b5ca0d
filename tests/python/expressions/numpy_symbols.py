"""Symbols of mx.np: operators, slices, outputs, binding, files. Each line is a snippet."""

SNIPPETS = """
sx
sx.as_nd_ndarray()
sx.as_np_ndarray()
sx.as_nd_ndarray().as_np_ndarray()
sx + sy
sx + 1
1 + sx
sx - sy
sx - 1.5
1 - sx
sx * sy
2 * sx
sx / sy
sx / 2
2 / sx
sx % sy
sx % 2
2 % sx
sx ** sy
sx ** 2
2 ** sx
-sx
sx < sy
sx <= 1
sx > sy
sx >= 1
sx == sy
sx != 2
2 < sx
sx + 'a'
sx + None
sx + x
bool(sx)
hash(sx)
len(sx)
list(sx)
iter(sx)
sx.num_outputs
sx += 1
sx.asnumpy()
sx.wait_to_read()
sx.copy()
sx.detach()
repr(sx)
str(sx + sy)
(sx + sy).list_arguments()
(sx + sy).infer_shape(sx=(2, 1), sy=(3,))
(sx + sy).infer_shape(sx=(2,), sy=())
(sx + sy).infer_shape(sx=(0, 2), sy=(1, 2))
(sx + sy).infer_shape_partial(sx=(2, 1))
(sx + sy).infer_type(sx='float32', sy='float32')
(sx + sy).attr_dict()
(sx + 2).list_attr()
(sx + 2.5).attr('scalar')
sx.list_attr()
sx['sx']
sx[0]
sx[1:3]
sx[0, 1:2]
sx[::2]
sx['a']
sx[[0, 1]]
sx[sy]
sx[1.5]
sx[0].eval(sx=y)
sx[1].eval(sx=z)
sx[1:2].eval(sx=y)
sx[0, 1:3].eval(sx=y)
sx[1, 2].eval(sx=y)
sx[1:, 0].eval(sx=y)
sx[::-1].eval(sx=y)
sx[:, ::2].eval(sx=y)
sx[0][1].eval(sx=z)
sx[1:1].eval(sx=y)
sx[7].eval(sx=y)
(sx + sy).eval(sx=x, sy=x)
(sx + sy).eval(sx=x, sy=v[:2])
(sx * 2 - sy / 4).eval(sx=x, sy=x)
(sx > 2).eval(sx=x)
(sx == sy).eval(sx=x, sy=x)
(-sx).eval(sx=x)
(1 / sx).eval(sx=x)
(2 ** sx).eval(sx=x)
(5 - sx).eval(sx=x)
(5 % sx).eval(sx=x)
sx.T.eval(sx=y)
sx.reshape(3, -1).eval(sx=y)
sx.reshape((4, 3)).eval(sx=y)
sx.reshape(-2, -1).eval(sx=z)
sx.transpose().eval(sx=z)
sx.transpose(1, 0, 2).eval(sx=z)
sx.transpose((2, 0, 1)).eval(sx=z)
sx.flatten().eval(sx=y)
sx.sum().eval(sx=y)
sx.sum(axis=1, keepdims=True).eval(sx=y)
sx.mean(axis=0).eval(sx=y)
sx.std().eval(sx=y)
sx.var(axis=1, ddof=1).eval(sx=y)
sx.max(axis=0).eval(sx=y)
sx.min().eval(sx=y)
sx.prod(axis=1).eval(sx=y)
sx.argmax(axis=1).eval(sx=y)
sx.argmin().eval(sx=y)
sx.cumsum(axis=0).eval(sx=y)
sx.clip(2, 5).eval(sx=y)
sx.round().eval(sx=d)
sx.dot(sy).eval(sx=x, sy=x)
sx.squeeze().eval(sx=np.ones((1, 2, 1)))
sx.repeat(2).eval(sx=x)
sx.repeat(2, axis=0).eval(sx=x)
sx.swapaxes(0, 1).eval(sx=y)
sx.take(sy).eval(sx=v, sy=np.array([0, 2]))
sx.take(sy, axis=0).eval(sx=y, sy=np.array([0, 2]))
sx.argsort().eval(sx=v)
sx.astype('int32').eval(sx=d)
sx.astype('int32', casting='safe')
sx.astype('int32', order='F')
sx.flatten('F')
sx.reshape(2, 3, order='F')
t = (sx + sy).bind(mx.cpu(), {'sx': x, 'sy': x}); t.arg_arrays
t = (sx + sy).bind(mx.cpu(), [x, x], [np.zeros((2, 2)), np.zeros((2, 2))]); t.forward(True); t.backward(np.ones((2, 2))); t.grad_arrays
t = (sx * sy).bind(mx.cpu(), {'sx': x, 'sy': x}, {'sx': np.zeros((2, 2))}); t.forward(True); t.backward(np.ones((2, 2))); t.grad_dict['sx']
t = (sx + sy).simple_bind(mx.cpu(), sx=(2,), sy=(2,)); t.forward()[0].asnumpy()
(sx + sy)(sx=sym.var('q').as_np_ndarray())
sym.Group([sx, sy]).list_outputs()
sym.Group([sx + 1, sy])[0].list_outputs()
sym.Group([sx + 1, sy]).as_np_ndarray()
sym.Group([sx + 1, sy]).as_np_ndarray()[0]
sym.Group([sx + 1, sy]).as_np_ndarray()[-1]
sym.Group([sx + 1, sy]).as_np_ndarray()[5]
sym.Group([sx + 1, sy]).as_np_ndarray()[0:1]
sym.Group([sx + 1, sy]).as_np_ndarray().num_outputs
len(sym.Group([sx + 1, sy]).as_np_ndarray())
list(sym.Group([sx + 1, sy]).as_np_ndarray())
(sx + sy).get_internals()
(sx + sy).get_internals()['sx']
(sx + sy).get_children()
sym.load_json((sx + sy).tojson())
sym.load_json((sx[0] + sy).tojson()).eval(sx=y, sy=v[:1])
import pickle; pickle.loads(pickle.dumps(sx + sy)).list_outputs()
import copy; copy.copy(sx + sy)
import copy; copy.deepcopy(sx + sy)
import json; [n['op'] for n in json.loads((sx + sy).tojson())['nodes']]
import json; [n['op'] for n in json.loads((sx[0] * 2).tojson())['nodes']]
import json; json.loads((sx + 2).tojson())['nodes'][1]['attrs']
import json; json.loads((2.5 - sx).tojson())['nodes'][1]['attrs']
sym.npx.relu(sx)
sym.npx.relu(sx).eval(sx=d)
sym.npx.relu(sx, name='r')
sym.npx.softmax(sx, axis=-1)
sym.npx.fully_connected(sx, num_hidden=3, name='fc')
sym.npx.fully_connected(sx, num_hidden=3, name='fc').infer_shape(sx=(2, 5))
sym.npx.convolution(sx, num_filter=3, kernel=(3, 3), name='c').infer_shape(sx=(1, 2, 5, 5))
sym.npx.batch_norm(sx, name='bn')
sym.npx.reshape(sx, (-2, -5)).eval(sx=z)
sym.npx.topk(sx, k=2, ret_typ='both')
sym.npx.topk(sx, k=2, ret_typ='both').num_outputs
sym.npx.one_hot(sx, depth=3).eval(sx=i)
sym.npx.pick(sx, sy).eval(sx=x, sy=np.array([0, 1]))
sym.npx.nonzero(sx)
sym.npx.foo
sym.npx.relu(1)
sym.npx.image.to_tensor(sx)
sym.np.exp(sx).eval(sx=x)
sym.np.add(sx, 1)
sym.np._Symbol.__name__
sym.FullyConnected(sx.as_nd_ndarray(), num_hidden=2).as_np_ndarray()
sym.npx.__name__.split('.')[-1]
sym.var('a', shape=(0, 2)).as_np_ndarray().infer_shape()
sym.var('a', shape=(-1, 2)).as_np_ndarray().infer_shape_partial()
sym.var('a', shape=()).as_np_ndarray().infer_shape()
""".strip().splitlines()
