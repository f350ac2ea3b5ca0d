// Repeats an array along dimensions of size 1.
#include "ops/elemwise/broadcast_to.h"

#include <span>

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void check_fits(ShapeContext& c, const Shape& in, const Shape& out) {
  if (in.ndim() != out.ndim())
    c.fail_in(0, "cannot be broadcast to ", out, "; expected equal rank");
  for (int i = 0; i < in.ndim(); ++i)
    if (in[i] != out[i] && in[i] != 1 && in[i] >= 0)
      c.fail_in(0, "cannot be broadcast to ", out, "; expected size 1 or ", out[i], " on axis ", i);
}

/// A size of 0 is that of data.
void infer_broadcast_to(ShapeContext& c) {
  Shape target = c.params<ShapeParam>().shape;
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  for (int i = 0; i < target.ndim() && i < in.ndim(); ++i)
    if (target[i] == 0) target[i] = in[i];
  check_fits(c, in, target);
  c.set_out(0, target);
}

/// mx.np's: missing axes in front are put in, and 0 is a size.
void infer_np_broadcast_to(ShapeContext& c) {
  const Shape& target = c.params<ShapeParam>().shape;
  const Shape& in = c.in(0);
  for (int64_t size : target)
    require(size >= 0, c.op_name(), ": shape=", target,
            " has a negative number; expected sizes of at least 0");
  if (!in.has_rank()) return c.set_out(0, target);
  const int missing = target.ndim() - in.ndim();
  if (missing < 0)
    c.fail_in(0, "cannot be broadcast to ", target, "; expected at most ", target.ndim(), " axes");
  check_fits(c, in, Shape(std::span(target.begin() + missing, target.end())));
  c.set_out(0, target);
}

void infer_broadcast_axis(ShapeContext& c) {
  const auto& p = c.params<BroadcastAxisParam>();
  require(p.axis.ndim() == p.size.ndim(), c.op_name(), ": size=", p.size, " has ", p.size.ndim(),
          " numbers; expected one for each of axis=", p.axis);
  if (!c.in(0).has_rank()) return;
  Shape out = c.in(0);
  for (int i = 0; i < p.axis.ndim(); ++i) {
    const int axis = normalize_axis(p.axis[i], out.ndim(), c.op_name());
    if (c.in(0)[axis] != 1 && c.in(0)[axis] >= 0)
      c.fail_in(0, "has size ", c.in(0)[axis], " on axis ", axis, "; expected 1");
    out[axis] = p.size[i] == 0 ? -1 : p.size[i];  // 0 is a size that the users of the result tell
  }
  c.set_out(0, out);
}

/// Without axes, all of them pair up.
void infer_broadcast_like(ShapeContext& c) {
  const auto& p = c.params<BroadcastLikeParam>();
  const Shape &lhs = c.in(0), &rhs = c.in(1);
  if (!lhs.has_rank() || !rhs.has_rank()) return;
  require(p.lhs_axes.has_value() == p.rhs_axes.has_value(), c.op_name(),
          ": only one of lhs_axes and rhs_axes was given; expected both or neither");
  Shape out = p.lhs_axes ? lhs : rhs;
  if (p.lhs_axes) {
    require(p.lhs_axes->ndim() == p.rhs_axes->ndim() && p.lhs_axes->ndim() > 0, c.op_name(),
            ": rhs_axes=", *p.rhs_axes, " does not pair up with lhs_axes=", *p.lhs_axes,
            "; expected as many axes, and at least one");
    for (int i = 0; i < p.lhs_axes->ndim(); ++i)
      out[normalize_axis((*p.lhs_axes)[i], lhs.ndim(), c.op_name(), "lhs_axes")] =
          rhs[normalize_axis((*p.rhs_axes)[i], rhs.ndim(), c.op_name(), "rhs_axes")];
  }
  check_fits(c, lhs, out);
  c.set_out(0, out);
}

void first_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

void sum_gradient(GradContext& g) { g.set(0, sum_to_input(g, g.d_out(), 0)); }

void np_sum_gradient(GradContext& g) {
  const Value sum = sum_to_input(g, g.d_out(), 0);
  g.set(0, g.call("_backward_reshape", {sum}, ShapeParam{g.in_shape(0)}));
}

const OpBuilder broadcast_to =
    OpBuilder("broadcast_to")
        .trait("method", "broadcast_to")
        .doc("data repeated along its dimensions of size 1 to a shape of the same rank.")
        .params<ShapeParam>()
        .input("data", "Array with size 1 where it is repeated.")
        .infer_shape(infer_broadcast_to)
        .gradient(sum_gradient);
const OpBuilder np_broadcast_to =
    OpBuilder("_npi_broadcast_to")
        .doc("array repeated along missing axes and dimensions of size 1 to a shape.")
        .params<ShapeParam>()
        .input("array", "Array of at most as many axes.")
        .infer_shape(infer_np_broadcast_to)
        .gradient(np_sum_gradient);
const OpBuilder broadcast_axis = OpBuilder("broadcast_axis")
                                     .alias("broadcast_axes")
                                     .trait("method", "broadcast_axes")
                                     .doc("data repeated along given axes of size 1.")
                                     .params<BroadcastAxisParam>()
                                     .input("data", "Array with size 1 where it is repeated.")
                                     .infer_shape(infer_broadcast_axis)
                                     .gradient(sum_gradient);
const OpBuilder broadcast_like =
    OpBuilder("broadcast_like")
        .trait("method", "broadcast_like")
        .doc("lhs repeated along its dimensions of size 1 to the sizes of rhs.")
        .params<BroadcastLikeParam>()
        .input("lhs", "Array with size 1 where it is repeated.")
        .input("rhs", "Array that gives the sizes; its values do not matter.")
        .infer_shape(infer_broadcast_like)
        .infer_dtype(first_dtype)
        .gradient(sum_gradient);

}  // namespace
}  // namespace mx::elemwise
