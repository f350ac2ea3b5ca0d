// L2Normalization: rows are divided by their length.
#include "ops/nn/norm/l2_normalization.h"

#include <cmath>

#include "backend/cpu/rows.h"

namespace mx::cpu {
namespace {

/// Squares are summed in double: they leave the range of float long before their root does.
template <typename C>
struct L2Rows {
  double eps;
  C* norm;  ///< written, one for each row

  static double square(C x) { return static_cast<double>(x) * static_cast<double>(x); }

  void row(std::array<const C*, 1> in, C* y, int64_t length, int64_t row) const {
    const C* x = in[0];
    const double squares = sum_lanes<double>(length, [&](int64_t i) { return square(x[i]); });
    const C root = static_cast<C>(std::sqrt(squares + eps));
    norm[row] = root;
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) y[i] = x[i] / root;
  }

  void columns(std::array<const C*, 1> in, C* y, const Columns& c) const {
    const C* x = in[0];
    double squares[Columns::kMaxWidth];
    sum_columns<double>(
        c, [&](int64_t i, int64_t j) { return square(x[i * c.step + j]); }, squares);
    C* root = norm + c.first;
    for (int64_t j = 0; j < c.width; ++j) root[j] = static_cast<C>(std::sqrt(squares[j] + eps));
    for_columns(c, [&](int64_t i, int64_t j) { y[i * c.step + j] = x[i * c.step + j] / root[j]; });
  }
};

RowView rows_of(L2Mode mode, const Shape& data) {
  const int first = mode == L2Mode::kSpatial ? 2 : 1;
  if (mode == L2Mode::kChannel) return RowView(data, 1, "L2Normalization");
  return RowView(data.size(0, first), data.size(first, data.ndim()), 1);
}

void l2_normalization(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<L2NormalizationParam>();
  const RowView rows = rows_of(p.mode, in[0].shape);
  visit_floating(in[0].dtype, "L2Normalization", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const int64_t count = rows.count();
    C* norm = context.scratch->get_array<C>(std::max<int64_t>(count, 1));
    std::fill_n(norm, count, static_cast<C>(std::sqrt(p.eps)));
    map_rows<C, 1>(rows, {&in[0]}, out[0], 0.5, L2Rows<C>{p.eps, norm});
    if (context.wants(1))
      convert_elements(DTypeOf<C>::value, norm, out[1].dtype, out[1].data, count);
  });
}

const KernelBuilder k1 = KernelBuilder("L2Normalization", "native").run(l2_normalization);

}  // namespace
}  // namespace mx::cpu
