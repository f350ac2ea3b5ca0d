// The places of a grid: numbers that stay for as many elements as lie below their axis.
#include "ops/init/indices.h"

#include <algorithm>

#include "dispatch/kernel.h"

namespace mx {
namespace {

constexpr double kNanosecondsPerNumber = 1;

void indices(const Params& params, KernelContext&, Inputs, Outputs out) {
  const Shape& grid = params.as<IndicesParam>().dimensions;
  const int64_t size = grid.size();
  visit_dtype(out[0].dtype, "_npi_indices", [&]<typename T>(TypeTag<T>) {
    for (int axis = 0; axis < grid.ndim() && size > 0; ++axis) {
      const int64_t below = grid.size(axis + 1, grid.ndim()), count = grid[axis];
      T* places = out[0].as<T>() + axis * size;
      parallel_for(size / below, grain_for(kNanosecondsPerNumber * static_cast<double>(below)),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       std::fill_n(places + i * below, below, static_cast<T>(i % count));
                   });
    }
  });
}

const KernelBuilder k1 = KernelBuilder("_npi_indices", "native").run(indices);

}  // namespace
}  // namespace mx
