#include "ndarray/holds.h"

#include <algorithm>

#include "base/error.h"

namespace mx {

void Holds::add(size_t begin, size_t end, size_t size) {
  if (begin == 0 && end == size) {
    whole_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  std::lock_guard lock(mutex_);
  parts_.emplace_back(begin, end);
  num_parts_.fetch_add(1, std::memory_order_relaxed);
}

void Holds::remove(size_t begin, size_t end, size_t size) {
  if (begin == 0 && end == size) {
    whole_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  std::lock_guard lock(mutex_);
  // From the back, for what was recorded last is dropped first.
  const auto found = std::find(parts_.rbegin(), parts_.rend(), std::pair(begin, end));
  internal_check(found != parts_.rend(), "Holds: bytes are released that were not held");
  *found = parts_.back();
  parts_.pop_back();
  num_parts_.fetch_sub(1, std::memory_order_relaxed);
}

bool Holds::overlap(size_t begin, size_t end) const {
  if (begin == end) return false;
  if (whole_.load(std::memory_order_relaxed) > 0) return true;
  if (num_parts_.load(std::memory_order_relaxed) == 0) return false;
  std::lock_guard lock(mutex_);
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const auto& part) { return part.first < end && begin < part.second; });
}

}  // namespace mx
