"""Random numbers of mx.np and npx: values, parameters as numbers and as arrays, errors."""

SNIPPETS = []
# Functions of two parameters that may be numbers or arrays, with a size.
for name in ("uniform", "normal", "logistic", "gumbel", "gamma", "lognormal"):
    SNIPPETS += [
        f"np.random.{name}({arguments})"
        for arguments in (
            *("", "1.5", "1.5, 2.5", "0.5, 2.5, 3", "0.5, 2.5, (2, 3)", "0.5, 2.5, size=[2, 2]"),
            *("0.5, 2.5, size=()", "0.5, 2.5, (0, 2)", "1, 2, 4", "v, 2.5", "1.5, v", "v, v"),
            *("v, v, (2, 3)", "v, 2.5, (2, 3)", "0.5, v, size=(2, 3)", "v, v, 2", "v, x[:, :1]"),
            *("v, x", "s, s", "e, 1.0", "1.0, e", "i, i", "d, d", "0.5, 2.5, 3, dtype='float64'"),
            *(
                "0.5, 2.5, 3, dtype='float16'",
                "0.5, 2.5, 3, dtype='int32'",
                "v, v, dtype='float64'",
            ),
            *("0.5, 2.5, 3, dtype=None", "0.5, 2.5, 3, ctx=mx.cpu(1)", "0.5, 2.5, 3, ctx='cpu(1)'"),
            *("0.5, 2.5, 3, out=v", "0.5, 2.5, out=v", "0.5, 2.5, (2, 2), out=x", "v, v, out=v"),
            *("'a', 2", "0.5, 'a'", "[1, 2], 1", "onp.ones(2), 1", "0.5, 2.5, 'a'", "0.5, 2.5, -1"),
            *(
                "0.5, 2.5, 2.5",
                "None, 1",
                "0.5, -1.0",
                "0.5, -1.0, 3",
                "0.5, -v",
                "float('nan'), 1",
            ),
            *("onp.float32(1), onp.float64(2), 2", "True, 2, 2", "0.5, 2.5, onp.int64(2)"),
        )
    ]
    SNIPPETS += [
        f"sym.np.random.{name}({arguments})"
        for arguments in (
            "0.5, 2.5, (2, 3)",
            "sx, sy",
            "sx, 2.5, (2, 3)",
            "0.5, sx, dtype='float64'",
        )
    ]
for name in ("exponential", "rayleigh", "pareto", "power", "weibull", "chisquare"):
    SNIPPETS += [
        f"np.random.{name}({arguments})"
        for arguments in (
            *("", "1.5", "1.5, 3", "1.5, (2, 3)", "2, size=(2, 2)", "1.5, ()", "1.5, (0, 2)"),
            *(
                "v",
                "v, 3",
                "v, (2, 3)",
                "x",
                "s",
                "e",
                "i",
                "d",
                "v, (2, 2)",
                "1.5, 3, ctx=mx.cpu(1)",
            ),
            *("1.5, 3, out=v", "v, out=v", "'a'", "[1, 2]", "onp.ones(2)", "-1.0", "0, 2", "-v"),
            *("None", "1.5, 3, dtype='float64'", "v, dtype='float16'", "onp.float32(2), 2"),
        )
    ]
    SNIPPETS += [
        f"sym.np.random.{name}({arguments})" for arguments in ("1.5, (2, 3)", "sx", "sx, 2")
    ]

