// lint: no-kernel (it is RNN on the numbers that the data stand for)
#include "ops/nn/rnn/rnn.h"

#include "ops/quantization/ranges.h"

namespace mx {
namespace {

/// Inputs: data, parameters, state, state_cell, then scale and shift of the data.
size_t tensors_of(const Params& params) { return params.as<RnnParam>().is_lstm() ? 4 : 3; }

void infer_shape(ShapeContext& c) {
  require(!c.params<RnnParam>().use_sequence_length, c.op_name(),
          ": use_sequence_length=True is not known for whole numbers; expected False");
  const Op& rnn = get_op("RNN");
  const size_t count = tensors_of(c.raw_params());
  std::vector<Shape> in, out;
  for (size_t i = 0; i < count; ++i) in.push_back(c.in(i));
  for (size_t i = 0; i < c.num_out(); ++i) out.push_back(c.out(i));
  ShapeContext inner(c.op(), c.raw_params(), in, out);
  rnn.infer_shape(inner);
  for (size_t i = 0; i < count; ++i) c.set_in(i, in[i]);
  for (size_t i = 0; i < out.size(); ++i) c.set_out(i, out[i]);
  ranges_in(c, count);
}

void infer_dtype(DTypeContext& c) {
  c.set_in(0, DType::kUint8);
  for (size_t i = 1; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, DType::kFloat32);
}

void decompose(DecomposeContext& c) {
  const size_t count = tensors_of(c.raw_params());
  const Value shifted =
      c.call("broadcast_sub", {c.cast(c.in(0), DType::kFloat32), c.in(count + 1)});
  std::vector<Value> in{c.call("broadcast_div", {shifted, c.in(count)})};
  for (size_t i = 1; i < count; ++i) in.push_back(c.in(i));
  const NodePtr rnn = c.call_node("RNN", in, c.raw_params());
  for (uint32_t i = 0; i < rnn->num_outputs(); ++i) c.set(i, {rnn, i});
}

const OpBuilder quantized_rnn =
    OpBuilder("_contrib_quantized_rnn")
        .doc("RNN on uint8 data that _contrib_quantize_asym made; float32 results.")
        .params<RnnParam>()
        .input("data", "(steps, sequences, features), uint8")
        .parameter("parameters", "(size,) all weights, float32")
        .parameter("state", "(layers * directions, sequences, state_size)")
        .parameter("state_cell", "the same for the cells of an LSTM")
        .parameter("data_scale", "(1,)")
        .parameter("data_shift", "(1,)")
        .input_used([](const Params& params, size_t i) {
          return i != 3 || params.as<RnnParam>().is_lstm();
        })
        .num_outputs([](const Params& params) { return get_op("RNN").num_outputs(params); })
        .output_names([](const Params& params) { return get_op("RNN").list_output_names(params); })
        .infer_shape(infer_shape)
        .infer_dtype(infer_dtype)
        .decomposition(decompose)
        .zero_gradient("data are whole numbers");

}  // namespace
}  // namespace mx
