#include "base/parallel.h"

#include <omp.h>

#include <exception>
#include <mutex>

namespace mx {
namespace {
thread_local bool serial = false;
}

int parallel_threads() { return serial || omp_in_parallel() ? 1 : omp_get_max_threads(); }

ScopedSerial::ScopedSerial() : previous_(serial), previous_threads_(omp_get_max_threads()) {
  serial = true;
  omp_set_num_threads(1);  // libraries that use OpenMP themselves see it too
}

ScopedSerial::~ScopedSerial() {
  serial = previous_;
  omp_set_num_threads(previous_threads_);
}

namespace detail {

void parallel_ranges(int64_t count, int64_t grain, RangeFn call, const void* body) {
  const int64_t wanted = (count + grain - 1) / std::max<int64_t>(grain, 1);
  const int threads = static_cast<int>(std::min<int64_t>(parallel_threads(), wanted));
  if (threads <= 1) return call(body, 0, count);
  std::exception_ptr error;
  std::mutex error_mutex;
#pragma omp parallel num_threads(threads)
  {
    const int64_t parts = omp_get_num_threads(), part = omp_get_thread_num();
    const int64_t begin = count * part / parts, end = count * (part + 1) / parts;
    try {
      if (begin < end) call(body, begin, end);
    } catch (...) {
      std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace detail
}  // namespace mx
