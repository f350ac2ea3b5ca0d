"""CSR matrices and row-sparse arrays: making, reading, writing, converting, errors."""

SNIPPETS = """
c
r
repr(c)
repr(r)
str(c)
c.stype, c.shape, c.ndim, c.size, c.dtype, len(c)
r.stype, r.shape, r.ndim, r.size, r.dtype, len(r)
c.context, c.ctx == mx.cpu()
c.data
c.indices
c.indptr
c.indices.dtype, c.indptr.dtype
r.data
r.indices
r.indices.dtype
type(c), type(r)
isinstance(c, nd.NDArray), isinstance(c, nd.sparse.BaseSparseNDArray)
r.indptr
c.asnumpy()
r.asnumpy()
c.asscalar()
nd.sparse.csr_matrix(([5.0], [0], [0, 1]), shape=(1, 1)).asscalar()
c[0]
c[-1]
c[1:3]
c[:2]
c[2:]
c[:]
c[-2:]
c[2:1]
c[1:9]
c[4]
c[-5]
c[::2]
c[0, 1]
c[[0, 1]]
c[1:3].indptr
c[1:3].indices
c[np.int32(2)]
c['a']
c[None]
c[...]
r[:]
r[0]
r[1:2]
r[0, 1]
c[:] = 2; c
c[:] = 0; c.data.shape
c[:] = nd.ones((4, 4)); c
c[:] = np.eye(4); c
c[:] = c * 2; c
c[:] = nd.ones((2, 2)); c
c[0] = 1
c[1:2] = 1
c[:] = [1, 2, 3, 4]; c
c[:] = r
r[:] = 3; r
r[:] = nd.ones((5, 2)); r
r[:] = np.ones((5, 2)); r
r[:] = r * 2; r.indices
r[:] = c
r[1] = 2
r[0:1] = 2
x[:] = nd.array([[0, 5], [6, 0]]).tostype('csr'); x
x[:] = nd.array([[0, 5], [6, 0]]).tostype('row_sparse'); x
x[0] = nd.array([[5, 6]]).tostype('csr'); x
c.tostype('default')
c.tostype('csr')
c.tostype('row_sparse')
r.tostype('default')
r.tostype('row_sparse')
r.tostype('csr')
x.tostype('csr')
x.tostype('row_sparse')
x.tostype('default')
x.tostype('foo')
z.tostype('csr')
z.tostype('row_sparse')
nd.cast_storage(x, 'csr')
nd.cast_storage(c, 'row_sparse')
nd.cast_storage(c, 'default')
c.astype('float64')
c.astype('int32').dtype
c.astype('int32')
c.astype('float32', copy=False) is c
c.astype('float32') is c
r.astype('float16')
c.copy()
c.copy() is c
d = c.copy(); d[:] = 0; c
c.copyto(nd.zeros((4, 4)))
c.copyto(nd.zeros((4, 4)).tostype('csr'))
c.copyto(nd.zeros((4, 4)).tostype('row_sparse'))
c.copyto(nd.zeros((2, 4)))
c.copyto(mx.cpu())
c.copyto(c)
c.copyto(3)
r.copyto(nd.zeros((5, 2)))
r.copyto(nd.zeros((5, 2), stype='row_sparse'))
x.copyto(nd.zeros((2, 2), stype='csr'))
x.copyto(nd.zeros((2, 2), stype='row_sparse'))
c.as_in_context(mx.cpu()) is c
c.as_in_context(mx.cpu(0))
c.check_format()
c.check_format(False)
r.check_format()
nd.sparse.csr_matrix(([1.0, 2], [1, 0], [0, 2]), shape=(1, 2)).check_format()
nd.sparse.csr_matrix(([1.0, 2], [0, 3], [0, 2]), shape=(1, 2)).check_format()
nd.sparse.csr_matrix(([1.0, 2], [0, -1], [0, 2]), shape=(1, 2)).check_format()
nd.sparse.csr_matrix(([1.0, 2], [0, 1], [0, 1]), shape=(1, 2)).check_format()
nd.sparse.csr_matrix(([1.0, 2], [0, 1], [1, 2]), shape=(1, 2)).check_format()
nd.sparse.row_sparse_array(([[1.0]], [3]), shape=(2, 1)).check_format()
nd.sparse.row_sparse_array(([[1.0]], [-1]), shape=(2, 1)).check_format()
c.reshape((2, 8))
c.reshape((-1,))
r.reshape((2, 5))
c.T
r.T
c.transpose()
c.wait_to_read()
c.detach()
c.grad
c.attach_grad(); c.grad
c.attach_grad(); c.grad.stype
r.attach_grad(); r.grad
r.attach_grad(stype='default'); r.grad.stype
x.attach_grad(stype='row_sparse'); x.grad
x.attach_grad(stype='csr'); x.grad.stype
x.attach_grad(stype='foo')
c.sum()
c.sum(axis=0)
c.sum(axis=1)
c.sum(axis=1, keepdims=True)
c.sum(axis=-1)
c.mean()
c.mean(axis=0)
c.norm()
r.norm()
r.sum()
r.sum(axis=0)
c.max()
c.abs()
c.square()
c.sqrt()
c.sign()
c.clip(1, 2)
c.clip(0, 2)
c.slice(begin=(1, 0), end=(3, 3))
c.slice_axis(axis=0, begin=1, end=3)
c.slice(begin=(None, 1), end=(None, 3))
c.zeros_like()
c.ones_like()
c.exp()
c.take(nd.array([2, 0]))
c.retain([0])
r.retain(nd.array([1, 0]))
r.retain(nd.array([1, 0])).indices
r.retain(nd.array([1, 9]))
r.retain(nd.array([3], dtype='int64'))
r.retain(nd.array([3, 3, 1])).indices
r.flatten()
c.expand_dims(0)
c + c
c + 1
1 + c
c + x
c + nd.ones((4, 4))
nd.ones((4, 4)) + c
c - c
c - 1
1 - c
c * 2
2 * c
c * c
c * nd.ones((4, 4))
c * nd.ones((1, 4))
c * nd.ones((4, 1))
nd.ones((4, 4)) * c
c / 2
2 / (c + 1)
c / nd.ones((4, 4))
c / nd.full((1, 4), 2)
c / c
c ** 2
c % 2
-c
abs(c)
c == 1
c != 0
c > 1
c >= 0
c < 1
c == c
c > nd.ones((4, 4))
bool(c)
float(c)
int(c)
r + r
r + nd.ones((5, 2))
r - r
r * r
r * nd.ones((5, 2))
r * 3
r + 0
r + 1
r / 2
r / nd.full((5, 2), 2)
-r
c += 1; c
c += c; c
c *= 2; c
c /= 2; c
c -= 1; c
r *= 2; r
r += r; r
x += x.tostype('csr'); x
x += x.tostype('row_sparse'); x
x *= x.tostype('csr'); x
c + r
nd.sparse.add(c, c)
nd.sparse.add(c, 1)
nd.sparse.subtract(c, c)
nd.sparse.multiply(c, c)
nd.sparse.multiply(c, 2)
nd.sparse.divide(c, 2)
nd.sparse.divide(c, nd.ones((1, 4)))
nd.sparse.divide(c, c)
nd.sparse.add(1, 2)
nd.sparse.add(c, nd.ones((1, 4)))
nd.sparse.multiply(r, r)
nd.sparse.elemwise_add(c, c)
nd.sparse.elemwise_mul(c, nd.ones((4, 4)))
nd.sparse.elemwise_div(c, nd.ones((4, 4)))
nd.sparse.broadcast_mul(c, nd.ones((1, 4)) * 2)
nd.sparse.broadcast_div(c, nd.ones((4, 1)) * 2)
nd.sparse.broadcast_add(c, nd.ones((1, 4)))
nd.sparse.broadcast_sub(nd.ones((4, 4)), c)
nd.broadcast_mul(nd.ones((1, 4)), c)
nd.sparse.dot(c, nd.ones((4, 2)))
nd.sparse.dot(c, nd.ones((4, 2)), transpose_a=True)
nd.sparse.dot(c, nd.ones((4, 2)), transpose_a=True, forward_stype='default')
nd.sparse.dot(nd.ones((2, 4)), c)
nd.sparse.dot(nd.ones((2, 4)), c, forward_stype='default')
nd.sparse.dot(nd.ones((2, 4)), c, transpose_b=True)
nd.sparse.dot(nd.ones((2, 4)), c, transpose_b=True, forward_stype='default')
nd.sparse.dot(c, c)
nd.sparse.dot(c, r)
nd.sparse.dot(c, nd.sparse.row_sparse_array(([[1.0, 2]], [2]), shape=(4, 2)))
nd.sparse.dot(c, nd.sparse.row_sparse_array(([[1.0, 2]], [2]), shape=(4, 2)), transpose_a=True)
nd.sparse.dot(c, nd.ones((3, 2)))
nd.dot(c, nd.ones((4, 2)))
nd.sparse.concat(c, c, dim=0)
nd.concat(c, c, dim=1)
nd.sparse.concat(c, nd.ones((4, 4)), dim=0)
nd.stack(c, c)
nd.sparse.where(c, nd.ones((4, 4)), nd.zeros((4, 4)))
nd.where(c, c, c)
nd.sparse.zeros_like(r)
nd.sparse.add_n(r, r, r)
nd.add_n(c, c)
nd.add_n(r, nd.ones((5, 2)))
nd.sparse.retain(r, nd.array([1]))
nd.sparse.norm(c)
nd.sparse.square(r)
nd.sparse.stop_gradient(c)
nd.sparse.Embedding(nd.array([1, 3]), r, input_dim=5, output_dim=2)
nd.sparse.FullyConnected(nd.ones((1, 4)), c, num_hidden=4, no_bias=True)
nd._internal._square_sum(r, axis=1)
nd._internal._square_sum(r, axis=1, keepdims=True)
nd._internal._square_sum(r, axis=0)
nd._internal._square_sum(r)
nd._internal._square_sum(c, axis=1)
nd.sparse.zeros('csr', (2, 3))
nd.sparse.zeros('row_sparse', (2, 3))
nd.sparse.zeros('row_sparse', (2, 3, 4)).shape
nd.sparse.zeros('default', (2, 3))
nd.sparse.zeros('csr', (2, 3, 4))
nd.sparse.zeros('foo', (2, 3))
nd.sparse.zeros('csr', (2, 3), dtype='float64').dtype
nd.sparse.zeros('row_sparse', (2, 3)).indices.shape
nd.sparse.zeros('row_sparse', (2, 3)).data.shape
nd.sparse.zeros('csr', (2, 3)).indptr
nd.sparse.empty('csr', (2, 3))
nd.sparse.empty('foo', (2, 3))
nd.zeros((2, 3), stype='csr')
nd.empty((2, 3), stype='row_sparse').shape
nd.ones((2, 3), stype='csr')
nd.sparse.array(c)
nd.sparse.array(r)
nd.sparse.array(x)
nd.sparse.array([[1, 2]])
nd.sparse.array(c, dtype='float64')
nd.array(c)
nd.array(c, dtype='float64').dtype
nd.sparse.csr_matrix(x)
nd.sparse.csr_matrix([[0, 1], [2, 0]])
nd.sparse.csr_matrix(np.eye(3))
nd.sparse.csr_matrix(np.eye(3)).dtype
nd.sparse.csr_matrix(np.eye(3), dtype='int8').dtype
nd.sparse.csr_matrix((2, 3))
nd.sparse.csr_matrix((2, 3), shape=(3, 3))
nd.sparse.csr_matrix((2, 3, 4))
nd.sparse.csr_matrix(c)
nd.sparse.csr_matrix(r)
nd.sparse.csr_matrix(([1.0, 2], [0, 1], [0, 1, 2]))
nd.sparse.csr_matrix(([1.0, 2], [0, 1], [0, 1, 2]), shape=(2, 5))
nd.sparse.csr_matrix(([1.0, 2], [0, 1], [0, 1, 2]), shape=(2, 5), dtype='float64').dtype
nd.sparse.csr_matrix((np.array([1, 2]), [0, 1], [0, 1, 2])).dtype
nd.sparse.csr_matrix(([1.0, 2], [0], [0, 1, 2]), shape=(2, 5))
nd.sparse.csr_matrix(([1.0, 2], ([0, 1], [1, 0])), shape=(2, 2))
nd.sparse.csr_matrix(([1.0, 2, 4], ([0, 1, 0], [1, 0, 1])), shape=(2, 2))
nd.sparse.csr_matrix(([1.0, 2], ([0, 1], [1, 0])))
nd.sparse.csr_matrix(([1.0, 2], ([0, 5], [1, 0])), shape=(2, 2))
nd.sparse.csr_matrix((nd.array([1.0]), nd.array([1]), nd.array([0, 1])), shape=(1, 2))
nd.sparse.csr_matrix(3)
nd.sparse.csr_matrix('a')
nd.sparse.row_sparse_array(x)
nd.sparse.row_sparse_array(np.eye(3))
nd.sparse.row_sparse_array([[0, 0], [1, 0]]).indices
nd.sparse.row_sparse_array((2, 3))
nd.sparse.row_sparse_array((2, 3, 4)).shape
nd.sparse.row_sparse_array((2,)).shape
nd.sparse.row_sparse_array(r)
nd.sparse.row_sparse_array(c)
nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 2))
nd.sparse.row_sparse_array(([[1, 2]], [1]))
nd.sparse.row_sparse_array(([[1, 2]], [1])).dtype
nd.sparse.row_sparse_array((np.ones((1, 2), 'float64'), [1]), shape=(3, 2)).dtype
nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 3))
nd.sparse.row_sparse_array(([[1, 2]], [1, 2]), shape=(3, 2))
nd.sparse.row_sparse_array((nd.ones((1, 2)), nd.array([1])), shape=(3, 2))
nd.sparse.row_sparse_array((np.zeros((0, 2)), []), shape=(3, 2))
import pickle; pickle.loads(pickle.dumps(c))
import pickle; pickle.loads(pickle.dumps(r)).indices
nd.sparse.csr_matrix((4, 4)).data.shape
c.data[:] = 0; c
c.indices[:] = 0; c
r.data[:] = 0; r
nd.waitall(); c
c.T.stype, c.sum().stype, c.asnumpy().dtype.name
nd.sparse.csr_matrix(x).asnumpy()
d = nd.zeros((2, 2), stype='csr'); nd.elemwise_add(x.tostype('csr'), x.tostype('csr'), out=d); d
d = nd.zeros((2, 2), stype='row_sparse'); nd.square(x.tostype('row_sparse'), out=d); d
d = nd.zeros((2, 2)); nd.square(x.tostype('csr'), out=d); d
d = nd.zeros((2, 2), stype='row_sparse'); mx.random.seed(1); nd.random.uniform(1, 2, out=d).stype
sym.sparse.dot(a, b, name='d').list_outputs()
sym.sparse.zeros_like(a, name='z').list_outputs()
sym.sparse.retain(a, b, name='e').list_arguments()
sym.Variable('v', stype='csr').attr('__storage_type__')
sym.Variable('v', stype='row_sparse').attr_dict()
sym.Variable('v', stype='foo')
sym.sparse.dot(a, b).infer_shape(a=(2, 3), b=(3, 4))
e = sym.dot(a, b).bind(mx.cpu(), {'a': c, 'b': nd.ones((4, 2))}); e.forward()[0]
hasattr(nd.sparse, 'adam_update'), hasattr(nd.sparse, 'sgd_update'), hasattr(nd.sparse, 'concat')
""".strip().splitlines()


def recorded(leaf, loss, result, attach="stype='row_sparse'"):
    """The gradient of an array."""
    name = leaf.split(" ")[0]
    return (
        f"{leaf}; {name}.attach_grad({attach})\n"
        f"with ag.record():\n  l = {loss}\nl.backward(); {result}"
    )


EMBEDDED = "nd.Embedding(nd.array([1, 3, 1]), w, input_dim=5, output_dim=2, sparse_grad=True).sum()"
SNIPPETS += [
    recorded("x", "(x * x).sum()", "x.grad"),
    recorded("w = nd.ones((4, 2))", "nd.sparse.dot(c, w).sum()", "w.grad"),
    recorded("w = nd.ones((4, 2))", "nd.sparse.dot(c, w).sum()", "w.grad.indices"),
    recorded("w = nd.ones((5, 2))", EMBEDDED, "w.grad"),
    recorded("w = nd.ones((5, 2))", EMBEDDED, "w.grad.indices"),
    recorded("r", "(r * 2).sum()", "r.grad", ""),
    recorded("c", "(c * c).sum()", "c.grad", ""),
]
