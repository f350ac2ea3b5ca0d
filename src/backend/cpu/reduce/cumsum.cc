// cumsum: an array of (outer, length, inner). Columns next to each other are summed together, which
// the compiler vectorises.
#include "ops/reduce/cumsum.h"

#include <algorithm>
#include <type_traits>

#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Columns that are summed together: their sums stay in the first-level cache.
constexpr int64_t kColumns = 512;

/// Floating sums are kept in double: rounding would add up from element to element. Those of
/// integers wrap in their own type.
template <typename T>
using SumType = std::conditional_t<std::is_integral_v<T>, T, double>;

/// One block of `width` columns of rows that lie `step` apart.
template <typename T, bool from_end>
void sum_columns(const T* from, T* to, int64_t length, int64_t step, int64_t width) {
  using C = ComputeType<T>;
  using Sum = SumType<T>;
  Sum sums[kColumns] = {};
  for (int64_t i = 0; i < length; ++i) {
    const int64_t row = (from_end ? length - 1 - i : i) * step;
    for (int64_t j = 0; j < width; ++j) {
      sums[j] = static_cast<Sum>(sums[j] + static_cast<Sum>(static_cast<C>(from[row + j])));
      to[row + j] = static_cast<T>(static_cast<C>(sums[j]));
    }
  }
}

/// Elements in the dtype of the sums.
const void* converted(const Tensor& in, DType dtype, KernelContext& context) {
  if (in.dtype == dtype) return in.data;
  void* room = context.scratch->get(static_cast<size_t>(in.size() * dtype_size(dtype)));
  convert_elements(in.dtype, in.data, dtype, room, in.size());
  return room;
}

template <bool from_end>
void cumsum(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& axis = params.as<CumsumParam>().axis;
  const Shape& shape = in[0].shape;
  const int at = axis ? normalize_axis(*axis, shape.ndim(), "cumsum") : 0;
  const int64_t outer = axis ? shape.size(0, at) : 1;
  const int64_t length = axis ? shape[at] : shape.size();
  const int64_t inner = axis ? shape.size(at + 1, shape.ndim()) : 1;
  const int64_t blocks = (inner + kColumns - 1) / kColumns;
  const void* from = converted(in[0], out[0].dtype, context);
  visit_dtype(out[0].dtype, "cumsum", [&]<typename T>(TypeTag<T>) {
    const double cost = static_cast<double>(length * std::min(inner, kColumns)) + 1;
    parallel_for(outer * blocks, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const int64_t column = b % blocks * kColumns;
        const int64_t first = b / blocks * length * inner + column;
        sum_columns<T, from_end>(static_cast<const T*>(from) + first, out[0].as<T>() + first,
                                 length, inner, std::min(kColumns, inner - column));
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_np_cumsum", "native").run(cumsum<false>);
const KernelBuilder k2 = KernelBuilder("_backward_cumsum", "native").run(cumsum<true>);

}  // namespace
}  // namespace mx::cpu
