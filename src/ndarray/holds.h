#pragma once
#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace mx {

/// Which bytes of a piece of memory somebody will read later and expects unchanged.
/// Thread safety: any.
class Holds {
 public:
  /// Bytes [begin, end) of `size` are relied on, until remove() is called with the same arguments.
  void add(size_t begin, size_t end, size_t size);
  void remove(size_t begin, size_t end, size_t size);
  /// Whether a write to bytes [begin, end) would change what somebody relies on.
  bool overlap(size_t begin, size_t end) const;

 private:
  std::atomic<int> whole_{0}, num_parts_{0};  ///< nearly always the whole is held: that is counted
  mutable std::mutex mutex_;
  std::vector<std::pair<size_t, size_t>> parts_;
};

}  // namespace mx
