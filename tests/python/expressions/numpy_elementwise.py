"""Universal functions of mx.np: with arrays of each dtype, numbers, options and errors."""

UNARY = """
abs absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_not cbrt ceil cos cosh degrees exp
expm1 fabs fix floor invert isfinite isinf isnan isneginf isposinf log log10 log1p log2 logical_not
negative radians reciprocal rint sign sin sinh sqrt square tan tanh trunc around round round_
nan_to_num
""".split()
BINARY = """
add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal greater greater_equal hypot lcm
ldexp less less_equal maximum minimum mod multiply not_equal power remainder subtract true_divide
""".split()

# Operands for every function, and further ones for a few that stand for all.
OPERANDS = """
v
d
i
b
s
e
0.5
[1.0, 2.0]
v, out=v
d, out=v
np.array([0.5, 2], dtype='float16')
np.array([-3, 3], dtype='int8')
np.array([float('nan'), float('inf'), -float('inf'), -0.0, 0.5, 2.5])
""".strip().splitlines()
FURTHER_OPERANDS = """
v, v
onp.float32(0.5)
onp.int32(3)
None
'a'
onp.array([0.5])
v, out=np.zeros((2,))
v, where=True
v, where=False
v, dtype='float16'
v, nothing=1
x=v
np.array([0, 200], dtype='uint8')
np.array([-3, 7], dtype='int64')
""".strip().splitlines()
PAIRS = """
x, x
v, x[:, :1]
x, v
i, i
b, b
x, i
d, x
i, b
x, 2
2, x
i, 2
i, 1.5
1.5, i
b, True
b, 1.5
d, 2.5
2.5, d
7, 2
7.5, 2
e, e
e, 1.0
s, x
x, [1, 2]
x, i, i
x, x, out=x
x, 2, out=x
np.array([5, -5, 7], dtype='int32'), np.array([3, 3, -4], dtype='int32')
np.array([1, 2], dtype='int64'), np.array([3, 4], dtype='int32')
np.array([float('nan'), float('inf'), 1]), np.array([1, float('inf'), float('nan')])
""".strip().splitlines()
FURTHER_PAIRS = """
i, x
b, x
2, i
b, 2
2, b
True, 2
onp.float32(2), x
x, onp.int64(2)
s, s
e, v
[1, 2], x
x, None
x, onp.ones((2, 2))
onp.ones((2, 2)), x
i, i, out=x
2, x, out=x
x, x, where=True
x, x, where=b
x, x, dtype='float64'
x, x, dtype=None
x, x, nothing=1
x1=x, x2=x
np.zeros((3, 1)), v
np.array([5, -5, 0]), np.array([3, 3, 3])
np.array([5, -5, 7], dtype='int8'), np.array([3, 3, 4], dtype='uint8')
np.array([1, 2], dtype='float16'), np.array([3, 4])
""".strip().splitlines()

SNIPPETS = []
for name in UNARY:
    SNIPPETS += [f"np.{name}({operand})" for operand in OPERANDS]
    if name not in ("ceil", "fix", "floor", "trunc"):  # NumPy 2 keeps integers
        SNIPPETS += [f"np.{name}(2)", f"np.{name}(True)"]
    SNIPPETS += [f"sym.np.{name}(sx)", f"sym.np.{name}(0.5)"]
for name in ("exp", "isfinite", "abs", "invert", "around", "degrees"):
    SNIPPETS += [f"np.{name}({operand})" for operand in FURTHER_OPERANDS]
for name in BINARY:
    SNIPPETS += [f"np.{name}({operands})" for operands in PAIRS]
    SNIPPETS += [f"sym.np.{name}({operands})" for operands in ("sx, sy", "sx, 2", "2.5, sx")]
for name in ("add", "equal", "true_divide", "bitwise_and", "ldexp", "hypot"):
    SNIPPETS += [f"np.{name}({operands})" for operands in FURTHER_PAIRS]

