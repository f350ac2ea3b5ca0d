// Products, and their gradient along axes that are neighbours: of each row the number of zeros and
// the product of all that is not zero tell it.
#include <optional>

#include "backend/cpu/reduce/loops.h"
#include "backend/cpu/rows.h"

namespace mx::cpu {
namespace {

template <typename C, bool skips_nan>
struct ProductGradientRows {
  const C* d_out;  ///< one for each row

  static bool is_skipped(C x) { return skips_nan && x != x; }
  static C factor(C x) { return x == 0 || is_skipped(x) ? C(1) : x; }
  static C zero(C x) { return x == 0 ? C(1) : C(0); }
  static C gradient(C d, C x, C product, C zeros) {
    const C at_zero = zeros == 1 ? product : C(0), elsewhere = zeros == 0 ? product / x : C(0);
    return d * (is_skipped(x) ? C(0) : x == 0 ? at_zero : elsewhere);
  }

  void row(std::array<const C*, 1> in, C* y, int64_t length, int64_t row) const {
    const C *x = in[0], d = d_out[row];
    const auto times = [](auto a, auto b) { return a * b; };
    const C zeros = static_cast<C>(sum_lanes<C>(length, [&](int64_t i) { return zero(x[i]); }));
    const C product = static_cast<C>(reduce_lanes<double>(
        length, 1.0, C(1), [&](int64_t i) { return factor(x[i]); }, times, times));
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) y[i] = gradient(d, x[i], product, zeros);
  }

  void columns(std::array<const C*, 1> in, C* y, const Columns& c) const {
    const C *x = in[0], *d = d_out + c.first;
    C zeros[Columns::kMaxWidth], products[Columns::kMaxWidth];
    double wide[Columns::kMaxWidth];
    std::fill_n(zeros, c.width, C(0));
    std::fill_n(wide, c.width, 1.0);
    for_columns(c, [&](int64_t i, int64_t j) {
      const C v = x[i * c.step + j];
      zeros[j] += zero(v);
      wide[j] *= static_cast<double>(factor(v));
    });
    for (int64_t j = 0; j < c.width; ++j) products[j] = static_cast<C>(wide[j]);
    for_columns(c, [&](int64_t i, int64_t j) {
      y[i * c.step + j] = gradient(d[j], x[i * c.step + j], products[j], zeros[j]);
    });
  }
};

/// Rows along reduced axes that are neighbours, but for axes of one element.
std::optional<RowView> rows_along(const Params& params, const Shape& shape) {
  const auto& p = params.as<ReduceParam>();
  const auto reduced = reduce::reduced_axes(p.axis, p.exclude, shape.ndim(), "prod");
  int first = shape.ndim(), last = 0;
  for (int i = 0; i < shape.ndim(); ++i)
    if (reduced[static_cast<size_t>(i)] && shape[i] != 1)
      first = std::min(first, i), last = std::max(last, i + 1);
  first = std::min(first, last);
  for (int i = first; i < last; ++i)
    if (!reduced[static_cast<size_t>(i)] && shape[i] != 1) return std::nullopt;
  return RowView(shape.size(0, first), shape.size(first, last), shape.size(last, shape.ndim()));
}

const char* refuse_gradient(const KernelQuery& query) {
  if (!is_floating(query.in[1].dtype)) return "is for floating dtypes";
  return rows_along(query.params, query.in[1].shape) ? nullptr : "needs axes that are neighbours";
}

template <bool skips_nan>
void gradient(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (in[1].size() == 0) return;
  const RowView rows = *rows_along(params, in[1].shape);
  visit_floating(in[1].dtype, "prod", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const ProductGradientRows<C, skips_nan> work{all_elements<C>(in[0], context)};
    map_rows<C, 1>(rows, {&in[1]}, out[0], 1.0, work);
  });
}

template <bool skips_nan>
KernelBuilder gradient_kernel(const char* op) {
  return KernelBuilder(op, "native").run(gradient<skips_nan>).refuse(refuse_gradient);
}

const KernelBuilder k1 = KernelBuilder("prod", "native").run(reduce_kernel<math::ProductOf>);
const KernelBuilder k2 = KernelBuilder("nanprod", "native").run(reduce_kernel<math::NanProductOf>);
const KernelBuilder k3 = gradient_kernel<false>("_backward_prod");
const KernelBuilder k4 = gradient_kernel<true>("_backward_nanprod");

}  // namespace
}  // namespace mx::cpu
