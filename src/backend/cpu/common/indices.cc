#include "backend/cpu/common/indices.h"

#include "backend/cpu/common/fill.h"

namespace mx {
namespace {

/// The sums of half types are kept in float until the end.
template <typename T, typename Sum>
void add_rows_typed(const RowPlan& plan, const T* rows, Sum* sums) {
  // Threads share the columns, or the outer index when there are enough: no two write one element.
  const int64_t chunks =
      plan.outer >= parallel_threads() ? 1 : std::clamp<int64_t>(plan.inner / 64, 1, 64);
  const double cost =
      static_cast<double>(plan.count) * (1 + 0.3 * static_cast<double>(plan.inner / chunks));
  parallel_for(plan.outer * chunks, grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t o = part / chunks, chunk = part % chunks;
      const int64_t first = plan.inner * chunk / chunks, last = plan.inner * (chunk + 1) / chunks;
      for (int64_t i = 0; i < plan.count; ++i) {
        if (plan.position[i] < 0) continue;
        const T* row = rows + (o * plan.count + i) * plan.inner;
        Sum* sum = sums + o * plan.out_step + plan.position[i];
        for (int64_t c = first; c < last; ++c) sum[c] += static_cast<Sum>(row[c]);
      }
    }
  });
}

}  // namespace

const int64_t* widen_indices(const Tensor& indices, KernelContext& context) {
  if (indices.dtype == DType::kInt64) return indices.as<int64_t>();
  auto* wide = context.scratch->get_array<int64_t>(std::max<int64_t>(indices.size(), 1));
  visit_dtype(indices.dtype, "indices", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < indices.size(); ++i) wide[i] = to_index(indices.as<T>()[i]);
  });
  return wide;
}

void add_rows(const RowPlan& plan, const Tensor& rows, const Tensor& out, KernelContext& context) {
  visit_floating(out.dtype, "sum of rows", [&]<typename T>(TypeTag<T>) {
    using Sum = ComputeType<T>;
    if constexpr (std::is_same_v<T, Sum>) {
      fill_value(out, 0);
      add_rows_typed(plan, rows.as<T>(), out.as<T>());
    } else {
      const Tensor sums{context.scratch->get_array<Sum>(std::max<int64_t>(out.size(), 1)),
                        out.shape, DTypeOf<Sum>::value};
      fill_value(sums, 0);
      add_rows_typed(plan, rows.as<T>(), sums.as<Sum>());
      for (int64_t i = 0; i < out.size(); ++i) out.as<T>()[i] = static_cast<T>(sums.as<Sum>()[i]);
    }
  });
}

}  // namespace mx
