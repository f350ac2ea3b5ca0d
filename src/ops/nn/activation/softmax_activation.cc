// lint: no-kernel (the operator is softmax on another shape)
#include "ir/op.h"
#include "ops/matrix/reshape.h"
#include "ops/nn/activation/softmax.h"

namespace mx {
namespace {

enum class SoftmaxMode : int32_t { kInstance, kChannel };

struct SoftmaxActivationParam {
  SoftmaxMode mode = SoftmaxMode::kInstance;
  static void describe(ParamBuilder<SoftmaxActivationParam>& fields) {
    fields
        .add("mode", &SoftmaxActivationParam::mode,
             "Over everything of an instance, or over the channels of each place.")
        .choice("channel", SoftmaxMode::kChannel)
        .choice("instance", SoftmaxMode::kInstance);
  }
};

void infer_softmax_activation_shape(ShapeContext& c) {
  c.unify_all();
  const bool channel = c.params<SoftmaxActivationParam>().mode == SoftmaxMode::kChannel;
  if (c.in(0).has_rank() && c.in(0).ndim() < (channel ? 3 : 2))
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least ", channel ? 3 : 2);
}

void decompose_softmax_activation(DecomposeContext& c) {
  const bool channel = c.params<SoftmaxActivationParam>().mode == SoftmaxMode::kChannel;
  SoftmaxParam over_channels, over_rows;
  over_channels.axis = 1;
  if (channel) return c.set(0, c.call("softmax", {c.in(0)}, over_channels));
  if (c.in_shape(0).ndim() == 2) return c.set(0, c.call("softmax", {c.in(0)}, over_rows));
  const Value rows = c.call("Flatten", {c.in(0)});
  c.set(0, c.call("reshape_like", {c.call("softmax", {rows}, over_rows), c.in(0)}));
}

const OpBuilder softmax_activation =
    OpBuilder("SoftmaxActivation")
        .doc("Softmax over each instance, or with mode='channel' over axis 1.")
        .params<SoftmaxActivationParam>()
        .input("data", "(batch, ...)")
        .infer_shape(infer_softmax_activation_shape)
        .decomposition(decompose_softmax_activation)
        .inplace(0, 0);

}  // namespace
}  // namespace mx
