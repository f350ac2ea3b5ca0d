#pragma once
// What the registrations of reductions share.
#include "ops/elemwise/common.h"
#include "ops/reduce/axes.h"

namespace mx::reduce {

inline void infer_reduced_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<ReduceParam>();
  const auto reduced = reduced_axes(p.axis, p.exclude, c.in(0).ndim(), c.op_name());
  c.set_out(0, reduced_shape(c.in(0), reduced, p.keepdims));
}

/// For what chooses among elements. Throws: ValueError where there are none along a reduced axis.
inline void require_choice(const ShapeContext& c, const std::vector<bool>& reduced) {
  for (int i = 0; i < c.in(0).ndim(); ++i)
    if (reduced[static_cast<size_t>(i)] && c.in(0)[i] == 0)
      c.fail_in(0, "has no elements to choose from; expected a size above 0 on axis ", i);
}

/// A value of the output's shape, repeated along the reduced axes to the shape of input 0.
inline Value expand_to_input(GradContext& g, Value d, const std::vector<bool>& reduced) {
  if (g.in_shape(0).size() == 0) return g.zeros_like(g.in(0));
  const Shape kept = reduced_shape(g.in_shape(0), reduced, true);
  if (!(kept == g.out_shape(0))) d = elemwise::reshape_to(g, std::move(d), kept);
  if (kept == g.in_shape(0)) return d;
  return g.call("broadcast_to", {std::move(d)}, ShapeParam{g.in_shape(0)});
}

/// The axes that the node of a gradient reduced.
inline std::vector<bool> axes_of(GradContext& g) {
  const auto& p = g.params<ReduceParam>();
  return reduced_axes(p.axis, p.exclude, g.in_shape(0).ndim(), g.op().name);
}

/// A reduction along the axes of a ReduceParam.
inline OpBuilder reduction(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<ReduceParam>()
      .input("data", "Array of any shape.")
      .infer_shape(infer_reduced_shape);
}

}  // namespace mx::reduce
