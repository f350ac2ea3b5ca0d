// Averages with weights.
// lint: no-kernel (a composition of mean, sum and elementwise operators)
#include "ops/reduce/average.h"

#include "ops/init/fill.h"
#include "ops/reduce/numpy.h"

namespace mx::reduce {
namespace {

/// Whether the weights belong to the elements along one axis.
bool is_along_axis(const Shape& a, const Shape& weights) { return !(a == weights); }

/// Throws: ValueError where the weights belong neither to all elements nor to those along one axis.
void check_weights(const ShapeContext& c) {
  const auto& p = c.params<AverageParam>();
  const Shape &a = c.in(0), &weights = c.in(1);
  if (!is_along_axis(a, weights)) return;
  if (weights.ndim() != 1 || !p.axis || p.axis->ndim() != 1)
    c.fail_in(1, "has not the shape of a=", a, "; expected that, or one axis and axis=one number");
  const int axis = normalize_axis((*p.axis)[0], a.ndim(), c.op_name());
  if (weights[0] != a[axis]) c.fail_in(1, "does not fit a=", a, "; expected ", a[axis], " weights");
}

void infer_average_shape(ShapeContext& c) {
  const auto& p = c.params<AverageParam>();
  const Shape& a = c.in(0);
  if (!a.has_rank()) return;
  const auto reduced = numpy_axes(p.axis, a.ndim(), c.op_name());
  const Shape out = numpy_reduced_shape(a, reduced, false);
  c.set_out(0, out);
  if (!p.weighted) {
    if (p.returned) c.set_out(1, Shape({}));
  } else if (a.is_known() && c.in(1).is_known()) {
    check_weights(c);
    if (p.returned) c.set_out(1, is_along_axis(a, c.in(1)) ? Shape({}) : out);
  }
}

void decompose_mean(DecomposeContext& c) {
  const auto& p = c.params<AverageParam>();
  const Shape& a = c.in_shape(0);
  const auto reduced = numpy_axes(p.axis, a.ndim(), "average");
  c.set(0, reduce_as_numpy(c, "mean", c.in(0), a, reduced, false));
  if (!p.returned) return;
  FullParam count;
  count.shape = {1};
  count.dtype = c.in_dtype(0);
  count.value = static_cast<double>(reduced_count(a, reduced));
  c.set(1, in_shape_of(c, c.call("_full", {}, count), Shape({})));
}

void decompose_average(DecomposeContext& c) {
  const auto& p = c.params<AverageParam>();
  if (!p.weighted) return decompose_mean(c);
  const Shape &a = c.in_shape(0), weights = c.in_shape(1);
  const auto reduced = numpy_axes(p.axis, a.ndim(), "average");
  const Value total =
      reduce_as_numpy(c, "sum", c.in(1), weights,
                      is_along_axis(a, weights) ? std::vector<bool>{true} : reduced, false);
  Value weight = c.in(1);
  if (is_along_axis(a, weights)) {
    Shape beside = Shape::filled(a.ndim(), 1);
    beside[normalize_axis((*p.axis)[0], a.ndim(), "average")] = weights[0];
    weight = in_shape_of(c, weight, beside);
  }
  const Value products = c.call("broadcast_mul", {c.in(0), weight});
  const Value sum = reduce_as_numpy(c, "sum", products, a, reduced, false);
  c.set(0, c.call("broadcast_div", {sum, total}));
  if (p.returned) c.set(1, total);
}

const OpBuilder average =
    OpBuilder("_npi_average")
        .doc("Mean along axes, in which each element counts as much as its weight says.")
        .params<AverageParam>()
        .input("a", "Array of any shape.")
        .input("weights", "Of the shape of a, or one for each element along an axis.")
        .input_used([](const Params& params, size_t input) {
          return input == 0 || params.as<AverageParam>().weighted;
        })
        .num_outputs(
            [](const Params& params) { return params.as<AverageParam>().returned ? 2u : 1u; })
        .infer_shape(infer_average_shape)
        .infer_dtype(elemwise::numeric_dtype)
        .decomposition(decompose_average);

}  // namespace
}  // namespace mx::reduce
