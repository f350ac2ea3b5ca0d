#include <omp.h>

#include <algorithm>
#include <exception>

#include "backend/common/image/resample.h"

namespace mx::image::detail {
namespace {

int64_t num_parts(const Extent& to) {
  // About a millisecond of work for each thread.
  constexpr int64_t kLeastValues = 1 << 20;
  const int64_t most = to.height * to.width * to.channels / kLeastValues;
  if (most <= 1 || omp_in_parallel()) return 1;
  return std::min<int64_t>({most, to.height, omp_get_max_threads()});
}

}  // namespace

void run_row_parts(const Extent& to, RowPart call, const void* work) {
  const int64_t parts = num_parts(to);
  if (parts == 1) return call(work, 0, to.height);
  std::exception_ptr error;
#pragma omp parallel for num_threads(static_cast <int>(parts))
  for (int64_t i = 0; i < parts; ++i) {
    try {
      call(work, to.height * i / parts, to.height * (i + 1) / parts);
    } catch (...) {
#pragma omp critical
      error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace mx::image::detail
