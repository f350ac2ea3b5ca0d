"""A plain Python model of the CPU random numbers of MXNet 1.9.1; docs/random.md explains it.

NumPy and the C library are all it needs. `CpuRandom(seed)` has one method for every sampler; the
order of calls matters exactly as it does in the original, because streams keep their positions.
Run under any Python; `check_random.py` compares it with MXNet 1.9.1.
"""

import ctypes
import math

import numpy as np

F32, F64 = np.float32, np.float64
STREAMS = 1024
MIN_PER_STREAM = 64
SEED_STRIDE = 127

_LIBM = ctypes.CDLL("libm.so.6")


def _c_float_function(name):
    function = getattr(_LIBM, name)
    function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float]
    return lambda value: F32(function(float(value)))


# NumPy has float32 routines of its own whose last bit differs from the C library's.
logf, sqrtf, expf, tanf, floorf, lgammaf = map(
    _c_float_function, ("logf", "sqrtf", "expf", "tanf", "floorf", "lgammaf")
)


class Stream:
    """One std::mt19937 (32-bit Mersenne Twister) with the libstdc++ distributions on top."""

    def __init__(self, seed):
        self._seed, self._state = seed & 0xFFFFFFFF, None
        self._block, self._next = [], 0

    def word(self):
        """Next raw 32-bit word."""
        if self._next == len(self._block):
            self._state = self._state or np.random.RandomState(self._seed)
            self._block = self._state.randint(0, 2**32, 256, dtype=np.uint32).tolist()
            self._next = 0
        self._next += 1
        return self._block[self._next - 1]

    def uniform(self, real=F32):
        """Uniform in [0, 1): float32 takes one word, float64 two (the first is the low one)."""
        if real is F32:
            value = F32(self.word()) / F32(2.0**32)
            return value if value < 1 else np.nextafter(F32(1), F32(0))
        low, high = self.word(), self.word()
        value = (F64(low) + F64(high) * F64(2.0**32)) / F64(2.0**64)
        return value if value < 1 else np.nextafter(F64(1), F64(0))

    def normal(self, real=F32):
        """Standard normal by the polar method; the second value of each pair is thrown away."""
        log, sqrt = (logf, sqrtf) if real is F32 else (math.log, math.sqrt)
        while True:
            x = real(2) * self.uniform(real) - real(1)
            y = real(2) * self.uniform(real) - real(1)
            square = x * x + y * y
            if 0 < square <= 1:
                return y * real(sqrt(real(-2) * real(log(square)) / square))

    def integer(self):
        """The 64-bit integer under randint."""
        high = self.word()
        return ((high << 31) + self.word()) & (2**64 - 1)

    def below(self, count):
        """Uniform integer in [0, count), as std::uniform_int_distribution draws it."""
        scale = (2**32 - 1) // count
        while True:
            word = self.word()
            if word < count * scale:
                return word // scale

    def exponential(self, rate, real=F32):
        """Exponential of a float32 rate; arithmetic in float64 whatever `real` is."""
        return -math.log(1.0 - float(self.uniform(real))) / float(rate)

    def gamma(self, alpha, beta, real=F32):
        """Gamma of shape `alpha` and scale `beta` (Marsaglia and Tsang 2000)."""
        log, sqrt = (logf, sqrtf) if real is F32 else (math.log, math.sqrt)
        alpha, beta = real(alpha), real(beta)
        d = real(float(alpha) + 2.0 / 3.0) if alpha < 1 else real(float(alpha) - 1.0 / 3.0)
        k = real(sqrt(real(9) * d))
        c = real(1) / k
        while True:
            z = self.normal(real)
            if z <= -k:
                continue
            x = real(1) + c * z
            v = x * x * x
            bound = real(0.5) * z * z + d * (real(1) - v + real(log(v)))
            if real(log(real(1) - self.uniform(real))) < bound:
                break
        sample = d * v * beta
        if alpha < 1:
            power = math.pow(float(self.uniform(real)), float(real(1) / alpha))
            sample = real(float(sample) * power)
        return sample

    def poisson(self, rate):
        """Poisson, always in float32: a product of uniforms below 12, rejection from there."""
        rate = F32(rate)
        if rate < 12:
            bound, count, product = expf(-rate), 0, self.uniform()
            while product > bound:
                count += 1
                product = product * self.uniform()
            return count
        width, log_rate = sqrtf(F32(2) * rate), logf(rate)
        g = rate * log_rate - lgammaf(rate + F32(1))
        while True:
            while True:
                y = tanf(F32(3.1415926) * self.uniform())
                count = width * y + rate
                if count >= 0:
                    break
            count = floorf(count)
            density = expf(count * log_rate - lgammaf(count + F32(1)) - g)
            if self.uniform() <= F32(0.9) * (F32(1) + y * y) * density:
                return int(count)


