#pragma once
// Reductions of mx.np: the axes () are none, an array reduced to one number has shape (), and
// dtypes follow NumPy's rules with float32 in place of float64.
#include <optional>
#include <vector>

#include "ops/elemwise/common.h"
#include "ops/reduce/axes.h"

namespace mx::reduce {

/// sum, mean and prod of mx.np.
struct NumpyReduceParam {
  std::optional<Shape> axis;
  std::optional<DType> dtype;
  bool keepdims = false;
  std::optional<double> initial;
  static void describe(ParamBuilder<NumpyReduceParam>& fields) {
    using P = NumpyReduceParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields.add("dtype", &P::dtype, "Type of the result; it follows from that of a when None.");
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
    fields.add("initial", &P::initial, "Must be None.");
  }
  void validate(std::string_view op) const { require_no_initial(initial, op); }
  static void require_no_initial(const std::optional<double>& initial, std::string_view op) {
    if (initial) fail(ErrorKind::kValue, op, ": initial=", *initial, " is given; expected None");
  }
};

/// max and min of mx.np.
struct NumpyExtremumParam {
  std::optional<Shape> axis;
  bool keepdims = false;
  std::optional<double> initial;
  static void describe(ParamBuilder<NumpyExtremumParam>& fields) {
    using P = NumpyExtremumParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
    fields.add("initial", &P::initial, "Must be None.");
  }
  void validate(std::string_view op) const { NumpyReduceParam::require_no_initial(initial, op); }
};

/// any and all of mx.np.
struct NumpyTruthParam {
  std::optional<Shape> axis;
  bool keepdims = false;
  static void describe(ParamBuilder<NumpyTruthParam>& fields) {
    using P = NumpyTruthParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
  }
};

/// Which axes of an array of rank `ndim` mx.np reduces. Throws: as reduced_axes.
std::vector<bool> numpy_axes(const std::optional<Shape>& axis, int ndim, std::string_view op);

/// Shape of a reduction; () where no axis is left.
Shape numpy_reduced_shape(const Shape& in, const std::vector<bool>& reduced, bool keepdims);

/// Number of elements that are reduced into one.
int64_t reduced_count(const Shape& in, const std::vector<bool>& reduced);

/// `value`, of shape `in`, by a reduction of ours ("sum", "max" ...) with a ReduceParam.
Value reduce_as_numpy(GraphBuilder& b, const char* op, const Value& value, const Shape& in,
                      const std::vector<bool>& reduced, bool keepdims);

/// The elements of a value in exactly this shape.
Value in_shape_of(GraphBuilder& b, const Value& value, const Shape& shape);

/// Shape inference of a reduction of input 0 with `axis` and `keepdims` in its parameters.
template <typename P>
void infer_numpy_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<P>();
  const auto reduced = numpy_axes(p.axis, c.in(0).ndim(), c.op_name());
  c.set_out(0, numpy_reduced_shape(c.in(0), reduced, p.keepdims));
}

}  // namespace mx::reduce
