// BatchNorm over the batches of several devices: each sums over its own batch, the copies meet to
// add up their sums (_meeting_sum), and each goes on with the same mean and variance. Backward
// likewise.
#include "ops/nn/norm/sync_batch_norm.h"

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/slice.h"
#include "ops/nn/norm/batch_norm_like.h"

namespace mx {
namespace {

/// Channels of data on axis 1; -1 when unknown.
int64_t channels_of(const Shape& data) { return data.ndim() > 1 ? data[1] : -1; }

/// Sums: two numbers for each channel, and how many elements a channel has.
Shape sums_shape(const Shape& data) {
  const int64_t channels = channels_of(data);
  return Shape{channels < 0 ? -1 : 2 * channels + 1};
}

void infer_sums_shape(ShapeContext& c, size_t data) {
  if (c.in(data).has_rank() && c.in(data).ndim() < 2)
    c.fail_in(data, "has ", c.in(data).ndim(), " axes; expected batch, channels ...");
  c.set_out(0, sums_shape(c.in(data)));
}

MeetingParam meeting_of(const SyncBatchNormParam& p, const char* pass) {
  return {p.ndev, p.key + pass};
}

void decompose_sync_batch_norm(DecomposeContext& c) {
  const auto& p = c.params<SyncBatchNormParam>();
  NodePtr node;
  if (p.meets()) {
    const Value sums = c.call("_sync_batch_norm_sums", {c.in(0)});
    const Value total = c.call("_meeting_sum", {sums}, meeting_of(p, "/forward"));
    node = c.call_node("_sync_batch_norm_apply",
                       {c.in(0), c.in(1), c.in(2), c.in(3), c.in(4), total}, Params::of(p.alone()));
  } else {
    node = c.call_node("BatchNorm", {c.in(0), c.in(1), c.in(2), c.in(3), c.in(4)},
                       Params::of(p.alone()));
  }
  for (uint32_t i = 0; i < 3; ++i) c.set(i, {node, i});
}

/// Part `i` of the sums, one number for each channel.
Value part_of(GradContext& g, const Value& sums, int64_t i) {
  const int64_t channels = channels_of(g.in_shape(0));
  const Value part =
      g.call("slice_axis", {sums}, SliceAxisParam{0, i * channels, (i + 1) * channels});
  return g.cast(part, statistics_dtype(g.in_dtype(0)));
}

/// gamma and beta get what comes from the own batch: whoever trains adds up over the devices.
void sync_batch_norm_gradient(GradContext& g) {
  const auto& p = g.params<SyncBatchNormParam>();
  if (!p.meets() || !g.is_train()) return batch_norm_gradient(g, p.alone(), g.out(2));
  const Value sums =
      g.call("_backward_sync_batch_norm_sums", {g.d_out(), g.in(0), g.out(1), g.out(2)});
  const Value total = g.call("_meeting_sum", {sums}, meeting_of(p, "/backward"));
  g.set(0, g.call("_backward_sync_batch_norm_apply",
                  {g.d_out(), g.in(0), g.in(1), g.out(1), g.out(2), total}, p.alone()));
  if (!p.fix_gamma) g.set(1, part_of(g, sums, 1));
  g.set(2, part_of(g, sums, 0));
}

const OpBuilder sync_batch_norm =
    OpBuilder("_contrib_SyncBatchNorm")
        .doc("BatchNorm whose statistics in training are those of the batches of ndev devices.")
        .params<SyncBatchNormParam>()
        .input("data", "Array with the channels on axis 1.")
        .parameter("gamma", "(channels,) scale")
        .parameter("beta", "(channels,) shift")
        .auxiliary("moving_mean", "(channels,) moving average of the mean")
        .auxiliary("moving_var", "(channels,) moving average of the variance")
        .trait("init.moving_mean", R"(["zero", {}])")
        .trait("init.moving_var", R"(["one", {}])")
        .trait("meets", "ndev")
        .outputs({"output", "mean", "var"})
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<SyncBatchNormParam>().output_mean_var ? 3 : 1;
        })
        .infer_shape([](ShapeContext& c) { infer_batch_norm_shape(c, 1); })
        .infer_dtype(infer_batch_norm_dtype)
        .uses_train_mode()
        .gradient(sync_batch_norm_gradient)
        .decomposition(decompose_sync_batch_norm);

const OpBuilder sums =
    OpBuilder("_sync_batch_norm_sums")
        .doc("Sums and sums of squares of each channel, and the number of its elements.")
        .input("data")
        .infer_shape([](ShapeContext& c) { infer_sums_shape(c, 0); })
        .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kFloat64); })
        .uses_train_mode()
        .not_differentiable("_contrib_SyncBatchNorm has a gradient of its own");

const OpBuilder meeting =
    OpBuilder("_meeting_sum")
        .doc("In training, the sum of the arrays of all copies; see dispatch/meeting.h.")
        .params<MeetingParam>()
        .input("data")
        .trait("meeting")
        .infer_dtype([](DTypeContext& c) {
          c.set_in(0, DType::kFloat64);
          c.set_out(0, DType::kFloat64);
        })
        .infer_shape(infer::same_shape)
        .uses_train_mode()
        .not_differentiable("_contrib_SyncBatchNorm has a gradient of its own");

const OpBuilder apply = OpBuilder("_sync_batch_norm_apply")
                            .doc("BatchNorm with statistics that come from sums.")
                            .params<BatchNormParam>()
                            .input("data")
                            .input("gamma")
                            .input("beta")
                            .auxiliary("moving_mean")
                            .auxiliary("moving_var")
                            .input("sums")
                            .outputs({"output", "mean", "var"})
                            .infer_shape([](ShapeContext& c) {
                              c.set_out(0, c.in(0));
                              const Shape channels{channels_of(c.in(0))};
                              for (size_t i = 1; i < 5; ++i) c.set_in(i, channels);
                              for (size_t i : {1u, 2u}) c.set_out(i, channels);
                              c.set_in(5, sums_shape(c.in(0)));
                            })
                            .infer_dtype([](DTypeContext& c) {
                              c.set_out(0, c.in(0));
                              for (size_t i = 1; i < 5; ++i) c.set_in(i, statistics_dtype(c.in(0)));
                              for (size_t i : {1u, 2u}) c.set_out(i, statistics_dtype(c.in(0)));
                              c.set_in(5, DType::kFloat64);
                            })
                            .uses_train_mode()
                            .not_differentiable("_contrib_SyncBatchNorm has a gradient of its own");

const OpBuilder backward_sums =
    OpBuilder("_backward_sync_batch_norm_sums")
        .doc(
            "Sums of d_out, and of d_out times the normalized data, of each channel; and their "
            "number.")
        .input("d_out")
        .input("data")
        .input("mean")
        .input("inverse_std")
        .infer_shape([](ShapeContext& c) { infer_sums_shape(c, 1); })
        .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kFloat64); })
        .not_differentiable("second derivatives over several devices are not there");

const OpBuilder backward_apply =
    OpBuilder("_backward_sync_batch_norm_apply")
        .doc("Gradient of SyncBatchNorm's data from the sums over all copies.")
        .params<BatchNormParam>()
        .input("d_out")
        .input("data")
        .input("gamma")
        .input("mean")
        .input("inverse_std")
        .input("sums")
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.in(1)); })
        .infer_dtype([](DTypeContext& c) { c.set_out(0, c.in(1)); })
        .not_differentiable("second derivatives over several devices are not there");

}  // namespace
}  // namespace mx
