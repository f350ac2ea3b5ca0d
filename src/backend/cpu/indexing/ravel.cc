#include <algorithm>

#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"
#include "ir/common_params.h"

namespace mx {
namespace {

void ravel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape& shape = params.as<ShapeParam>().shape;
  const int64_t* at = widen_indices(in[0], context);
  const int64_t count = out[0].size();
  visit_dtype(out[0].dtype, "_ravel_multi_index", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < count; ++i) {
      uint64_t flat = 0;  // wraps around where coordinates lie far outside
      for (int axis = 0; axis < shape.ndim(); ++axis)
        flat =
            flat * static_cast<uint64_t>(shape[axis]) + static_cast<uint64_t>(at[axis * count + i]);
      out[0].as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(static_cast<int64_t>(flat)));
    }
  });
}

/// Divides numbers of 31 bits by a size of as many, in vectors: the double nearest to the quotient
/// of x + 1/2 is too exact to reach a whole number that the true one does not.
template <typename T>
void divide_small(int32_t* rest, int64_t n, int32_t size, T* remainder) {
  const double share = 1.0 / size;
  for (int64_t i = 0; i < n; ++i) {
    const auto quotient = static_cast<int32_t>((rest[i] + 0.5) * share);
    remainder[i] = static_cast<T>(static_cast<ComputeType<T>>(rest[i] - quotient * size));
    rest[i] = quotient;
  }
}

template <typename T>
void divide_large(int64_t* rest, int64_t n, int64_t size, T* remainder) {
  for (int64_t i = 0; i < n; ++i) {
    remainder[i] = static_cast<T>(static_cast<ComputeType<T>>(rest[i] % size));
    rest[i] /= size;
  }
}

/// Writes the coordinates of n <= kIndexBlock indices, `step` apart. The first coordinate takes
/// whatever is left, so its size is not needed.
template <typename Rest, typename T, typename Divide>
void unravel_block(const Shape& shape, const int64_t* at, int64_t n, T* out, int64_t step,
                   const Divide& divide) {
  Rest rest[kIndexBlock];
  for (int64_t i = 0; i < n; ++i) rest[i] = static_cast<Rest>(at[i]);
  for (int axis = shape.ndim() - 1; axis > 0; --axis)
    divide(rest, n, static_cast<Rest>(std::max<int64_t>(shape[axis], 1)), out + axis * step);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(static_cast<ComputeType<T>>(rest[i]));
}

void unravel(const Params& params, KernelContext&, Inputs in, Outputs out) {
  constexpr int64_t kSmall = int64_t{1} << 31;
  const Shape& shape = params.as<ShapeParam>().shape;
  const bool small_sizes =
      std::all_of(shape.begin(), shape.end(), [](int64_t size) { return size < kSmall; });
  visit_dtype(out[0].dtype, "_unravel_index", [&]<typename T>(TypeTag<T>) {
    for_index_blocks(in[0], 2.0 * shape.ndim(), [&](int64_t first, int64_t n, const int64_t* at) {
      T* to = out[0].as<T>() + first;
      if (small_sizes && find_outside(at, n, 0, kSmall) == n)
        unravel_block<int32_t>(shape, at, n, to, in[0].size(), divide_small<T>);
      else
        unravel_block<int64_t>(shape, at, n, to, in[0].size(), divide_large<T>);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_ravel_multi_index", "native").run(ravel);
const KernelBuilder k2 = KernelBuilder("_unravel_index", "native").run(unravel);

}  // namespace
}  // namespace mx
