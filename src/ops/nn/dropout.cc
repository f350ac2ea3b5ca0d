#include "ops/nn/dropout.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_dropout_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (!c.in(0).has_rank()) return;
  Shape mask = c.in(0);
  for (int64_t axis : c.params<DropoutParam>().axes)
    mask[normalize_axis(axis, mask.ndim(), c.op_name(), "axes")] = 1;
  c.set_out(1, mask);
}

void infer_dropout_dtype(DTypeContext& c) {
  c.unify_all();
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

void dropout_gradient(GradContext& g) {
  const auto& p = g.params<DropoutParam>();
  if (!p.drops(g.is_train())) return g.set(0, g.d_out());
  g.set(0, p.axes.empty() ? g.mul(g.d_out(), g.out(1))
                          : g.call("broadcast_mul", {g.d_out(), g.out(1)}));
}

OpBuilder dropout_builder(const char* name) {
  return std::move(OpBuilder(name)
                       .params<DropoutParam>()
                       .input("data", "Array of any shape.")
                       .outputs({"output", "mask"})
                       .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
                       .infer_shape(infer_dropout_shape)
                       .infer_dtype(infer_dropout_dtype)
                       .gradient(dropout_gradient)
                       .uses_train_mode()
                       .random()
                       .trait("drawn_factor", "1")
                       .trait("draws_always", "mode=always")
                       .trait("identity_at_inference", "mode=training")
                       .inplace(0, 0));
}

const OpBuilder dropout =
    dropout_builder("Dropout")
        .alias("_npx_dropout")
        .doc("Sets a random share p of the elements to 0 and divides the others by 1 - p.");

const OpBuilder rnn_dropout = dropout_builder("_rnn_dropout")
                                  .doc(
                                      "Dropout between the layers of RNN: it draws one number "
                                      "after the other from a stream of its own.");

}  // namespace
}  // namespace mx
