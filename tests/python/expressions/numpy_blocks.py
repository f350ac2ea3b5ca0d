"""Layers, parameters and data of Gluon with arrays of mx.np. Each line is a snippet."""

# Layers, and what they are called with.
_LAYERS = """
nn.Dense(3) | x
nn.Dense(3, activation='relu') | x
nn.Dense(3, flatten=False) | z
nn.Dense(3, use_bias=False) | z
nn.Dense(2, in_units=2, weight_initializer='ones', bias_initializer='ones') | x
nn.Dropout(0.5) | x
nn.Dropout(0) | x
nn.BatchNorm() | z
nn.BatchNorm(axis=-1, scale=False, center=False) | z
nn.LayerNorm() | z
nn.LayerNorm(axis=1) | z
nn.Embedding(5, 3) | i
nn.Flatten() | z
nn.Lambda(lambda x: x * 2) | z
nn.HybridLambda(lambda F, x: F.np.exp(x)) | x
nn.Activation('relu') | x - 2
nn.Activation('tanh') | x - 2
nn.Activation('sigmoid') | x - 2
nn.Activation('softrelu') | x - 2
nn.Activation('softsign') | x - 2
nn.LeakyReLU(0.1) | x - 2
nn.PReLU() | x - 2
nn.ELU() | x - 2
nn.SELU() | x - 2
nn.GELU() | x - 2
nn.Swish() | x - 2
nn.Conv1D(2, 2) | z
nn.Conv2D(2, (2, 3)) | np.arange(48).reshape(2, 2, 3, 4)
nn.Conv2D(4, 2, padding=1, strides=2, groups=2, activation='relu') | np.arange(48).reshape(2, 2, 3, 4)
nn.Conv2D(2, 1, use_bias=False) | np.arange(48).reshape(2, 2, 3, 4)
nn.Conv3D(2, 2) | np.arange(48).reshape(1, 2, 2, 3, 4)
nn.Conv1DTranspose(2, 2) | z
nn.Conv2DTranspose(2, 2, strides=2) | np.arange(48).reshape(2, 2, 3, 4)
nn.Conv3DTranspose(2, 2) | np.arange(48).reshape(1, 2, 2, 3, 4)
nn.MaxPool1D() | z
nn.AvgPool1D() | z
nn.MaxPool2D() | np.arange(48).reshape(2, 2, 3, 4)
nn.MaxPool2D(3, 2, ceil_mode=True) | np.arange(48).reshape(2, 2, 3, 4)
nn.AvgPool2D(2, padding=1, count_include_pad=False) | np.arange(48).reshape(2, 2, 3, 4)
nn.MaxPool3D((1, 2, 2)) | np.arange(48).reshape(1, 2, 2, 3, 4)
nn.AvgPool3D((1, 2, 2)) | np.arange(48).reshape(1, 2, 2, 3, 4)
nn.GlobalMaxPool1D() | z
nn.GlobalAvgPool1D() | z
nn.GlobalMaxPool2D() | np.arange(48).reshape(2, 2, 3, 4)
nn.GlobalAvgPool2D() | np.arange(48).reshape(2, 2, 3, 4)
nn.GlobalMaxPool3D() | np.arange(48).reshape(1, 2, 2, 3, 4)
nn.GlobalAvgPool3D() | np.arange(48).reshape(1, 2, 2, 3, 4)
gluon.contrib.nn.Identity() | x
gluon.rnn.RNN(2) | z
gluon.rnn.RNN(2, activation='tanh', num_layers=2) | z
gluon.rnn.LSTM(2) | z
gluon.rnn.LSTM(2, layout='NTC', bidirectional=True) | z
gluon.rnn.GRU(2, num_layers=2, bidirectional=True) | z
gluon.rnn.GRU(2, input_size=4, i2h_weight_initializer='ones', h2h_weight_initializer='ones') | z
""".strip().splitlines()

_WITH_PARAMETERS = (
    "nn.Dense",
    "nn.Conv",
    "nn.BatchNorm()",
    "nn.LayerNorm",
    "nn.Embedding",
    "nn.PReLU",
    "gluon.rnn",
)


