// Log likelihood of sequences of marked events under a self-exciting point process.
#include "ir/op.h"

namespace mx {
namespace {

/// Inputs: lda, alpha, beta, state, lags, marks, valid_length, max_time.
void infer_hawkes_shape(ShapeContext& c) {
  const int64_t any = Shape::kUnknownDim;
  Shape rates{any, any}, events{any, any};
  for (size_t i : {0u, 3u}) c.set_in(i, rates), merge_shape(rates, c.in(i));
  for (size_t i : {4u, 5u}) c.set_in(i, {rates[0], any}), merge_shape(events, c.in(i));
  for (size_t i : {0u, 3u}) c.set_in(i, rates);
  for (size_t i : {1u, 2u}) c.set_in(i, {rates[1]});
  for (size_t i : {4u, 5u}) c.set_in(i, {rates[0], events[1]});
  for (size_t i : {6u, 7u}) c.set_in(i, {rates[0]});
  c.set_out(0, {rates[0]});
  c.set_out(1, rates);
}

void infer_hawkes_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i)
    if (i != 5) c.set_in(i, c.in(0));
  c.set_in(5, DType::kInt32);
  c.set_out(0, c.in(0));
  c.set_out(1, c.in(0));
}

/// Of the likelihoods alone, for rates and both parameters of the excitement, as 1.9.1.
void hawkes_gradient(GradContext& g) {
  std::vector<Value> inputs{g.d_out()};
  for (size_t i = 0; i < g.num_in(); ++i) inputs.push_back(g.in(i));
  const NodePtr node = g.call_node("_backward_hawkesll", inputs);
  for (uint32_t i = 0; i < 3; ++i) g.set(i, {node, i});
}

OpBuilder hawkes(OpBuilder builder) {
  return builder.input("lda", "(sequences, marks) rates without excitement.")
      .input("alpha", "(marks,) how many events an event excites.")
      .input("beta", "(marks,) how fast excitement decays.")
      .input("state", "(sequences, marks) excitement at the beginning.")
      .input("lags", "(sequences, events) times from event to event.")
      .input("marks", "(sequences, events) kind of each event, int32.")
      .input("valid_length", "(sequences,) number of events.")
      .input("max_time", "(sequences,) when observation ends.");
}

const OpBuilder hawkesll =
    hawkes(OpBuilder("_contrib_hawkesll"))
        .doc(
            "Log likelihoods of sequences of events of several kinds, each of which makes further "
            "ones of its kind more likely for a while (Hawkes process), and the excitement at the "
            "end.")
        .outputs({"output", "out_state"})
        .infer_shape(infer_hawkes_shape)
        .infer_dtype(infer_hawkes_dtype)
        .gradient(hawkes_gradient);

const OpBuilder hawkes_backward =
    hawkes(OpBuilder("_backward_hawkesll").input("d_out", "Gradient of the log likelihoods."))
        .doc("Gradients of lda, alpha and beta.")
        .num_outputs([](const Params&) { return 3u; })
        .infer_shape([](ShapeContext& c) {
          for (size_t i = 0; i < 3; ++i) c.set_out(i, c.in(i + 1));
        })
        .infer_dtype([](DTypeContext& c) {
          for (size_t i = 0; i < 3; ++i) c.set_out(i, c.in(0));
        })
        .not_differentiable("second derivatives of hawkesll are not offered");

}  // namespace
}  // namespace mx
