"""Reductions of mx.np, and functions that sum, sort into bins and interpolate."""

ALL = (
    "sum prod max min amax amin mean std var any all argmax argmin average product sometrue".split()
)
ARGUMENTS = [
    "x",
    "z, axis=1",
    "z, axis=-1",
    "z, 0",
    "z, axis=(0, 2)",
    "z, axis=()",
    "i",
    "i, axis=0",
    "b",
    "b, axis=0",
    "d",
    "s",
    "e, axis=0",
    "e, axis=1",
    "x, axis=5",
    "x, axis=0, keepdims=True",
    "x, axis=0, out=np.zeros(2)",
    "[1, 2]",
    "3",
    "onp.ones(2)",
    "x.astype('float16')",
    "x.astype('int8')",
    "x.astype('uint8')",
    "x.astype('int64')",
]
TYPED = [
    f"np.{f}(x, {args})"
    for f in ("sum", "prod", "mean", "std", "var", "cumsum")
    for args in (
        "dtype='float64'",
        "axis=0, dtype='int32'",
        "dtype=onp.float16",
        "dtype='bool'",
        "dtype='foo'",
    )
]
SNIPPETS = [f"np.{f}({args})" for f in ALL for args in ARGUMENTS] + TYPED
SNIPPETS += """
np.sum(x, initial=10)
np.sum(x, 0, None, True)
np.sum(x, axis=0, keepdims=True, initial=1)
np.std(x, ddof=1)
np.var(x, axis=0, ddof=1)
np.std(x, axis=0, ddof=1, keepdims=True)
np.var(i, dtype='float32')
np.mean(i)
np.mean(i, dtype='int32')
np.mean(x, keepdims=True)
np.argmax(z)
np.argmax(np.array([1., float('nan'), 3]))
np.argmax(np.array([2., 2.]))
np.average(x, weights=np.array([[1., 1], [1, 3]]))
np.average(x, axis=0, weights=np.array([1., 3]))
np.average(x, axis=1, weights=np.array([1., 3]), returned=True)
np.average(x, returned=True)
np.average(x, axis=0, returned=True)
np.average(x, weights=np.array([1., 3]))
np.average(x, axis=0, weights=np.array([1., 3, 4]))
np.average(i, weights=i)
np.average(x, axis=0, weights=np.array([0., 0]))
np.average(x, axis=(0, 1))
np.cumsum(x)
np.cumsum(x, 0)
np.cumsum(z, axis=1)
np.cumsum(z, axis=-1)
np.cumsum(i)
np.cumsum(b)
np.cumsum(s)
np.cumsum(e)
np.cumsum(x, axis=4)
np.cumsum(x, out=np.zeros(4))
np.cumsum([1, 2])
np.diff(v)
np.diff(x)
np.diff(x, axis=0)
np.diff(y, n=2)
np.diff(y, 2, 0)
np.diff(v, 0)
np.diff(v, 5)
np.diff(v, -1)
np.diff(s)
np.diff(i)
np.diff(v, prepend=0)
np.diff(v, append=v)
np.diff(x, axis=5)
np.diff(b)
np.ediff1d(v)
np.ediff1d(x)
np.ediff1d(x, to_end=9)
np.ediff1d(x, to_begin=8)
np.ediff1d(x, to_end=np.array([1., 2]), to_begin=np.array([3.]))
np.ediff1d(x, 9, 8)
np.ediff1d(x, to_end=9, to_begin=v)
np.ediff1d(i)
np.ediff1d(s)
np.ediff1d(e)
np.ediff1d(x, to_end=i)
np.ediff1d(x, to_end=x)
np.percentile(x, 50)
np.percentile(x, 25, axis=0)
np.percentile(x, np.array([25., 50]))
np.percentile(x, np.array([25., 50]), axis=1, keepdims=True)
np.percentile(v, 40, interpolation='lower')
np.percentile(v, 40, interpolation='higher')
np.percentile(v, 40, interpolation='nearest')
np.percentile(v, 40, interpolation='midpoint')
np.percentile(v, 40, interpolation='foo')
np.percentile(v, 101)
np.percentile(v, -1)
np.percentile(x, [25, 50])
np.percentile(i, 50)
np.percentile(x, 50, overwrite_input=True)
np.percentile(x, 50, out=np.zeros(()))
np.percentile(z, 50, axis=(0, 1))
np.percentile(z, 50, axis=-1)
np.percentile(d, 30)
np.percentile(x, np.array(50.))
np.percentile(x, onp.array([25., 50]))
np.quantile(x, 0.5)
np.quantile(x, 0.25, axis=0)
np.quantile(x, np.array([0.25, 0.5]))
np.quantile(x, np.array([0.25, 0.5]), axis=0)
np.quantile(v, 0.4, interpolation='lower')
np.quantile(v, 1.5)
np.quantile(x, [0.25, 0.5])
np.quantile(x, 0.5, overwrite_input=True)
np.quantile(x, 0.5, keepdims=True)
np.quantile(x, 1)
np.histogram(v)
np.histogram(v, 3)
np.histogram(v, bins=3, range=(0, 4))
np.histogram(x, np.array([0., 2, 4]))
np.histogram(i, 3)
np.histogram(v, 3, normed=True)
np.histogram(v, 3, weights=v)
np.histogram(v, 3, density=True)
np.histogram(v, [0, 1, 2])
np.histogram(v, 3, (0, 4))
np.histogram(v, 'auto')
np.histogram(e, 3)
np.histogram(d, bins=2, range=(-2, 4))
np.histogram(v, np.array([0, 2, 4], dtype='int32'))
np.bincount(np.array([0, 1, 1], dtype='int32'))
np.bincount(np.array([0, 1, 1], dtype='int64'), minlength=5)
np.bincount(np.array([0, 1, 1], dtype='int32'), weights=v)
np.bincount(np.array([0, 1, 1], dtype='int32'), v)
np.bincount(np.array([0, 1, 1], dtype='int32'), v, 4)
np.bincount(np.array([0., 1, 1]))
np.bincount(np.array([-1], dtype='int32'))
np.bincount(np.array([], dtype='int32'))
np.bincount(np.array([], dtype='int32'), minlength=2)
np.bincount(i)
np.bincount(np.array([0, 1], dtype='int32'), minlength=-1)
np.bincount(np.array([0, 1, 1], dtype='uint8'))
np.bincount([0, 1])
""".strip().splitlines()
# 1.9.1 sometimes ends its process there.
CRASHES = "np.average(x, axis=5)"
SNIPPETS = [each for each in dict.fromkeys(SNIPPETS) if each != CRASHES]