def _calls(line):
    layer, argument = line.split(" | ")
    make = f"n = {layer}; n.initialize()"
    train = f"{make}; ag.set_recording(True); ag.set_training(True); l = n({argument}); "
    train += "ag.set_recording(False); ag.set_training(False); l.backward(); "
    train += "[p.grad() for p in n.collect_params().values() if p.grad_req != 'null']"
    return [
        f"{make}; n({argument})",
        f"{make}; n.hybridize(); n({argument})",
        f"{make}; n.hybridize(static_alloc=True, static_shape=True); n({argument}); n({argument})",
        f"{make}; n({argument}); [p.data() for p in n.collect_params().values()]",
        *([train] if layer.startswith(_WITH_PARAMETERS) else []),
    ]


_OTHERS = """
n = nn.Dense(2); n.initialize('zeros'); n(x); n.weight.data()
n = nn.Dense(2); n.initialize('zeros'); n(x); n.weight.grad()
n = nn.Dense(2); n.initialize('zeros'); n(x); n.weight.list_data()
n = nn.Dense(2); n.initialize('zeros'); n(x); n.weight.shape
n = nn.Dense(2); n.initialize('zeros'); n.weight.shape
n = nn.Dense(2); n.weight.shape
n = nn.Dense(2, in_units=2); n.initialize('zeros'); n.weight.var()
n = nn.Dense(2, in_units=2); n.initialize('zeros'); n.weight.set_data(x); n.weight.data()
n = nn.Dense(2); n.initialize('zeros'); n.weight.set_data(x); n(x); n.weight.data()
n = nn.Dense(2, in_units=2); n.initialize('zeros'); n.weight.set_data(np.ones((3, 2)))
n = nn.Dense(2, in_units=2); n.initialize('zeros'); n.cast('float64'); n.weight.data()
n = nn.Dense(2, in_units=2); n.initialize('zeros'); n.cast('float16'); n(x.astype('float16'))
n = nn.Dense(2, in_units=2); n.weight.data()
n = nn.Dense(2); n.initialize(); n.weight.data()
n = nn.Dense(2); n(x)
n = nn.Dense(2); n.initialize(); n(1)
n = nn.Dense(2, in_units=3); n.initialize(); n(x)
n = nn.Dense(2); n.initialize(); n(sx).list_arguments()[0]
n = nn.Dense(2, in_units=2); n.initialize('ones'); n.weight.reset_ctx(mx.cpu(1)); n.weight.data()
gluon.Constant('c', [[1, 2]]).value
gluon.Constant('c', x).value
c = gluon.Constant('c', x); c.initialize(); c.data()
c = gluon.Constant('c', [1, 2]); c.initialize(); c.data()
c = gluon.Constant('c', onp.ones(2)); c.initialize(); c.data()
c = gluon.Constant('c', x); c.initialize(); c.grad_req
p = gluon.Parameter('p', shape=(2,)); p.initialize('ones'); p.data()
p = gluon.Parameter('p', shape=()); p.initialize('ones')
p = gluon.Parameter('p', shape=(0, 2), allow_deferred_init=True); p.shape
p = gluon.Parameter('p', shape=(-1, 2), allow_deferred_init=True); p.shape
p = gluon.Parameter('p', shape=(2, 3)); p.initialize('xavier'); p.data()
p = gluon.Parameter('p', shape=(2, 3)); p.initialize('normal'); p.data()
p = gluon.Parameter('p', shape=(2, 3)); p.initialize('orthogonal'); p.data()
p = gluon.Parameter('p', shape=(2, 3)); p.initialize(mx.init.Constant(3)); p.data()
p = gluon.Parameter('p', shape=(2, 3)); p.initialize(mx.init.MSRAPrelu()); p.data()
p = gluon.Parameter('p', shape=(2, 2, 2, 2)); p.initialize(mx.init.Bilinear()); p.data()
p = gluon.Parameter('p', shape=(8,)); p.initialize(mx.init.LSTMBias()); p.data()
n = nn.HybridSequential(); n.add(nn.Dense(3, activation='relu'), nn.Dense(1)); n.initialize(); n(x)
n = nn.HybridSequential(); n.add(nn.Dense(3, activation='relu'), nn.Dense(1)); n.initialize(); n.hybridize(); n(x)
n = nn.Sequential(); n.add(nn.Dense(3), nn.BatchNorm(), nn.Activation('relu')); n.initialize(); n(x)
n = nn.HybridSequential(); n.add(nn.Dense(3), nn.Dense(2)); n.initialize(); n(x); len(n)
n = nn.HybridSequential(); n.add(nn.Dense(3), nn.Dense(2)); n[0].units if hasattr(n[0], 'units') else n[0]._units
gluon.utils.split_data(y[:2], 2)
gluon.utils.split_data(y, 2, even_split=False)
gluon.utils.split_data(y, 2)
gluon.utils.split_data(z, 2, batch_axis=2)
gluon.utils.split_and_load(y[:2], [mx.cpu(0), mx.cpu(1)])
gluon.utils.split_and_load(onp.ones((2, 2)), [mx.cpu(0)])
gluon.utils.split_and_load([[1, 2], [3, 4]], [mx.cpu(0)])
gluon.utils.shape_is_known((2, 0))
gluon.utils.shape_is_known((2, -1))
next(iter(gluon.data.DataLoader(gluon.data.ArrayDataset(onp.arange(6).reshape(3, 2), onp.arange(3)), 2)))
next(iter(gluon.data.DataLoader(gluon.data.ArrayDataset(y, v), 2)))
next(iter(gluon.data.DataLoader(gluon.data.ArrayDataset(y, [1, 2, 3]), 2)))
next(iter(gluon.data.DataLoader(gluon.data.SimpleDataset([1.5, 2.5]), 2)))
next(iter(gluon.data.DataLoader(gluon.data.ArrayDataset(onp.arange(6, dtype='float32')), 3)))
list(gluon.data.DataLoader(gluon.data.ArrayDataset(y, v).transform_first(lambda a: a * 2), 2))
gluon.data.ArrayDataset(y, v)[1]
gluon.data.ArrayDataset(y)[1]
gluon.data.SimpleDataset([1, 2]).transform(lambda a: a + 1)[0]
gluon.data.DataLoader(gluon.data.ArrayDataset(y, v), 2).__len__()
gluon.data.vision.transforms.ToTensor()(np.array([[[0, 255, 51]]], dtype='uint8'))
gluon.data.vision.transforms.Cast('float16')(x)
gluon.data.vision.transforms.Normalize(0.5, 2)(np.ones((3, 1, 1)))
gluon.data.vision.transforms.Resize(2)(np.zeros((4, 4, 3), dtype='uint8'))
gluon.data.vision.transforms.CenterCrop(2)(np.arange(48).reshape(4, 4, 3).astype('uint8'))
gluon.data.vision.transforms.Compose([gluon.data.vision.transforms.ToTensor(), gluon.data.vision.transforms.Normalize(0.5, 2)])(np.ones((2, 2, 3), dtype='uint8'))
gluon.rnn.LSTM(2).begin_state(3)
gluon.rnn.GRU(2, num_layers=2).begin_state(3)
gluon.rnn.RNN(2).begin_state(batch_size=1, ctx=mx.cpu())
n = gluon.rnn.LSTM(2); n.initialize(); n(z, n.begin_state(3))
n = gluon.rnn.LSTM(2); n.initialize(); n.hybridize(); n(z, n.begin_state(3))
n = gluon.rnn.GRU(2); n.initialize(); n(z, np.ones((1, 3, 2)))
n = gluon.rnn.GRU(2); n.initialize(); n(z, [np.ones((1, 2, 2))])
n = gluon.rnn.LSTM(2, use_sequence_length=True); n.initialize(); n(z, n.begin_state(3), np.array([1, 2, 2], dtype='int32'))
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: F.np.exp(a) + F.npx.relu(a)})(); n(d)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: F.np.exp(a) + F.npx.relu(a)})(); n.hybridize(); n(d)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a, b: a + b * 2})(); n.hybridize(); n(x, v[:2])
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: (a[0], a[:, 1:])})(); n.hybridize(); n(y)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: (a > 2) * a})(); n.hybridize(); n(x)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: a.sum(axis=0)})(); n.hybridize(); n(x)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: F.npx.topk(a, k=2, ret_typ='both')})(); n.hybridize(); n(v)
n = type('N', (gluon.HybridBlock,), {'hybrid_forward': lambda self, F, a: F.__name__.split('.')[-1]})(); n(x)
n = type('N', (gluon.Block,), {'forward': lambda self, a: np.exp(a)})(); n(x)
""".strip().splitlines()

SNIPPETS = [
    *(snippet for line in _LAYERS for snippet in _calls(line)),
    *_OTHERS,
]