def _parameter(value, count):
    """Parameter of every one of `count` samples; several values share the samples evenly."""
    values = np.atleast_1d(np.asarray(value, F32)).ravel()
    return np.repeat(values, count // len(values))


def _real(dtype):
    """Precision of the draws behind uniform, normal, exponential and Dropout."""
    return F32 if np.dtype(dtype) == np.float32 else F64


class CpuRandom:
    """All random state of one process: the pool of streams and the single stream.

    Samplers take scalars or, like `nd.random.uniform(low_array, ...)`, arrays of parameters;
    `count` is the number of all samples. They return flat arrays of `dtype`.
    """

    def __init__(self, seed=0):
        self.seed(seed)

    def seed(self, seed, one_device=False):
        """`mx.random.seed(seed)`, or with `one_device` `mx.random.seed(seed, ctx=mx.cpu())`."""
        base = SEED_STRIDE * seed
        self._pool = [Stream(base + index) for index in range(STREAMS)]
        self._single = Stream(seed if one_device else base)

    def _draw(self, count, sampler, dtype):
        """Draws `count` values; value i comes from stream i // step."""
        streams = min(STREAMS, (count + MIN_PER_STREAM - 1) // MIN_PER_STREAM)
        step = -(-count // max(streams, 1))
        values = [sampler(self._pool[i // step], i) for i in range(count)]
        if np.dtype(dtype) == np.float16:
            values = np.array(values, F32)  # rounded twice: to float32, then to float16
        return np.array(values, dtype=dtype)

    def uniform(self, low=0.0, high=1.0, count=1, dtype="float32"):
        real, low, high = _real(dtype), _parameter(low, count), _parameter(high, count)
        width = high - low
        return self._draw(
            count, lambda s, i: real(low[i]) + real(width[i]) * s.uniform(real), dtype
        )

    def normal(self, loc=0.0, scale=1.0, count=1, dtype="float32"):
        real, loc, scale = _real(dtype), _parameter(loc, count), _parameter(scale, count)
        return self._draw(count, lambda s, i: s.normal(real) * real(scale[i]) + real(loc[i]), dtype)

    def randint(self, low, high, count=1, dtype="int32"):
        return self._draw(count, lambda s, i: s.integer() % (high - low) + low, dtype)

    def exponential(self, scale=1.0, count=1, dtype="float32"):
        real, rate = _real(dtype), _parameter(1.0 / np.asarray(scale), count)
        return self._draw(count, lambda s, i: s.exponential(rate[i], real), dtype)

    def gamma(self, alpha=1.0, beta=1.0, count=1, dtype="float32"):
        real = F64 if np.dtype(dtype) == np.float64 else F32
        alpha, beta = _parameter(alpha, count), _parameter(beta, count)
        return self._draw(count, lambda s, i: s.gamma(alpha[i], beta[i], real), dtype)

    def poisson(self, lam=1.0, count=1, dtype="float32"):
        rate = _parameter(lam, count)
        return self._draw(count, lambda s, i: s.poisson(rate[i]), dtype)

    def negative_binomial(self, k=1, p=1.0, count=1, dtype="float32"):
        k, p = _parameter(k, count), _parameter(p, count)
        beta = (F32(1) - p) / p
        return self._draw(count, lambda s, i: s.poisson(s.gamma(k[i], beta[i])), dtype)

    def generalized_negative_binomial(self, mu=1.0, alpha=1.0, count=1, dtype="float32"):
        mu, alpha = _parameter(mu, count), _parameter(alpha, count)

        def sample(s, i):
            if alpha[i] == 0:
                return s.poisson(mu[i])
            return s.poisson(s.gamma(F32(1) / alpha[i], alpha[i] * mu[i]))

        return self._draw(count, sample, dtype)

    def dropout_mask(self, p, count=1, dtype="float32"):
        """The factor that Dropout multiplies every element with in training mode."""
        real, keep = _real(dtype), F32(1) - F32(p)
        return self._draw(count, lambda s, i: F32(s.uniform(real) < keep) / keep, dtype)

    def shuffle(self, count):
        """The order of the elements that `nd.shuffle` gives a vector."""
        order = list(range(count))
        for i in range(1, count):
            j = self._single.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order

    def shuffle_rows(self, count):
        """The order of the first axis that `nd.shuffle` gives an array of two axes or more."""
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self._single.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order

    def multinomial(self, probabilities, count=1):
        """Class numbers; `probabilities` has shape (classes,) or (rows, classes).

        A row that sums to less than the draw gives the number of classes itself.
        """
        rows = np.atleast_2d(np.asarray(probabilities))
        kind = np.float16 if rows.dtype == np.float16 else F32
        tables = np.add.accumulate(rows.astype(F64), axis=1).astype(kind)
        result = []
        for table in tables:
            draws = np.array([self._single.uniform() for _ in range(count)], kind)
            result.extend(np.searchsorted(table, draws, side="left"))
        return np.array(result, "int32")
