#pragma once
#include <limits>
#include <type_traits>

#include "backend/common/fast_math.h"
#include "backend/cpu/rows.h"

namespace mx::cpu {

/// Softmax is computed in float, or in double for double.
template <typename T>
using SoftmaxType = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// Softmax of x * scale, or its logarithm, as work of map_rows: one pass for the maximum, one for
/// the exponentials and their sum, one to scale. `valid`, when given, says for each row how many
/// leading elements count; the others become 0.
template <typename C, bool log>
class SoftmaxRows {
 public:
  SoftmaxRows(C scale, const int64_t* valid) : scale_(scale), valid_(valid) {}

  void row(std::array<const C*, 1> in, C* y, int64_t length, int64_t row) const {
    const C *x = in[0], scale = scale_;
    const int64_t n = valid_ ? valid_[row] : length;
    const C top = max_lanes(n, kLowest, [&](int64_t i) { return x[i] * scale; });
    if constexpr (log) {
      const double sum = sum_lanes<C>(n, [&](int64_t i) { return math::exp(x[i] * scale - top); });
      const C log_sum = math::log(static_cast<C>(sum));
#pragma GCC ivdep
      for (int64_t i = 0; i < n; ++i) y[i] = x[i] * scale - top - log_sum;
    } else {
      const C factor = static_cast<C>(1 / exponentials(x, y, n, top));
      for (int64_t i = 0; i < n; ++i) y[i] *= factor;
    }
    std::fill(y + n, y + length, C(0));
  }

  void columns(std::array<const C*, 1> in, C* y, const Columns& c) const {
    if (valid_)
      columns_of<true>(in[0], y, c);
    else
      columns_of<false>(in[0], y, c);
  }

 private:
  static constexpr C kLowest = -std::numeric_limits<C>::infinity();
  using Count = std::conditional_t<sizeof(C) == 4, int32_t, int64_t>;

  /// y = e^(x * scale - top); returns the sum. A block at a time, which stays in the first-level
  /// cache.
  double exponentials(const C* x, C* y, int64_t n, C top) const {
    constexpr int64_t kBlock = 1024;
    const C scale = scale_;
    double sum = 0;
    for (int64_t first = 0; first < n; first += kBlock) {
      const int64_t count = std::min(kBlock, n - first);
      const C* from = x + first;
      C* to = y + first;
#pragma GCC ivdep
      for (int64_t i = 0; i < count; ++i) to[i] = math::exp(from[i] * scale - top);
      sum += sum_lanes<C>(count, [&](int64_t i) { return to[i]; });
    }
    return sum;
  }

  template <bool masked>
  void columns_of(const C* x, C* y, const Columns& c) const {
    C top[Columns::kMaxWidth], sum[Columns::kMaxWidth];
    Count valid[Columns::kMaxWidth];
    std::fill_n(top, c.width, kLowest);
    for (int64_t j = 0; masked && j < c.width; ++j)
      valid[j] = static_cast<Count>(valid_[c.first + j]);
    const C scale = scale_;
    const auto counts = [&](int64_t i, int64_t j) { return static_cast<Count>(i) < valid[j]; };
    const auto value = [&](int64_t i, int64_t j) {
      return !masked || counts(i, j) ? x[i * c.step + j] * scale : kLowest;
    };
    for_columns(c, [&](int64_t i, int64_t j) {
      const C v = value(i, j);
      top[j] = v > top[j] ? v : top[j];
    });
    sum_columns<C>(
        c,
        [&](int64_t i, int64_t j) {
          const C e = math::exp(value(i, j) - top[j]);
          if (!log) y[i * c.step + j] = e;
          return e;
        },
        sum);
    for (int64_t j = 0; j < c.width; ++j) sum[j] = log ? math::log(sum[j]) : 1 / sum[j];
    for_columns(c, [&](int64_t i, int64_t j) {
      C& to = y[i * c.step + j];
      const C result = log ? value(i, j) - top[j] - sum[j] : to * sum[j];
      to = !masked || counts(i, j) ? result : C(0);
    });
  }

  C scale_;
  const int64_t* valid_;
};

/// Softmax, or its logarithm, of in * scale along the rows of `view`.
template <bool log>
void softmax_rows(const RowView& view, const Tensor& in, const Tensor& out, double scale,
                  const int64_t* valid) {
  const auto run = [&]<typename C>(TypeTag<C>) {
    map_rows<C, 1>(view, {&in}, out, 1.0, SoftmaxRows<C, log>(static_cast<C>(scale), valid));
  };
  if (in.dtype == DType::kFloat64)
    run(TypeTag<double>{});
  else
    run(TypeTag<float>{});
}

}  // namespace mx::cpu
