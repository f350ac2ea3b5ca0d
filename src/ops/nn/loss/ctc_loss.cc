#include "ops/nn/loss/ctc_loss.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_ctc_shape(ShapeContext& c) {
  const Shape &data = c.in(0), &label = c.in(1);
  if (data.has_rank() && data.ndim() != 3)
    c.fail_in(0, "has ", data.ndim(), " axes; expected 3: time, batch and classes");
  if (label.has_rank() && label.ndim() != 2)
    c.fail_in(1, "has ", label.ndim(), " axes; expected 2: batch and labels");
  const int64_t batch = data.has_rank() ? data[1] : Shape::kUnknownDim;
  c.set_in(1, {batch, Shape::kUnknownDim});
  c.set_out(0, {c.in(1)[0]});
  c.set_out(1, {0});
  c.set_in(0, {Shape::kUnknownDim, c.out(0)[0], Shape::kUnknownDim});
  for (size_t i = 2; i < c.num_in(); ++i) c.set_in(i, {c.out(0)[0]});
  if (c.in(0)[0] >= 0 && c.in(1)[1] > c.in(0)[0])
    c.fail_in(1, "has more labels than data has steps; expected at most ", c.in(0)[0]);
  if (c.in(0)[2] == 0) c.fail_in(0, "has no classes; expected the blank at least");
}

/// Labels and lengths may have types of their own.
void infer_ctc_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_out(1, c.in(0));
  for (size_t i = 1; i < c.num_in(); ++i)
    if (c.in(i) == DType::kUnknown) c.set_in(i, c.in(0));
}

bool uses_input(const Params& params, size_t input) {
  const auto& p = params.as<CtcLossParam>();
  return input < 2 || (input == 2 ? p.use_data_lengths : p.use_label_lengths);
}

void ctc_gradient(GradContext& g) {
  std::vector<Value> inputs;
  for (size_t i = 0; i < g.num_in(); ++i) inputs.push_back(g.in(i));
  inputs.push_back(g.d_out());
  g.set(0, g.call("_backward_CTCLoss", std::move(inputs), g.raw_params()));
}

OpBuilder ctc_operator(const char* name) {
  return OpBuilder(name)
      .params<CtcLossParam>()
      .input("data", "(time, batch, classes) scores before softmax.")
      .label("label", "(batch, labels) class numbers.")
      .label("data_lengths", "(batch,) steps of each sequence; with use_data_lengths.")
      .label("label_lengths", "(batch,) labels of each sequence; with use_label_lengths.");
}

const OpBuilder ctc_loss =
    ctc_operator("CTCLoss")
        .alias("ctc_loss")
        .alias("_contrib_CTCLoss")
        .alias("_contrib_ctc_loss")
        .doc(
            "Connectionist temporal classification: for each sequence -log of the probability "
            "that its steps, with repetitions and blanks taken out, read as the label. 0 where "
            "the label does not fit into the steps.")
        .input_used(uses_input)
        // Files of 1.9.1 count a second output, in which it keeps a gradient; this one is empty.
        .num_outputs([](const Params&) { return 2u; })
        .num_visible_outputs([](const Params&) { return 1u; })
        .infer_shape(infer_ctc_shape)
        .infer_dtype(infer_ctc_dtype)
        .gradient(ctc_gradient);

const OpBuilder ctc_backward =
    ctc_operator("_backward_CTCLoss")
        .input("d_out", "Gradient of the losses.")
        .doc("d_out times the softmax less the probability of each class given the label.")
        .input_used([](const Params& params, size_t input) {
          return input == 4 || uses_input(params, input);
        })
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.in(0)); })
        .infer_dtype([](DTypeContext& c) { c.set_out(0, c.in(0)); })
        .not_differentiable("second derivatives of CTCLoss are not offered");

}  // namespace
}  // namespace mx
