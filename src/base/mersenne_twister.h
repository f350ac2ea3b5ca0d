#pragma once
#include <algorithm>
#include <cstdint>

namespace mx {

/// The 32-bit Mersenne Twister (Matsumoto and Nishimura 1998). Its words are those of std::mt19937,
/// but many can be had at once, in loops that the compiler vectorises.
class MersenneTwister {
 public:
  explicit MersenneTwister(uint32_t seed) {
    for (uint32_t i = 0; i < kSize; ++i) {
      state_[i] = seed;
      seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
    }
  }

  uint32_t operator()() {
    if (next_ == kSize) twist();
    return tempered(state_[next_++]);
  }
  /// The next n words.
  void fill(uint32_t* words, int64_t n) {
    while (n > 0) {
      if (next_ == kSize) twist();
      const int64_t count = std::min<int64_t>(n, kSize - next_);
      for (int64_t i = 0; i < count; ++i) words[i] = tempered(state_[next_ + i]);
      next_ += count;
      words += count;
      n -= count;
    }
  }

 private:
  static constexpr int64_t kSize = 624, kMiddle = 397;

  static uint32_t tempered(uint32_t y) {
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
  }
  static uint32_t twisted(uint32_t high, uint32_t low) {
    const uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return y >> 1 ^ (-(low & 1) & 0x9908b0dfu);
  }
  void twist() {
    uint32_t* s = state_;
    for (int64_t k = 0; k < kSize - kMiddle; ++k) s[k] = s[k + kMiddle] ^ twisted(s[k], s[k + 1]);
    for (int64_t k = kSize - kMiddle; k < kSize - 1; ++k)
      s[k] = s[k + kMiddle - kSize] ^ twisted(s[k], s[k + 1]);
    s[kSize - 1] = s[kMiddle - 1] ^ twisted(s[kSize - 1], s[0]);
    next_ = 0;
  }

  uint32_t state_[kSize];
  int64_t next_ = kSize;
};

}  // namespace mx
