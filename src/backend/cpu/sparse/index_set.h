#pragma once
// Which rows or columns some elements lie in, at a cost that follows from their number and hardly
// from how many rows or columns there are.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace mx {

/// The distinct ones of some indices in [0, limit), ascending.
class IndexSet {
 public:
  IndexSet(const int64_t* indices, int64_t count, int64_t limit) {
    if (limit / 64 <= kWordsPerIndex * count)
      mark(indices, count, limit);
    else
      sort(indices, count);
  }

  int64_t size() const { return static_cast<int64_t>(numbers_.size()); }
  const std::vector<int64_t>& numbers() const { return numbers_; }

  /// Where an index lies among the distinct ones, or -1.
  int64_t find(int64_t index) const {
    if (words_.empty()) {
      const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), index);
      return found != numbers_.end() && *found == index ? found - numbers_.begin() : -1;
    }
    const auto word = static_cast<size_t>(index / 64);
    const uint64_t bit = uint64_t{1} << (index % 64);
    if (!(words_[word] & bit)) return -1;
    return before_[word] + std::popcount(words_[word] & (bit - 1));
  }

 private:
  /// A word of 64 marks costs about as much as a step of sorting.
  static constexpr int64_t kWordsPerIndex = 16;

  void mark(const int64_t* indices, int64_t count, int64_t limit) {
    const auto words = static_cast<size_t>(limit / 64 + 1);
    words_.resize(words);
    before_.resize(words);
    for (int64_t i = 0; i < count; ++i)
      words_[static_cast<size_t>(indices[i] / 64)] |= uint64_t{1} << (indices[i] % 64);
    int64_t total = 0;
    for (size_t w = 0; w < words; ++w) {
      before_[w] = total;
      total += std::popcount(words_[w]);
    }
    numbers_.reserve(static_cast<size_t>(total));
    for (size_t w = 0; w < words; ++w)
      for (uint64_t rest = words_[w]; rest; rest &= rest - 1)
        numbers_.push_back(static_cast<int64_t>(w) * 64 + std::countr_zero(rest));
  }

  void sort(const int64_t* indices, int64_t count) {
    numbers_.assign(indices, indices + count);
    if (!std::is_sorted(numbers_.begin(), numbers_.end()))
      std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
  }

  std::vector<int64_t> numbers_;
  std::vector<uint64_t> words_;  ///< a bit for each index below the limit, or empty: sorted alone
  std::vector<int64_t> before_;  ///< how many are marked in the words before
};

}  // namespace mx
