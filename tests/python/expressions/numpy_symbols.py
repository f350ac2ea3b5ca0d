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
(-sx).list_arguments()
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
sx[0].list_outputs()
sx[1:3].list_outputs()
sx[0, 1:2].list_outputs()
sx[::2].list_outputs()
sx['a']
sx[[0, 1]]
sx[sy]
sx[1.5]
sx[0].eval(sx=y)[0].asnumpy()
sx[1].eval(sx=z)[0].asnumpy()
sx[1:2].eval(sx=y)[0].asnumpy()
sx[0, 1:3].eval(sx=y)[0].asnumpy()
sx[1, 2].eval(sx=y)[0].asnumpy()
sx[1:, 0].eval(sx=y)[0].asnumpy()
sx[::-1].eval(sx=y)[0].asnumpy()
sx[:, ::2].eval(sx=y)[0].asnumpy()
sx[0][1].eval(sx=z)[0].asnumpy()
(sx + sy).eval(sx=x, sy=x)[0].asnumpy()
(sx + sy).eval(sx=x, sy=v[:2])[0].asnumpy()
(sx * 2 - sy / 4).eval(sx=x, sy=x)[0].asnumpy()
(sx > 2).eval(sx=x)[0].asnumpy()
(sx ** 2 % 3).eval(sx=x)[0].asnumpy()
(sx == sy).eval(sx=x, sy=x)[0].asnumpy()
(-sx).eval(sx=x)[0].asnumpy()
(1 / sx).eval(sx=x)[0].asnumpy()
(2 ** sx).eval(sx=x)[0].asnumpy()
(5 - sx).eval(sx=x)[0].asnumpy()
(5 % sx).eval(sx=x)[0].asnumpy()
sx.T.eval(sx=y)[0].asnumpy()
sx.reshape(3, -1).eval(sx=y)[0].asnumpy()
sx.reshape((4, 3)).eval(sx=y)[0].asnumpy()
sx.reshape(-2, -1).eval(sx=z)[0].asnumpy()
sx.transpose().eval(sx=z)[0].asnumpy()
sx.transpose(1, 0, 2).eval(sx=z)[0].asnumpy()
sx.transpose((2, 0, 1)).eval(sx=z)[0].asnumpy()
sx.flatten().eval(sx=y)[0].asnumpy()
sx.sum().eval(sx=y)[0].asnumpy()
sx.sum(axis=1, keepdims=True).eval(sx=y)[0].asnumpy()
sx.mean(axis=0).eval(sx=y)[0].asnumpy()
sx.std().eval(sx=y)[0].asnumpy()
sx.var(axis=1, ddof=1).eval(sx=y)[0].asnumpy()
sx.max(axis=0).eval(sx=y)[0].asnumpy()
sx.min().eval(sx=y)[0].asnumpy()
sx.prod(axis=1).eval(sx=y)[0].asnumpy()
sx.argmax(axis=1).eval(sx=y)[0].asnumpy()
sx.argmin().eval(sx=y)[0].asnumpy()
sx.cumsum(axis=0).eval(sx=y)[0].asnumpy()
sx.clip(2, 5).eval(sx=y)[0].asnumpy()
sx.round().eval(sx=d)[0].asnumpy()
sx.dot(sy).eval(sx=x, sy=x)[0].asnumpy()
sx.squeeze().eval(sx=np.ones((1, 2, 1)))[0].asnumpy()
sx.repeat(2).eval(sx=x)[0].asnumpy()
sx.repeat(2, axis=0).eval(sx=x)[0].asnumpy()
sx.swapaxes(0, 1).eval(sx=y)[0].asnumpy()
sx.take(sy).eval(sx=v, sy=np.array([0, 2]))[0].asnumpy()
sx.take(sy, axis=0).eval(sx=y, sy=np.array([0, 2]))[0].asnumpy()
sx.argsort().eval(sx=v)[0].asnumpy()
sx.astype('int32').eval(sx=d)[0].asnumpy()
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
sym.load_json((sx[0] + sy).tojson()).eval(sx=y, sy=v[:1])[0].asnumpy()
import pickle; pickle.loads(pickle.dumps(sx + sy)).list_outputs()
import copy; copy.copy(sx + sy)
import copy; copy.deepcopy(sx + sy)
import json; [n['op'] for n in json.loads((sx + sy).tojson())['nodes']]
import json; [n['op'] for n in json.loads((sx[0] * 2).tojson())['nodes']]
import json; json.loads((sx + 2).tojson())['nodes'][1]['attrs']
import json; json.loads((2.5 - sx).tojson())['nodes'][1]['attrs']
sym.npx.relu(sx)
sym.npx.relu(sx).eval(sx=d)[0].asnumpy()
sym.npx.relu(sx, name='r')
sym.npx.softmax(sx, axis=-1)
sym.npx.fully_connected(sx, num_hidden=3, name='fc')
sym.npx.fully_connected(sx, num_hidden=3, name='fc').infer_shape(sx=(2, 5))
sym.npx.convolution(sx, num_filter=3, kernel=(3, 3), name='c').infer_shape(sx=(1, 2, 5, 5))
sym.npx.batch_norm(sx, name='bn')
sym.npx.reshape(sx, (-2, -5)).eval(sx=z)[0].asnumpy()
sym.npx.topk(sx, k=2, ret_typ='both')
sym.npx.topk(sx, k=2, ret_typ='both').num_outputs
sym.npx.one_hot(sx, depth=3).eval(sx=i)[0].asnumpy()
sym.npx.pick(sx, sy).eval(sx=x, sy=np.array([0, 1]))[0].asnumpy()
sym.npx.nonzero(sx)
sym.npx.foo
sym.npx.relu(1)
sym.npx.image.to_tensor(sx)
sym.np.exp(sx).eval(sx=x)[0].asnumpy()
sym.np.add(sx, 1)
sym.np._Symbol.__name__
sym.FullyConnected(sx.as_nd_ndarray(), num_hidden=2).as_np_ndarray()
sym.npx.__name__.split('.')[-1]
sym.var('a', shape=(0, 2)).as_np_ndarray().infer_shape()
sym.var('a', shape=(-1, 2)).as_np_ndarray().infer_shape_partial()
sym.var('a', shape=()).as_np_ndarray().infer_shape()
sx[7].eval(sx=y)[0].asnumpy()
sx[1:1].eval(sx=y)[0].asnumpy()
""".strip().splitlines()
