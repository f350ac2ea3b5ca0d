#pragma once
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace mx::records {

/// Random numbers as MXNet 1.9.1 drew them for its readers: MT19937, and the distributions that the
/// C++ library of its time had, which later versions of that library changed.
class Draws {
 public:
  explicit Draws(uint32_t seed) : engine_(seed) {}
  void seed(uint32_t seed) { engine_.seed(seed); }

  /// A whole number from 0 to `bound` - 1; `bound` is at least 1 and fits 32 bits.
  int64_t below(int64_t bound);
  /// A whole number from `low` to `high`, both included.
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  /// A number of [0, 1).
  float uniform();
  /// A number of [low, high).
  float uniform(float low, float high) { return uniform() * (high - low) + low; }
  /// True half of the time.
  bool coin();
  /// A pair of independent numbers with mean 0 and deviation 1.
  std::pair<float, float> normal_pair();

  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (size_t i = 1; i < values.size(); ++i) {
      std::swap(values[i], values[static_cast<size_t>(below(static_cast<int64_t>(i) + 1))]);
    }
  }

 private:
  std::mt19937 engine_;
};

}  // namespace mx::records
