"""A plain Python model of the CPU random numbers of MXNet 1.9.1; docs/random.md explains it.

Only NumPy is needed. `CpuRandom(seed)` has one method for every sampler; the order of calls
matters exactly as it does in the original, because streams keep their positions.
"""
import math

import numpy as np

F32, F64 = np.float32, np.float64
STREAMS = 1024
MIN_PER_STREAM = 64
SEED_STRIDE = 127


class Stream:
    """One std::mt19937 (32-bit Mersenne Twister) with the libstdc++ distributions on top."""

    def __init__(self, seed):
        self._state = np.random.RandomState(seed & 0xFFFFFFFF)
        self._block, self._next = [], 0

    def word(self):
        """Next raw 32-bit word."""
        if self._next == len(self._block):
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
        while True:
            x = real(2) * self.uniform(real) - real(1)
            y = real(2) * self.uniform(real) - real(1)
            square = x * x + y * y
            if 0 < square <= 1:
                return y * np.sqrt(real(-2) * np.log(square) / square)

    def integer(self):
        """The 64-bit integer under randint."""
        high = self.word()
        return ((high << 31) + self.word()) & (2**64 - 1)
