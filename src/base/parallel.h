#pragma once
#include <algorithm>
#include <cstdint>

namespace mx {

/// Threads that a parallel region of the calling thread uses: 1 inside a parallel region or while
/// ScopedSerial is alive, else OpenMP's number (OMP_NUM_THREADS or the cores).
int parallel_threads();

/// While alive, parallel_for in this thread runs serially (small inline operators, engine rules).
class ScopedSerial {
 public:
  ScopedSerial();
  ~ScopedSerial();
  ScopedSerial(const ScopedSerial&) = delete;
  ScopedSerial& operator=(const ScopedSerial&) = delete;

 private:
  bool previous_;
  int previous_threads_;
};

namespace detail {
using RangeFn = void (*)(const void* body, int64_t begin, int64_t end);
void parallel_ranges(int64_t count, int64_t grain, RangeFn call, const void* body);
}  // namespace detail

/// Calls body(begin, end) for ranges that cover [0, count), in parallel when count > grain.
/// `grain` is the least number of items that is worth a thread. An exception thrown by `body`
/// is rethrown in the calling thread once all ranges are done.
template <typename F>
void parallel_for(int64_t count, int64_t grain, const F& body) {
  if (count <= 0) return;
  if (count <= grain) return body(int64_t{0}, count);
  detail::parallel_ranges(
      count, grain,
      [](const void* f, int64_t begin, int64_t end) { (*static_cast<const F*>(f))(begin, end); },
      &body);
}

/// Grain for loops whose body costs about `cost` nanoseconds per item.
inline int64_t grain_for(double cost) {
  return std::max<int64_t>(1, static_cast<int64_t>(20000 / cost));
}

}  // namespace mx
