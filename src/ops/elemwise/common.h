#pragma once
// What the registrations of element-wise operators share.
#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx::elemwise {

/// One dtype for everything, and not bool.
inline void numeric_dtype(DTypeContext& c) {
  c.unify_all();
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i) == DType::kBool)
      fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(i),
           " has dtype bool; expected a floating or integer dtype");
}

/// The dtype of an array combined with a number: the array's, but float64 when integers meet a
/// number that was not written as one, and int64 or float64 for bool.
inline void scalar_dtype(DTypeContext& c) {
  const bool is_int = c.params<ScalarParam>().is_int;
  const DType in = c.in(0);
  if (in == DType::kUnknown) return c.set_in(0, is_floating(c.out(0)) ? c.out(0) : in);
  if (is_floating(in) || (is_int && in != DType::kBool)) return c.set_out(0, in);
  c.set_out(0, is_int ? DType::kInt64 : DType::kFloat64);
}

/// For functions that are flat almost everywhere: inputs without a gradient count as zero.
inline void zero_gradient(GradContext&) {}

/// A unary operator data -> output of one shape and dtype.
inline OpBuilder unary(const char* name, const char* doc, const char* input = "data") {
  return OpBuilder(name)
      .doc(doc)
      .input(input, "Array of any shape.")
      .infer_dtype(numeric_dtype)
      .inplace(0, 0)
      .trait("pointwise");
}

/// A binary operator on lhs and rhs of one shape and dtype.
inline OpBuilder binary(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("lhs", "First array.")
      .input("rhs", "Second array, of the same shape and dtype.")
      .infer_dtype(numeric_dtype)
      .inplace(0, 0)
      .inplace(1, 0)
      .trait("pointwise");
}

/// A binary operator that broadcasts: dimensions of size 1 are repeated.
inline OpBuilder broadcast(const char* name, const char* doc, const char* lhs = "lhs",
                           const char* rhs = "rhs") {
  return OpBuilder(name)
      .doc(doc)
      .input(lhs, "First array.")
      .input(rhs, "Second array, of the same dtype; dimensions are equal or one of them is 1.")
      .infer_shape(infer::broadcast_shape)
      .infer_dtype(numeric_dtype)
      .inplace(0, 0)
      .inplace(1, 0)
      .trait("pointwise");  // fused where the shapes are equal
}

/// An operator on data and a number.
inline OpBuilder scalar(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<ScalarParam>()
      .input("data", "Array of any shape.")
      .infer_dtype(scalar_dtype)
      .inplace(0, 0)
      .trait("pointwise");
}

/// For keeps_zeros: whether the number is one of those that `test` accepts.
template <typename Test>
auto scalar_is(Test test) {
  return [test](const Params& params) { return test(params.as<ScalarParam>().scalar); };
}

/// A value in another shape of as many elements.
inline Value reshape_to(GraphBuilder& g, Value value, const Shape& shape) {
  ReshapeParam params;
  params.shape = shape;
  return g.call("Reshape", {std::move(value)}, std::move(params));
}

/// Sums a gradient of the output's shape over the axes along which input i was broadcast.
inline Value sum_to_input(GradContext& g, Value d, size_t i) {
  const Shape &in = g.in_shape(i), &out = g.out_shape(0);
  const int missing = out.ndim() - in.ndim();
  Shape axes({});
  for (int a = 0; a < out.ndim(); ++a)
    if (a < missing || (in[a - missing] == 1 && out[a] != 1)) axes.push_back(a);
  if (axes.ndim() > 0) d = g.sum(std::move(d), axes, true);
  return missing > 0 && in.size() > 0 ? reshape_to(g, d, in) : d;
}

/// `<elemwise><suffix>` on a value of the output's shape and input i, which may be broadcast.
inline Value with_input(GradContext& g, const char* same, const char* broadcast, Value d,
                        size_t i) {
  return g.call(g.in_shape(i) == g.out_shape(0) ? same : broadcast, {std::move(d), g.in(i)});
}

/// For gradients of operators on data and a number: whether there is one, which results of another
/// dtype than the data's have not.
inline bool keeps_dtype(GradContext& g) { return g.in_dtype(0) == g.out_dtype(0); }
inline double number_of(GradContext& g) { return g.params<ScalarParam>().scalar; }

/// A gradient of the output's dtype in the dtype of input 0.
inline Value cast_to_input(GradContext& g, Value d) {
  return g.in_dtype(0) == g.out_dtype(0) ? d : g.cast(std::move(d), g.in_dtype(0));
}

}  // namespace mx::elemwise