SNIPPETS += """
np.clip(x, 2, 3)
np.clip(i, 2, 3)
np.clip(d, 0, 1)
np.clip(d, None, 1)
np.clip(d, 0, None)
np.clip(d, None, None)
np.clip(x, 3, 2)
np.clip(x, 2.5, 3.5)
np.clip(i, 1.5, 3.5)
np.clip(b, 0, 1)
np.clip(e, 0, 1)
np.clip(s, 0, 1)
np.clip(v, x, x)
np.clip(v, v, 2)
np.clip(3, 0, 1)
np.clip([3], 0, 1)
np.clip(x, 2, 3, out=x)
np.clip(x, 2, 3, x)
np.clip(d, 0, 1, out=x)
np.clip(x, a_min=2, a_max=3)
np.clip(x, 2)
np.clip(onp.ones(2), 0, 1)
np.around(d, 1)
np.around(np.array([1.235, -1.245, 15.5, 0.5, 1.5]), 2)
np.around(np.array([1.235, -1.245, 15.5, 0.5, 1.5]), decimals=-1)
np.around(i, -1)
np.around(np.array([15, 25, 35], dtype='int32'), -1)
np.around(2.567, 1)
np.around(2.567, decimals=1, out=v)
np.around(v, 1, v)
np.around(v, decimals=1, out=v)
np.around(v, decimals=1.5)
np.round(d, 1)
np.round_(d, decimals=1)
np.round_(25, -1)
np.nan_to_num(np.array([float('nan'), float('inf'), -float('inf'), 1]))
np.nan_to_num(np.array([float('nan'), float('inf'), -float('inf'), 1], dtype='float64'))
np.nan_to_num(np.array([float('nan'), float('inf'), -float('inf'), 1], dtype='float16'))
np.nan_to_num(np.array([float('nan'), float('inf'), -float('inf'), 1]), nan=2, posinf=3, neginf=4)
np.nan_to_num(np.array([float('nan'), float('inf'), -float('inf'), 1]), True, 2.5, 3.5, -4.5)
o = np.array([float('nan'), 1]); np.nan_to_num(o, copy=False); o
o = np.array([float('nan'), 1]); np.nan_to_num(o); o
np.nan_to_num(i, nan=3)
np.nan_to_num(float('nan'))
np.nan_to_num(float('inf'), posinf=3)
np.nan_to_num(3)
np.nan_to_num([1.0, float('nan')])
np.where(b, x, i)
np.where(b, x, d)
np.where(b, x, 3)
np.where(b, 3, x)
np.where(b, 3, 4)
np.where(b, 3.5, 4)
np.where(b, 3.5, i)
np.where(b, i, 3)
np.where(b, i, 2.5)
np.where(b, b, b)
np.where(b, b, 3)
np.where(x, x, i)
np.where(x - 1, x, -x)
np.where(i - 1, x, -x)
np.where(b)
np.where(x)
np.where(e)
np.where(b, x)
np.where(b, None, x)
np.where(b, x, None)
np.where(b[0], x, x)
np.where(b[:, :1], x, v[:2])
np.where(True, x, -x)
np.where(False, x, -x)
np.where(0.0, x, -x)
np.where(1, 2, 3)
np.where(True, 2.5, 3)
np.where(onp.array([True]), x, x)
np.where([True, False], x, x)
np.where(b, [1, 2], x)
np.where(b, onp.ones((2, 2)), x)
np.where(b, nd.ones((2, 2)), x)
np.where(e, e, e)
np.where(s, v, -v)
np.where(np.array(False), v, -v)
np.where(b, s, x)
np.where(b, np.array([1, 2], dtype='float16'), np.array([1, 2], dtype='float16'))
np.where(b, np.array([1, 2], dtype='int64'), np.array([1, 2], dtype='int32'))
np.where(b, np.array([1, 2], dtype='uint8'), np.array([1, 2], dtype='int8'))
np.where(b, True, False)
sym.np.where(sx, sy, sy)
sym.np.where(sx, 1, sy)
sym.np.where(sx, sy, 1)
sym.np.where(sx, 1, 2)
sym.np.where(1, sx, sy)
sym.np.where(sx)
sym.np.where(sx, sy)
sym.np.clip(sx, 0, 1)
sym.np.clip(sx, None, 1)
sym.np.clip(sx, None, None)
sym.np.around(sx, 2)
sym.np.nan_to_num(sx, nan=2.0)
sym.np.exp('a')
sym.np.exp(sx, where=True)
sym.np.exp(sx, dtype='float16')
sym.np.exp(sx, nothing=1)
sym.np.add(sx, x)
sym.np.add(sx, 'a')
sym.np.add(2, 3)
sym.np.add(sx, sx, nothing=1)
np.where(condition=b, x=x, y=x)
np.where(b, x, np.zeros((3, 2)))
np.abs.__name__
np.add.__name__
np.add.__module__
np.ldexp(np.array([1.5]), np.array([2], dtype='int32'))
np.ldexp(1.5, np.array([2, 3], dtype='int32'))
np.ldexp(np.array([1.5, 2.5]), -1)
np.lcm(np.array([4, 6, 0], dtype='int32'), np.array([6, -4, 5], dtype='int32'))
np.lcm(np.array([4, 6], dtype='int64'), 10)
np.lcm(np.array([4, 6], dtype='int64'), 2.5)
np.power(np.array([2, 3], dtype='int32'), -1)
np.power(np.array([2, 3], dtype='int32'), np.array([2, 3], dtype='int32'))
np.power(np.array([0.0, 2.0]), 0)
np.mod(np.array([5.5, -5.5]), 2)
np.mod(np.array([5.5, -5.5]), 0)
np.mod(np.array([5, -5], dtype='int32'), 0)
np.mod(5, np.array([3, -3], dtype='int32'))
np.true_divide(np.array([5, -5], dtype='int32'), 0)
np.true_divide(np.array([5, -5], dtype='int32'), np.array([2, 2], dtype='int64'))
np.true_divide(np.array([5, -5], dtype='int32'), np.array([2, 2], dtype='float64'))
np.copysign(np.array([1.0, -2.0]), np.array([-0.0, 0.0]))
np.bitwise_and(np.array([12, 10], dtype='int32'), np.array([10, 6], dtype='int32'))
np.bitwise_or(np.array([12, 10], dtype='uint8'), 3)
np.bitwise_xor(np.array([12, 10], dtype='int8'), np.array([10, 6], dtype='int8'))
np.invert(np.array([12, -10], dtype='int8'))
np.maximum(np.array([1.0, float('nan')]), 2)
np.minimum(float('nan'), np.array([1.0, 2.0]))
np.deg2rad(np.array([180, 90]))
np.rad2deg(np.array([3.14159265, 1.57079633]))
np.deg2rad(180)
np.fix(np.array([-1.5, 1.5, 2.0]))
np.rint(np.array([0.5, 1.5, 2.5, -0.5]))
np.cbrt(np.array([8, -27]))
np.sign(np.array([-3, 0, 3], dtype='int32'))
np.reciprocal(np.array([2, 4], dtype='int32'))
np.isposinf(np.array([float('inf'), -float('inf')]), v)
np.isposinf(float('inf'))
np.isneginf(-float('inf'))
np.isnan(float('nan'))
np.isnan(np.array([1, float('nan')]), out=np.zeros((2,), dtype='bool'))
np.isnan(np.array([1, float('nan')]), out=np.zeros((2,)))
np.logical_not(np.array([0, 1, 2]))
np.greater(np.array([1, 2], dtype='int64'), np.array([1.5, 1.5]))
np.equal(x, 'a')
np.equal(i, i, out=np.zeros((2, 2), dtype='bool'))
np.less(i, i, out=x)
""".strip().splitlines()
