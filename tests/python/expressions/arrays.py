"""Making arrays, their attributes, arithmetic and methods."""

SNIPPETS = """
x
i
repr(x)
str(nd.zeros((1,)))
repr(nd.ones((2, 2, 2)))
repr(nd.arange(2000))
repr(nd.array([1.5, float('nan'), float('inf')]))
repr(nd.array(3))
nd.array(3)
nd.array([])
nd.array(5.0).shape
nd.array([1, 2], dtype=np.float64)
nd.array(np.array([1, 2], dtype=np.float64))
nd.array(np.array([True, False]))
nd.array(np.array([1, 2], dtype=np.int64))
nd.array(i)
nd.array(i, dtype='float16')
nd.array((1, 2))
nd.array(range(3))
nd.array(True)
nd.array(np.float64(3))
nd.array([np.ones(2), np.ones(2)])
nd.array('a')
nd.array([[1], [1, 2]])
nd.array([2**31], dtype='int64')
nd.array(x, ctx=mx.cpu(1))
nd.arange(5)
nd.arange(2, 10, 2, repeat=2)
nd.arange(0, stop=3, dtype='int32')
nd.arange(1, 0, -0.25)
nd.eye(2)
nd.eye(2, 3, k=1, dtype='int32')
nd.linspace(0, 1, 5)
nd.linspace(0, 1, 4, endpoint=False)
nd.full((2,), 3)
nd.full(2, 7, dtype='int32')
nd.zeros(3, dtype='uint8')
nd.zeros((2, 3), ctx=mx.cpu(1))
nd.ones((2,), dtype=np.float16)
nd.zeros(-1)
nd.zeros((2, -1))
nd.zeros_like(i)
nd.ones_like(x)
nd.empty((2, 3)).shape
nd.empty((0,))
nd.from_numpy(np.ones((2, 2), dtype='float32'))
nd.moveaxis(z, 0, 2)
nd.moveaxis(z, [0, 1], [-1, -2]).shape
nd.moveaxis(z, 0, [1, 2])
nd.concatenate([x, x], axis=1)
nd.onehot_encode(nd.array([0, 1]), x)
nd.histogram(y, bins=3, range=(0, 12))
x.shape
x.size
x.ndim
x.dtype
i.dtype
x.T
z.T.shape
x.stype
x.context
x.ctx
x.grad
len(x)
bool(x)
bool(x[0, 0])
bool(nd.zeros((1,)))
x.asscalar()
x[0, 1].asscalar()
i[1, 1].asscalar()
x.asnumpy()
x.asnumpy().flags.writeable
x.astype('float16')
x.astype('bool')
x.T.astype(int)
x.astype('float32', copy=False) is x
i.astype('float32', copy=False) is i
nd.array([1.7, -1.7]).astype('int32')
x.copy()
x.copyto(mx.cpu(1))
o = nd.zeros((2, 2)); x.copyto(o); o
o = nd.zeros((2, 2), dtype='int32'); x.copyto(o); o
x.copyto(nd.zeros((3,)))
x.copyto(x)
x.as_in_context(mx.cpu(1))
x.as_in_context(mx.cpu()) is x
x.detach()
x.as_nd_ndarray() is x
x.tostype('default')
i * 2.5
i / 2
2 / i
i + 1.9
i == 2
x + np.float32(2)
x + True
x + i
x + None
x + 'a'
x == None
x != None
x == 'a'
x + np.ones((2, 2))
np.ones((2, 2)) + x
x + x
x - 1
1 - x
x * x
x / x
2 / x
-x
abs(-x)
x // 2
x % 2
5 % x
2 ** x
x ** 2
x ** x
x @ x
~x
x > 2
x >= 2
x < 2
x <= 2
x == x
x != 2
2 > x
x + nd.array([1, 10])
x + nd.ones((3, 3))
x += 1; x
x -= x; x
x *= nd.array([1, 2]); x
x /= 2; x
x %= 2; x
o = x; o += 1; x
i += 1; i
nd.maximum(x, 2)
nd.maximum(2, 3)
nd.minimum(2, x)
nd.maximum(x, nd.array([2, 3]))
nd.add(1, 2)
nd.add(x, 1)
nd.subtract(5, x)
nd.power(2, x)
nd.power(x, x)
nd.modulo(5, x)
nd.divide(1, x)
nd.true_divide(x, x)
nd.logical_and(x, 0)
nd.logical_or(x, nd.zeros((2, 2)))
nd.logical_xor(1, x)
nd.equal(x, 2)
nd.not_equal(2, x)
nd.greater(x, 2)
nd.greater_equal(x, 2)
nd.lesser(2, x)
nd.lesser_equal(x, x)
x.reshape(4)
x.reshape(-1)
x.reshape((0, -1))
x.reshape(2, -1, 1).shape
z.reshape((-3, 0)).shape
z.reshape((-4, 1, 2, -2)).shape
z.reshape((0, 0, -1), reverse=True).shape
x.reshape(shape=(4,))
x.reshape(5)
x.reshape(foo=2)
x.reshape()
o = x.reshape((4,)); o[:] = 0; x
x.transpose()
x.transpose((1, 0))
z.transpose((2, 0, 1)).shape
z.swapaxes(0, 2).shape
x.flip(0)
x.flatten()
z.flatten().shape
x.expand_dims(0).shape
x.expand_dims(-1, inplace=True).shape
o = x.expand_dims(0); o[:] = 0; x
o = x.expand_dims(0, inplace=True); o[:] = 0; x
nd.ones((1, 2, 1)).squeeze().shape
nd.ones((1, 2, 1)).squeeze(axis=0).shape
nd.ones((1, 2, 1)).squeeze(axis=2, inplace=True).shape
x.tile((2, 2))
x.repeat(2, axis=0)
x.broadcast_to((2, 2, 2))
nd.ones((1, 3)).broadcast_to((2, 3))
x.broadcast_to((3, 2))
x.sum()
x.sum(1)
x.sum(axis=(0, 1))
x.sum(axis=0, keepdims=True)
x.mean(axis=None)
i.sum()
i.mean()
x.max(axis=1)
x.min()
x.prod(axis=0)
x.norm()
x.argmax(axis=1)
x.argmin(axis=0)
x.topk(k=1)
x.sort(axis=1, is_ascend=False)
x.argsort(axis=1)
x.clip(2, 3)
x.abs()
x.sqrt()
x.exp()
x.log()
x.relu()
x.sigmoid()
x.tanh()
x.softmax()
x.log_softmax(axis=0)
x.round()
x.sign()
x.one_hot(5).shape
x.take(nd.array([0]))
x.pick(nd.array([0, 1]))
x.slice((0, 0), (1, 2))
x.slice_axis(axis=1, begin=0, end=1)
x.split(num_outputs=2, axis=1)
nd.split_v2(y, (1, 3), axis=1)
nd.split_v2(y, 2, axis=1)
y.split_v2(2, axis=1)
x.diag()
x.zeros_like()
x.slice_like(nd.zeros((1, 2)))
x.reshape_like(nd.zeros((4,)))
nd.concat(x, x, dim=0)
nd.concat(x, x)
nd.concat(x, x, dim=1, num_args=2)
nd.concat([x, x])
nd.Concat(x, 'a')
nd.stack(x, x)
nd.add_n(x, x, x)
nd.add_n()
nd.softmax(x, axis=5)
nd.softmax(x, foo=5)
nd.softmax(3)
nd.softmax()
nd.softmax(data=x, axis=0)
nd.softmax(x, None, 0)
nd.softmax(x, out=x); x
o = nd.zeros((2, 2)); nd.softmax(x, out=o) is o
nd.softmax(x, out=nd.zeros((3,)))
nd.softmax(x, name='n', axis=np.int64(0))
nd.softmax(x, axis='0')
nd.sum(x, axis=[0])
nd.transpose(x, axes=np.array([1, 0]))
nd.Cast(x, dtype=np.dtype('int32'))
nd.Cast(x, dtype='float')
nd.Cast(x, dtype=int)
nd.op.softmax(x)
nd._internal._plus_scalar(x, scalar=1)
nd._internal._plus_scalar(x, 1)
nd.foo
nd.contrib.foo
nd.softmax.__name__
nd.waitall()
x.foo
mx.cpu() == mx.cpu(0)
mx.cpu(1) == mx.cpu(0)
mx.cpu() == 'cpu'
mx.cpu(1)
mx.gpu(2)
mx.cpu_pinned()
mx.Context('gpu', 1).device_type
mx.Context(mx.cpu(2)).device_id
mx.Context('gpu').device_typeid
mx.Context('foo')
mx.Context.devtype2str
len({mx.cpu(0), mx.cpu(), mx.cpu(1)})
with mx.cpu(3): o = nd.zeros((1,))
o
mx.current_context()
mx.context.num_gpus()
mx.context.gpu_memory_info(0)
nd.zeros((2,), ctx=mx.gpu())
nd.zeros((2,), ctx='cpu(1)')
nd.zeros((2,), ctx=3)
""".strip().splitlines()

# A `with` statement ends its line; join it with the expression that follows.
SNIPPETS = [line for line in SNIPPETS if line != "o"]
SNIPPETS = [line + "\no" if line.startswith("with") else line for line in SNIPPETS]