SNIPPETS += """
np.random.beta(1.5, 2.5, 3)
np.random.beta(0.5, 0.5, (2, 3))
np.random.beta(1.5, 2.5, size=(2, 2), dtype='float64')
np.random.beta(1.5, 2.5, 3, 'float16')
np.random.beta(v, 2.5)
np.random.beta(v, v)
np.random.beta(v, v, (2, 3))
np.random.beta(s, s)
np.random.beta(1.5, 2.5, 3, ctx=mx.cpu(1))
np.random.beta(1.5)
np.random.beta('a', 2)
np.random.beta(-1.0, 2)
np.random.beta(1.5, 2.5, ())
np.random.beta(e, e)
sym.np.random.beta(1.5, 2.5, (2, 3))
np.random.rand()
np.random.rand(2)
np.random.rand(2, 3)
np.random.rand(2, 0)
np.random.rand(2, 3, dtype='float64')
np.random.rand(2, 3, ctx=mx.cpu(1))
np.random.rand((2, 3))
np.random.rand(2.5)
np.random.rand(2, nothing=1)
np.random.randn()
np.random.randn(2)
np.random.randn(2, 3)
np.random.randn(2, 0)
np.random.randn(2, 3, dtype='float64')
np.random.randn(2, 3, ctx=mx.cpu(1))
np.random.randn((2, 3))
np.random.randn(2.5)
sym.np.random.rand(2, 3)
np.random.randint(5)
np.random.randint(5, size=3)
np.random.randint(2, 7)
np.random.randint(2, 7, 5)
np.random.randint(2, 7, (2, 3))
np.random.randint(-5, 5, size=(2, 3), dtype='int64')
np.random.randint(-5, 5, size=(2, 3), dtype='int32')
np.random.randint(-5, 5, size=(2, 3), dtype=int)
np.random.randint(-5, 5, size=(2, 3), dtype=onp.int32)
np.random.randint(0, 5, size=(2, 3), dtype='int8')
np.random.randint(0, 5, size=(2, 3), dtype='uint8')
np.random.randint(0, 5, size=(2, 3), dtype='float32')
np.random.randint(0, 2**40, size=3, dtype='int64')
np.random.randint(low=0, high=100, size=10)
np.random.randint(100, size=(0,))
np.random.randint(100, size=())
np.random.randint(5, 2)
np.random.randint(-3)
np.random.randint(2.5)
np.random.randint(2.5, 7.5, 3)
np.random.randint('a')
np.random.randint(None)
np.random.randint()
np.random.randint(v)
np.random.randint(5, size=3, ctx=mx.cpu(1))
np.random.randint(5, size=(2, 2), out=i)
np.random.randint(5, out=i)
np.random.randint(5, size=(2, 2), out=x)
sym.np.random.randint(2, 7, (2, 3))
np.random.choice(5)
np.random.choice(5, 3)
np.random.choice(5, (2, 3))
np.random.choice(5, 3, replace=False)
np.random.choice(5, 5, replace=False)
np.random.choice(5, 6, replace=False)
np.random.choice(5, (2, 2), False)
np.random.choice(3, 4, p=np.array([0.1, 0.2, 0.7]))
np.random.choice(3, 4, True, np.array([0.1, 0.2, 0.7]))
np.random.choice(3, 2, False, np.array([0.1, 0.2, 0.7]))
np.random.choice(3, 4, p=[0.1, 0.2, 0.7])
np.random.choice(3, 4, p=onp.array([0.1, 0.2, 0.7]))
np.random.choice(3, 4, p=np.array([0.1, 0.9]))
np.random.choice(3, 4, p=np.array([0.1, 0.2, 0.7], dtype='float64'))
np.random.choice(v, 2)
np.random.choice(v, (2, 3))
np.random.choice(v, 2, replace=False)
np.random.choice(v, 3, p=np.array([0.1, 0.2, 0.7]))
np.random.choice(v, 2, False, np.array([0.1, 0.2, 0.7]))
np.random.choice(x, 2)
np.random.choice(i[0], 3)
np.random.choice(np.array([5, 6, 7], dtype='int32'), 3)
np.random.choice(np.array([5, 6, 7], dtype='int32'), 3, False)
np.random.choice(np.array([0.5, 1.5, 2.5], dtype='float64'), 3)
np.random.choice(5, 0)
np.random.choice(5, ())
np.random.choice(-2)
np.random.choice(2.5)
np.random.choice([1, 2, 3])
np.random.choice(onp.arange(3), 2)
np.random.choice('a')
np.random.choice(5, 3, ctx=mx.cpu(1))
np.random.choice(5, 3, out=np.zeros((3,), dtype='int64'))
np.random.choice(5, 3, out=np.zeros((3,), dtype='int32'))
np.random.choice(5, 3, out=v)
sym.np.random.choice(5, 3)
np.random.multinomial(10, [0.2, 0.3, 0.5])
np.random.multinomial(10, [0.2, 0.3, 0.5], 2)
np.random.multinomial(10, [0.2, 0.3, 0.5], (2, 2))
np.random.multinomial(10, (0.2, 0.3, 0.5), size=(0,))
np.random.multinomial(10, [0.2, 0.3, 0.5], size=())
np.random.multinomial(10, np.array([0.2, 0.3, 0.5]))
np.random.multinomial(10, np.array([0.2, 0.3, 0.5]), 2)
np.random.multinomial(10, np.array([0.2, 0.3, 0.5], dtype='float64'), 2)
np.random.multinomial(10, onp.array([0.2, 0.3, 0.5]))
np.random.multinomial(0, [0.2, 0.3, 0.5])
np.random.multinomial(-1, [0.2, 0.3, 0.5])
np.random.multinomial(10, [0.2, 0.3])
np.random.multinomial(10, [0.7, 0.8])
np.random.multinomial(10, [])
np.random.multinomial(10, 0.5)
np.random.multinomial(2.5, [0.2, 0.8])
np.random.multinomial(n=10, pvals=[0.2, 0.8])
np.random.multinomial(10, [0.2, 0.8], nothing=1)
np.random.multivariate_normal(np.zeros((2,)), np.eye(2), 3).shape
np.random.multivariate_normal(np.zeros((3, 2)), np.eye(2), (4, 5)).shape
np.random.multivariate_normal(np.zeros((2,)), np.eye(3), 2)
np.random.multivariate_normal(np.zeros((2,)), -np.eye(2), 2)
np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]])
o = np.arange(5); np.random.shuffle(o); o
o = np.arange(5); np.random.shuffle(o)
o = np.arange(6).reshape(3, 2); np.random.shuffle(o); o
o = np.arange(24).reshape(4, 3, 2); np.random.shuffle(o); o
o = np.arange(5, dtype='int32'); np.random.shuffle(o); o
o = np.arange(5, dtype='float64'); np.random.shuffle(o); o
o = np.array([1.0]); np.random.shuffle(o); o
np.random.shuffle([1, 2, 3])
np.random.shuffle(onp.arange(3))
np.random.shuffle(3)
npx.random.bernoulli(0.5)
npx.random.bernoulli(0.5, size=4)
npx.random.bernoulli(prob=0.3, size=(2, 3))
npx.random.bernoulli(logit=0.3, size=(2, 3))
npx.random.bernoulli(logit=-0.3)
npx.random.bernoulli(prob=0.5, logit=0.5)
npx.random.bernoulli()
npx.random.bernoulli(prob=v / 4)
npx.random.bernoulli(prob=v / 4, size=(2, 3))
npx.random.bernoulli(logit=v)
npx.random.bernoulli(logit=v, size=(2, 3))
npx.random.bernoulli(logit=s)
npx.random.bernoulli(0.5, size=4, dtype='int32')
npx.random.bernoulli(0.5, size=4, dtype='bool')
npx.random.bernoulli(0.5, size=4, dtype=bool)
npx.random.bernoulli(0.5, size=4, dtype='float64')
npx.random.bernoulli(0.5, size=4, dtype='float16')
npx.random.bernoulli(0.5, size=4, dtype='uint8')
npx.random.bernoulli(0.5, size=4, dtype='int8')
npx.random.bernoulli(0.5, size=4, ctx=mx.cpu(1))
npx.random.bernoulli(0.5, size=3, out=v)
npx.random.bernoulli(0.5, size=())
npx.random.bernoulli(0.5, size=(0, 2))
npx.random.bernoulli(1.5, size=4)
npx.random.bernoulli(-0.5, size=4)
npx.random.bernoulli(v, size=3)
npx.random.bernoulli('a')
npx.random.bernoulli([0.5])
npx.random.bernoulli(0.5, None, 4)
sym.npx.random.bernoulli(0.5, size=4)
sym.npx.random.bernoulli(prob=sx)
sym.npx.random.bernoulli(logit=sx, size=(2, 3))
npx.random.uniform_n()
npx.random.uniform_n(1, 2, 3)
npx.random.uniform_n(1, 2, (2, 3))
npx.random.uniform_n(v, 5)
npx.random.uniform_n(v, v + 1, 2)
npx.random.uniform_n(v, v + 1, (2, 2))
npx.random.uniform_n(0.0, v, batch_shape=(2,))
npx.random.uniform_n(1, 2, 3, dtype='float64')
npx.random.uniform_n(1, 2, 3, ctx=mx.cpu(1))
npx.random.uniform_n(1, 2, ())
npx.random.uniform_n('a', 2)
npx.random.normal_n()
npx.random.normal_n(1, 2, 3)
npx.random.normal_n(1, 2, (2, 3))
npx.random.normal_n(v, 5)
npx.random.normal_n(v, v + 1, 2)
npx.random.normal_n(v, v + 1, (2, 2))
npx.random.normal_n(0.0, v, batch_shape=(2,))
npx.random.normal_n(1, 2, 3, dtype='float64')
npx.random.normal_n(1, 2, 3, ctx=mx.cpu(1))
npx.random.normal_n(1, 2, ())
npx.random.normal_n(1, 2, (0, 2))
npx.random.normal_n('a', 2)
sym.npx.random.uniform_n(1, 2, 3)
sym.npx.random.normal_n(sx, 2, (2, 3))
npx.random.seed(3); np.random.uniform(size=3)
npx.random.seed(3); np.random.normal(size=(2, 2))
npx.random.seed(3, ctx=mx.cpu(0)); np.random.normal(size=(2, 2))
npx.random.seed(seed=3, ctx='all'); np.random.randint(100, size=4)
mx.random.seed(3); np.random.uniform(size=3)
npx.random.seed(3)
npx.random.seed('a')
npx.random.seed(2.5)
npx.random.seed()
np.random.uniform(size=2); np.random.uniform(size=2)
np.random.normal(size=3); np.random.uniform(size=2)
np.random.uniform(size=2) - np.random.uniform(size=2)
np.random.uniform.__name__
""".strip().splitlines()
