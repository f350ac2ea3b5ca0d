#pragma once
#include <cmath>

#include "backend/cpu/moments.h"
#include "backend/cpu/rows.h"

namespace mx::cpu {

/// (x - mean) / sqrt(variance + eps) * gamma + beta along rows, as work of map_rows, with one gamma
/// and beta for a whole row: row r has those of number r % features.
template <typename C>
struct NormRows {
  const C *gamma, *beta;
  int64_t features;
  double eps;
  C *mean, *variance;  ///< written, one for each row

  void row(std::array<const C*, 1> in, C* y, int64_t length, int64_t row) const {
    const C* x = in[0];
    const Moments m = row_moments(x, length);
    mean[row] = static_cast<C>(m.mean);
    variance[row] = static_cast<C>(m.variance);
    const int64_t feature = row % features;
    const C centre = mean[row], shift = beta[feature];
    const C scale = static_cast<C>(1 / std::sqrt(m.variance + eps)) * gamma[feature];
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) y[i] = (x[i] - centre) * scale + shift;
  }

  void columns(std::array<const C*, 1> in, C* y, const Columns& c) const {
    const C* x = in[0];
    C centre[Columns::kMaxWidth], scale[Columns::kMaxWidth], shift[Columns::kMaxWidth];
    double spread[Columns::kMaxWidth];
    column_moments(x, c, centre, spread);
    for (int64_t j = 0; j < c.width; ++j) {
      const int64_t row = c.first + j, feature = row % features;
      mean[row] = centre[j];
      variance[row] = static_cast<C>(spread[j]);
      scale[j] = static_cast<C>(1 / std::sqrt(spread[j] + eps)) * gamma[feature];
      shift[j] = beta[feature];
    }
    for_columns(c, [&](int64_t i, int64_t j) {
      y[i * c.step + j] = (x[i * c.step + j] - centre[j]) * scale[j] + shift[j];
    });
  }
};

/// Normalises the rows of `in` (data, gamma, beta) into out[0], and writes mean and variance, or
/// with `deviation` sqrt(variance + eps), of each row where they are wanted.
inline void norm_rows(const RowView& rows, double eps, bool deviation, KernelContext& context,
                      Inputs in, Outputs out) {
  visit_floating(in[0].dtype, "norm", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const int64_t count = rows.count();
    C* mean = context.scratch->get_array<C>(std::max<int64_t>(2 * count, 1));
    C* spread = mean + count;
    std::fill_n(mean, 2 * count, C(0));
    const NormRows<C> work{all_elements<C>(in[1], context),
                           all_elements<C>(in[2], context),
                           in[1].size(),
                           eps,
                           mean,
                           spread};
    map_rows<C, 1>(rows, {&in[0]}, out[0], 0.5, work);
    for (int64_t r = 0; deviation && r < count; ++r)
      spread[r] = static_cast<C>(std::sqrt(static_cast<double>(spread[r]) + eps));
    for (size_t i = 1; i < 3; ++i)
      if (context.wants(i))
        convert_elements(DTypeOf<C>::value, i == 1 ? mean : spread, out[i].dtype, out[i].data,
                         count);
  });
}

}  // namespace mx::cpu
