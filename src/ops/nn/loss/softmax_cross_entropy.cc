// lint: no-kernel (the operator is written in terms of others)
#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/nn/activation/softmax.h"

namespace mx {
namespace {

void infer_softmax_cross_entropy_shape(ShapeContext& c) {
  if (c.in(0).has_rank() && c.in(0).ndim() != 2)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected 2: batch and classes");
  c.set_in(1, Shape{c.in(0).has_rank() ? c.in(0)[0] : Shape::kUnknownDim});
  if (c.in(1).is_known()) c.set_in(0, Shape{c.in(1)[0], Shape::kUnknownDim});
  c.set_out(0, Shape{1});
}

Value pick_labels(GraphBuilder& b, const Value& from, const Value& label) {
  return b.call("pick", {from, label});
}

void decompose(DecomposeContext& c) {
  const Value logarithms = c.call("log_softmax", {c.in(0)});
  const Value total = c.call("sum", {pick_labels(c, logarithms, c.in(1))}, ReduceParam{});
  c.set(0, c.negative(total));
}

const OpBuilder softmax_cross_entropy =
    OpBuilder("softmax_cross_entropy")
        .doc("Sum over the batch of -log(softmax(data)[label]).")
        .input("data", "(batch, classes) scores")
        .input("label", "(batch,) class numbers")
        .infer_shape(infer_softmax_cross_entropy_shape)
        .decomposition(decompose);

}  // namespace
}  // namespace mx
