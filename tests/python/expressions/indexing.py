"""Reading and assigning parts of arrays."""

SNIPPETS = """
z[1]
z[1, 2, 3]
z[1:2]
z[:, 1]
z[:, 1:3]
z[..., 1]
z[1, ...]
z[None, 1]
z[1, None]
z[:, None, 1].shape
z[::-1]
z[:, ::-1]
z[:, 3:0:-1]
z[:, -2:]
z[5:]
z[0:0]
z[1, 5]
z[1, 2, 3, 4]
z[-3]
z[-1]
z[:, -4]
z[0, ::2, 1::2]
z[True]
z[np.int64(1)]
z[np.array([0, 1])]
z[[0, 1], [0, 1]]
z[:, [0, 2]]
z[[0, 1], :, 1]
z[[[0, 1], [1, 0]]]
z[nd.array([0])]
z[(0,)]
z[()]
z[1.0]
z['a']
z[...]
z[..., ...]
z[0:1, 0:1, 0:1]
z[0, 0:2]
z[np.array([True, False])]
z[z > 3].shape
z[-1, -1, -1]
z[:, 0, [0, 1]]
z[range(2)]
z[nd.array([0, 1]), nd.array([1, 2])]
z[np.array([[0], [1]]), np.array([1, 2])]
z[[-1]]
z[[5]]
y[:] = 1; y
y[1] = 5; y
y[1, 2] = 7; y
y[:, 1] = 9; y
y[1:] = np.zeros((2, 4)); y
y[:] = nd.ones((4,)); y
y[:] = nd.ones((3, 1)); y
y[0] = [1, 2, 3, 4]; y
y[:, ::2] = 0; y
y[::-1] = nd.arange(12).reshape((3, 4)); y
y[:, 1] = nd.array([7, 8, 9]); y
y[:, 1] = nd.array([[7], [8], [9]]); y
y[[0, 2]] = 1; y
y[[0, 1], [1, 2]] = nd.array([50, 60]); y
y[nd.array([0])] = 3; y
y[:, [0, 1]] = nd.array([[1, 2]]); y
y[...] = 2; y
y[None] = 2; y
y[1] = nd.ones((3,)); y
y[5] = 1; y
y[y > 4] = 0; y
y[:] = nd.ones((3, 4), dtype='int32'); y
y[0:2] = y[1:3]; y
y[:] = 'a'; y
y[:, 1:3] = np.array([[1, 2]]); y
y[:] = np.float64(3); y
y[1] = True; y
y[0:3:2] = 1; y
y[1, 1:3] = nd.array([0, 0]); y
o = y[1]; o[:] = 0; y
o = y[0:2]; o[:] = 0; y
o = y[:, 1]; o[:] = 0; y
o = y[1, 2]; o[:] = 0; y
o = y[0:1]; o += 1; y
o = y[:, 0:4]; o[:] = 0; y
o = y[::1]; o[:] = 0; y
o = y[1:2, 1:2]; o[:] = 0; y
o = y[None, 0]; o[:] = 0; y
o = y[np.array([0])]; o[:] = 0; y
o = y.T; o[:] = 0; y
o = y.flatten(); o[:] = 0; y
o = y.squeeze(); o[:] = 0; y
o = y.detach(); o[:] = 0; y
o = y.slice_axis(axis=0, begin=0, end=1); o[:] = 0; y
o = y.as_in_context(mx.cpu()); o[:] = 0; y
o = nd.array(y); o[:] = 0; y
[row for row in x]
x.slice_assign_scalar(9, (0, 0), (1, 1), (1, 1)); x
x.slice_assign(nd.array([[7, 8]]), (0, 0), (1, 2), (1, 1)); x
""".strip().splitlines()
