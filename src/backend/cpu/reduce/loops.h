#pragma once
// Reductions along any axes. Values are reduced in float, double or int64; half types and narrow
// integers are converted to those a block at a time. Sums keep their precision: short runs are
// added in many lanes, and the runs in double.
#include "backend/common/reduce_functions.h"
#include "backend/cpu/lanes.h"
#include "dispatch/kernel.h"
#include "ir/common_params.h"
#include "ops/reduce/axes.h"

namespace mx::cpu {

/// The loops of one reduction over one compute type. A "wide" number is double, or int64 for
/// integers.
struct ReduceLoops {
  /// wide = reduce(wide, x[0] ... x[n - 1])
  void (*row)(const void* x, int64_t n, void* wide);
  /// The same for floats, as numbers of this type; nullptr where there is no such loop.
  void (*float_row)(const void* x, int64_t n, void* wide);
  /// lanes[i] = start, wide[i] = start
  void (*clear_lanes)(void* lanes, int64_t n);
  void (*clear_wide)(void* wide, int64_t n);
  /// lanes[i] = reduce(lanes[i], x[i])
  void (*columns)(const void* x, void* lanes, int64_t n);
  /// wide[i] = merge(wide[i], lanes[i])
  void (*flush)(const void* lanes, void* wide, int64_t n);
  /// wide[i] = merge(wide[i], other[i])
  void (*merge)(const void* other, void* wide, int64_t n);
};
/// Without loops for float, floats are reduced in double.
struct ReduceTable {
  ReduceLoops f32, f64, i64;
};

template <typename R, typename T>
struct ReduceLoopsOf {
  using Wide = std::conditional_t<std::is_integral_v<T>, int64_t, double>;

  template <typename From>
  static void row(const void* x, int64_t n, void* wide) {
    const From* in = static_cast<const From*>(x);
    Wide& total = *static_cast<Wide*>(wide);
    total = reduce_lanes<Wide>(
        n, total, R::template start<T>(), [in](int64_t i) { return static_cast<T>(in[i]); },
        [](T lane, T v) { return R::step(lane, v); },
        [](Wide a, Wide b) { return R::merge(a, b); });
  }
  static void clear_lanes(void* lanes, int64_t n) {
    std::fill_n(static_cast<T*>(lanes), n, R::template start<T>());
  }
  static void clear_wide(void* wide, int64_t n) {
    std::fill_n(static_cast<Wide*>(wide), n, R::template start<Wide>());
  }
  static void columns(const void* x, void* lanes, int64_t n) {
    const T* in = static_cast<const T*>(x);
    T* out = static_cast<T*>(lanes);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) out[i] = R::step(out[i], in[i]);
  }
  template <typename From>
  static void merge_from(const void* from, void* wide, int64_t n) {
    const From* in = static_cast<const From*>(from);
    Wide* out = static_cast<Wide*>(wide);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) out[i] = R::merge(out[i], static_cast<Wide>(in[i]));
  }
  static constexpr ReduceLoops table(bool of_floats = false) {
    return {row<T>,          of_floats ? row<float> : nullptr,
            clear_lanes,     clear_wide,
            columns,         merge_from<T>,
            merge_from<Wide>};
  }
};

template <typename R>
constexpr ReduceTable reduce_loops() {
  return {ReduceLoopsOf<R, float>::table(), ReduceLoopsOf<R, double>::table(),
          ReduceLoopsOf<R, int64_t>::table()};
}

/// For squares, which leave the range of float long before their root does.
template <typename R>
constexpr ReduceTable wide_reduce_loops() {
  return {{}, ReduceLoopsOf<R, double>::table(true), ReduceLoopsOf<R, int64_t>::table()};
}

/// What is done to each total before it is stored.
enum class Finish { kNothing, kMean, kSquareRoot };

/// Reduces `in` along the axes marked in `reduced` into `out`.
void reduce(const ReduceTable& table, Finish finish, const Tensor& in,
            const std::vector<bool>& reduced, const Tensor& out, KernelContext& context);

/// Kernel of a reduction with a ReduceParam.
template <typename R, Finish finish = Finish::kNothing>
void reduce_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  static constexpr ReduceTable table = reduce_loops<R>();
  const auto& p = params.as<ReduceParam>();
  const auto axes = reduce::reduced_axes(p.axis, p.exclude, in[0].ndim(), "reduce");
  reduce(table, finish, in[0], axes, out[0], context);
}

}  // namespace mx::cpu
