#include "ops/matrix/diag.h"

#include "base/checked.h"
#include "ir/op.h"

namespace mx {
namespace {

void infer_diag(ShapeContext& c) {
  const auto& p = c.params<DiagParam>();
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() == 0) c.fail_in(0, "has no dimension; expected at least one");
  if (data.ndim() == 1) {
    if (data[0] < 0) return c.set_out(0, {-1, -1});
    const Checked away = p.k < 0 ? Checked(0) - p.k : Checked(p.k);
    const int64_t n = (away + data[0]).get(c.op_name(), "k", p.k);
    return c.set_out(0, {n, n});
  }
  const int axis1 = normalize_axis(p.axis1, data.ndim(), c.op_name(), "axis1");
  const int axis2 = normalize_axis(p.axis2, data.ndim(), c.op_name(), "axis2");
  require(axis1 != axis2, c.op_name(), ": axis1=", p.axis1, " and axis2=", p.axis2,
          " are the same axis; expected two");
  Shape out = Shape({});
  for (int i = 0; i < data.ndim(); ++i)
    if (i != axis1 && i != axis2) out.push_back(data[i]);
  const bool known = data[axis1] >= 0 && data[axis2] >= 0;
  require(!known || (p.k <= data[axis2] && p.k >= -data[axis1]), c.op_name(), ": k=", p.k,
          " lies outside data=", data, "; expected a diagonal of axes ", axis1, " and ", axis2);
  out.push_back(known ? diagonal_length(data[axis1], data[axis2], p.k) : -1);
  c.set_out(0, out);
}

void infer_diag_backward(ShapeContext& c) { c.set_out(0, c.params<DiagBackwardParam>().shape); }

void diag_gradient(GradContext& g) {
  const auto& p = g.params<DiagParam>();
  if (g.in_shape(0).ndim() == 1)
    g.set(0, g.call("diag", {g.d_out()}, DiagParam{p.k}));
  else
    g.set(0, g.call("_backward_diag", {g.d_out()},
                    DiagBackwardParam{p.k, p.axis1, p.axis2, g.in_shape(0)}));
}

void diag_backward_gradient(GradContext& g) {
  const auto& p = g.params<DiagBackwardParam>();
  g.set(0, g.call("diag", {g.d_out()}, DiagParam{p.k, p.axis1, p.axis2}));
}

const OpBuilder diag =
    OpBuilder("diag")
        .trait("method", "diag")
        .doc("A diagonal of a matrix or of matrices; of a vector the matrix that has it.")
        .params<DiagParam>()
        .input("data", "Array of one axis or more.")
        .infer_shape(infer_diag)
        .gradient(diag_gradient);

const OpBuilder diag_backward = OpBuilder("_backward_diag")
                                    .doc("An array of zeros with data on a diagonal.")
                                    .params<DiagBackwardParam>()
                                    .input("data", "The diagonals along the last axis.")
                                    .infer_shape(infer_diag_backward)
                                    .gradient(diag_backward_gradient);

}  // namespace
}  // namespace mx
