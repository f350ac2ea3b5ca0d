#include "ops/matrix/concat.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/slice.h"
#include "ops/matrix/split.h"

namespace mx {
namespace {

/// The shape that all inputs and the output share, with the joined axis unknown.
Shape common_shape(const ShapeContext& c, int64_t dim) {
  Shape common;
  const auto merge = [&](Shape shape) {
    if (!shape.has_rank()) return true;
    if (!common.has_rank() || common.ndim() == shape.ndim())
      shape[normalize_axis(dim, shape.ndim(), c.op_name(), "dim")] = -1;
    return merge_shape(common, shape);
  };
  merge(c.out(0));
  for (size_t i = 0; i < c.num_in(); ++i)
    if (!merge(c.in(i)))
      c.fail_in(i, "does not fit the other inputs; expected ", common, " with any size along axis ",
                dim);
  return common;
}

void infer_concat(ShapeContext& c) {
  const auto& p = c.params<ConcatParam>();
  Shape common = common_shape(c, p.dim);
  if (!common.has_rank()) return;
  const int axis = normalize_axis(p.dim, common.ndim(), c.op_name(), "dim");
  Checked sum = 0;
  size_t unknown = 0, last_unknown = 0;
  for (size_t i = 0; i < c.num_in(); ++i) {
    c.set_in(i, common);
    const int64_t size = c.in(i)[axis];
    if (size < 0)
      ++unknown, last_unknown = i;
    else
      sum += size;
  }
  const int64_t total = sum.get(c.op_name(), "dim", p.dim);
  Shape out = common;
  out[axis] = unknown == 0 ? total : -1;
  c.set_out(0, out);
  const int64_t joined = c.out(0)[axis];
  if (unknown == 1 && joined >= total) {
    common[axis] = joined - total;
    c.set_in(last_unknown, common);
  }
}

void infer_stack(ShapeContext& c) {
  const auto& p = c.params<StackParam>();
  Shape one;
  for (size_t i = 0; i < c.num_in(); ++i) merge_shape(one, c.in(i));
  const int ndim = one.has_rank() ? one.ndim() + 1 : c.out(0).ndim();
  if (ndim < 1) return;
  const int axis = normalize_axis(p.axis, ndim, c.op_name());
  if (one.has_rank()) {
    Shape out = Shape({});
    for (int i = 0; i < ndim; ++i)
      out.push_back(i == axis ? static_cast<int64_t>(c.num_in()) : one[i < axis ? i : i - 1]);
    c.set_out(0, out);
  }
  Shape in = Shape({});
  for (int i = 0; i < ndim; ++i)
    if (i != axis) in.push_back(c.out(0)[i]);
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, in);
}

void concat_gradient(GradContext& g) {
  const auto& p = g.params<ConcatParam>();
  int64_t begin = 0;
  for (size_t i = 0; i < g.num_in(); ++i) {
    const Shape& shape = g.in_shape(i);
    const int axis = normalize_axis(p.dim, shape.ndim(), g.op().name, "dim");
    SliceAxisParam range{axis, begin, begin + shape[axis]};
    begin += shape[axis];
    if (shape[axis] > 0) g.set(i, g.call("slice_axis", {g.d_out()}, range));
  }
}

void stack_gradient(GradContext& g) {
  const int axis = normalize_axis(g.params<StackParam>().axis, g.out_shape(0).ndim(), g.op().name);
  const SliceChannelParam parts{static_cast<int64_t>(g.num_in()), axis, true};
  const NodePtr node = g.call_node("SliceChannel", {g.d_out()}, Params::of(parts));
  for (size_t i = 0; i < g.num_in(); ++i) g.set(i, {node, static_cast<uint32_t>(i)});
}

/// The rows of CSR matrices one below the other make a CSR matrix.
void infer_concat_storage(StorageContext& c) {
  if (c.params<ConcatParam>().dim == 0 && c.in(0) == StorageKind::kCsr) infer::equal_storage(c);
}

const OpBuilder concat_op = OpBuilder("Concat")
                                .alias("concat")
                                .alias("_sparse_concat")
                                .doc("Joins arrays along an existing axis.")
                                .params<ConcatParam>()
                                .variadic("num_args")
                                .infer_shape(infer_concat)
                                .infer_storage(infer_concat_storage)
                                .gradient(concat_gradient)
                                .trait("low_precision", "follow");

const OpBuilder rnn_param_concat = OpBuilder("_rnn_param_concat")
                                       .alias("_npi_rnn_param_concat")
                                       .doc("Joins the parameters of a recurrent layer.")
                                       .params<ConcatParam>()
                                       .variadic("num_args")
                                       .infer_shape(infer_concat)
                                       .gradient(concat_gradient);

const OpBuilder stack = OpBuilder("stack")
                            .doc("Joins arrays of one shape along a new axis.")
                            .params<StackParam>()
                            .variadic("num_args")
                            .infer_shape(infer_stack)
                            .gradient(stack_gradient);

const OpBuilder np_stack = OpBuilder("_npi_stack")
                               .doc("Joins arrays of one shape along a new axis.")
                               .params<StackParam>()
                               .variadic("num_args")
                               .infer_shape(infer_stack)
                               .gradient(stack_gradient);

}  // namespace
}  // namespace mx
