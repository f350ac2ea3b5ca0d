#include "backend/cpu/common/indices.h"

#include "backend/cpu/common/fill.h"

namespace mx {
namespace {

/// Numbers that fit 32 bits, nearly always all of them, are converted in vectors.
template <typename T>
void widen(const T* from, int64_t n, int64_t* to) {
  using C = ComputeType<T>;
  if constexpr (std::is_floating_point_v<C>) {
    int outside = 0;
    for (int64_t i = 0; i < n; ++i) {
      const C x = static_cast<C>(from[i]);
      outside |= !(x > C(-2147483648.0)) | !(x < C(2147483648.0));
    }
    if (outside == 0) {
      for (int64_t i = 0; i < n; ++i) to[i] = static_cast<int32_t>(static_cast<C>(from[i]));
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i) to[i] = to_index(from[i]);
}

/// Rows of one element: threads share the places, so that each sum is made in order.
template <typename T, typename Sum>
void add_elements(const RowPlan& plan, const T* rows, Sum* sums, int64_t out_size) {
  const int64_t parts = plan.count * plan.outer < 10000 ? 1 : parallel_threads();
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    const int64_t low = out_size * begin / parts, high = out_size * end / parts;
    for (int64_t o = 0; o < plan.outer; ++o)
      for (int64_t i = 0; i < plan.count; ++i) {
        const int64_t to = o * plan.out_step + plan.position[i];
        if (plan.position[i] >= 0 && to >= low && to < high)
          sums[to] += static_cast<Sum>(rows[o * plan.count + i]);
      }
  });
}

/// Columns [first, last) of all rows of one outer index. With `width` not 0 that many: a short row
/// becomes a vector.
template <int64_t width, typename T, typename Sum>
void add_columns(const RowPlan& plan, int64_t o, int64_t first, int64_t last, const T* rows,
                 Sum* sums) {
  for (int64_t i = 0; i < plan.count; ++i) {
    if (plan.position[i] < 0) continue;
    const T* row = rows + (o * plan.count + i) * plan.inner + first;
    Sum* sum = sums + o * plan.out_step + plan.position[i] + first;
    const int64_t n = width ? width : last - first;
#pragma GCC ivdep
    for (int64_t c = 0; c < n; ++c) sum[c] += static_cast<Sum>(row[c]);
  }
}

/// The sums of half types are kept in float until the end.
template <typename T, typename Sum>
void add_rows_typed(const RowPlan& plan, const T* rows, Sum* sums, int64_t out_size) {
  if (plan.inner == 1) return add_elements(plan, rows, sums, out_size);
  const auto add = plan.inner == 2   ? add_columns<2, T, Sum>
                   : plan.inner == 3 ? add_columns<3, T, Sum>
                   : plan.inner == 4 ? add_columns<4, T, Sum>
                                     : add_columns<0, T, Sum>;
  // Threads share the columns, or the outer index when there are enough: no two write one element.
  const int64_t chunks =
      plan.outer >= parallel_threads() ? 1 : std::clamp<int64_t>(plan.inner / 64, 1, 64);
  const double cost =
      static_cast<double>(plan.count) * (1 + 0.3 * static_cast<double>(plan.inner / chunks));
  parallel_for(plan.outer * chunks, grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t o = part / chunks, chunk = part % chunks;
      add(plan, o, plan.inner * chunk / chunks, plan.inner * (chunk + 1) / chunks, rows, sums);
    }
  });
}

}  // namespace

const int64_t* read_indices(const Tensor& indices, int64_t first, int64_t n, int64_t* room) {
  if (indices.dtype == DType::kInt64) return indices.as<int64_t>() + first;
  visit_dtype(indices.dtype, "indices",
              [&]<typename T>(TypeTag<T>) { widen(indices.as<T>() + first, n, room); });
  return room;
}

const int64_t* widen_indices(const Tensor& indices, KernelContext& context) {
  if (indices.dtype == DType::kInt64) return indices.as<int64_t>();
  auto* wide = context.scratch->get_array<int64_t>(std::max<int64_t>(indices.size(), 1));
  parallel_for(indices.size(), grain_for(1), [&](int64_t begin, int64_t end) {
    read_indices(indices, begin, end - begin, wide + begin);
  });
  return wide;
}

void bound_indices(const int64_t* index, int64_t n, int64_t size, OutOfRange rule,
                   int64_t* bounded) {
  if (rule == OutOfRange::kClip)
    for (int64_t i = 0; i < n; ++i) bounded[i] = bounded_index(index[i], size, OutOfRange::kClip);
  else
    for (int64_t i = 0; i < n; ++i) bounded[i] = bounded_index(index[i], size, OutOfRange::kWrap);
}

int64_t find_outside(const int64_t* index, int64_t n, int64_t low, int64_t high) {
  int outside = 0;
  for (int64_t i = 0; i < n; ++i) outside |= (index[i] < low) | (index[i] >= high);
  if (!outside) return n;
  return std::find_if(index, index + n, [&](int64_t at) { return at < low || at >= high; }) - index;
}

void add_rows(const RowPlan& plan, const Tensor& rows, const Tensor& out, KernelContext& context) {
  visit_floating(out.dtype, "sum of rows", [&]<typename T>(TypeTag<T>) {
    using Sum = ComputeType<T>;
    if constexpr (std::is_same_v<T, Sum>) {
      fill_value(out, 0);
      add_rows_typed(plan, rows.as<T>(), out.as<T>(), out.size());
    } else {
      const Tensor sums{context.scratch->get_array<Sum>(std::max<int64_t>(out.size(), 1)),
                        out.shape, DTypeOf<Sum>::value};
      fill_value(sums, 0);
      add_rows_typed(plan, rows.as<T>(), sums.as<Sum>(), out.size());
      for (int64_t i = 0; i < out.size(); ++i) out.as<T>()[i] = static_cast<T>(sums.as<Sum>()[i]);
    }
  });
}

}  // namespace mx
