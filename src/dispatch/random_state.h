#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "base/mersenne_twister.h"
#include "base/parallel.h"
#include "device/device.h"
#include "engine/engine.h"

namespace mx {

/// One sequence of random numbers; the draws are defined in docs/random.md.
class RandomStream {
 public:
  explicit RandomStream(uint32_t seed) : words_(seed) {}

  uint32_t word() { return words_(); }
  /// Uniform in [0, 1); Real is float or double.
  template <typename Real>
  Real uniform() {
    uint32_t words[kWordsOf<Real>];
    for (uint32_t& w : words) w = word();
    return from_words(words, Real());
  }
  /// What n calls of uniform would give.
  template <typename Real>
  void uniforms(Real* numbers, int64_t n) {
    constexpr int64_t kBlock = 256;
    uint32_t words[kBlock * kWordsOf<Real>];
    for (int64_t first = 0; first < n; first += kBlock) {
      const int64_t count = std::min(kBlock, n - first);
      words_.fill(words, count * kWordsOf<Real>);
      Real* to = numbers + first;
      for (int64_t i = 0; i < count; ++i) to[i] = from_words(words + i * kWordsOf<Real>, Real());
    }
  }

 private:
  template <typename Real>
  static constexpr int64_t kWordsOf = sizeof(Real) / sizeof(uint32_t);

  static float from_words(const uint32_t* w, float) {
    const float value = static_cast<float>(w[0]) / 4294967296.0f;
    return value < 1.0f ? value : kBelowOne<float>;
  }
  static double from_words(const uint32_t* w, double) {
    const double low = w[0], high = w[1];
    const double value = (low + high * 4294967296.0) / 18446744073709551616.0;
    return value < 1.0 ? value : kBelowOne<double>;
  }
  template <typename Real>
  static constexpr Real kBelowOne = 1 - std::numeric_limits<Real>::epsilon() / 2;

  MersenneTwister words_;
};

/// The random generators of one device: a pool of streams, and a single one for the operators that
/// draw one number after the other. What is drawn from which is described in docs/random.md; the
/// sequences are those of MXNet 1.9.1 on the CPU. Thread safety: draws are kept apart by a mutex,
/// and in the program's order by var(), which operators and graphs that draw write.
class RandomState {
 public:
  static constexpr int64_t kStreams = 1024;

  /// Seeds stream i of the pool with pool_seed + i, and the single stream.
  void seed(uint32_t pool_seed, uint32_t single_seed);

  /// Calls body(stream, first, last) so that the parts [first, last) cover [0, count), each part
  /// with the stream that its samples come from; in parallel when `cost` nanoseconds for each
  /// sample make it worth while. A further stream is used for each `share` samples.
  template <typename F>
  void for_each_stream(int64_t count, double cost, const F& body, int64_t share = 64) {
    if (count <= 0) return;
    std::lock_guard lock(mutex_);
    const int64_t streams = std::min(kStreams, (count + share - 1) / share);
    const int64_t step = (count + streams - 1) / streams;
    parallel_for(streams, grain_for(cost * static_cast<double>(step)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t s = begin; s < end; ++s) {
                     const int64_t first = s * step, last = std::min(count, first + step);
                     if (first < last) body(stream(s), first, last);
                   }
                 });
  }
  /// Calls body(stream) with the single stream.
  template <typename F>
  void with_single_stream(const F& body) {
    std::lock_guard lock(mutex_);
    if (!single_) single_ = std::make_unique<RandomStream>(single_seed_);
    body(*single_);
  }
  /// kStreams generators in a row for code from outside, apart from the pool. Call only inside an
  /// operation that writes var().
  std::mt19937* generators();
  Var& var() { return var_; }

 private:
  /// Streams are made when first used.
  RandomStream& stream(int64_t i) {
    std::unique_ptr<RandomStream>& slot = pool_[static_cast<size_t>(i)];
    if (!slot) slot = std::make_unique<RandomStream>(pool_seed_ + static_cast<uint32_t>(i));
    return *slot;
  }

  std::mutex mutex_;
  Var var_;
  uint32_t pool_seed_ = 0, single_seed_ = 0;
  std::vector<std::unique_ptr<RandomStream>> pool_{static_cast<size_t>(kStreams)};
  std::unique_ptr<RandomStream> single_;
  std::vector<std::mt19937> generators_;
};

/// State of a device. All CPU contexts share one.
RandomState& random_state(Device device);
/// Seeds every device, also those used later (`mx.random.seed(s)`).
void seed_all(uint32_t seed);
/// Seeds one device (`mx.random.seed(s, ctx)`).
void seed_device(uint32_t seed, Device device);

}  // namespace mx
