// One direction of one recurrent layer over all steps, and its gradient. What the inputs contribute
// to the gates comes in; the product of the states with their weights is computed step by step.
#include "ir/differentiate.h"
#include "ir/op.h"
#include "ops/nn/rnn/rnn.h"
#include "ops/nn/rnn/steps.h"

namespace mx {
namespace {

enum In { kGates, kWeight, kBias, kState, kCell, kProjection, kLength };

/// Whether the layer has an input; those that it has follow each other in the order of In.
bool has_input(const RnnLayerParam& p, size_t i) {
  if (i == kCell) return p.is_lstm();
  if (i == kProjection) return p.projection_size.has_value();
  return i != kLength || p.use_sequence_length;
}

/// Inputs with a gradient: all but the lengths, which come last.
size_t num_weights(const RnnLayerParam& p) { return p.projection_size ? 6 : p.is_lstm() ? 5 : 4; }

/// Gradients of outputs, which are the first inputs of the gradient.
size_t num_results(const RnnLayerParam& p) { return p.is_lstm() ? 3 : 2; }

/// Shapes of the inputs, from those of gates (steps, sequences, rows).
std::vector<Shape> input_shapes(const RnnLayerParam& p, const Shape& gates, std::string_view op) {
  const int64_t rows = gates[2], hidden = rows < 0 ? -1 : rows / num_gates(p.mode);
  require(rows < 0 || rows % num_gates(p.mode) == 0, op, ": gates=", gates,
          " has a last axis that is no multiple of ", num_gates(p.mode), ", the number of gates");
  const int64_t size = p.projection_size.value_or(hidden);
  std::vector<Shape> shapes{gates, {rows, size}, {rows}, {gates[1], size}};
  if (p.is_lstm()) shapes.push_back({gates[1], hidden});
  if (p.projection_size) shapes.push_back({size, hidden});
  if (p.use_sequence_length) shapes.push_back({gates[1]});
  return shapes;
}

void infer_layer_shape(ShapeContext& c) {
  const auto& p = c.params<RnnLayerParam>();
  const Shape& gates = c.in(kGates);
  if (!gates.has_rank()) return;
  if (gates.ndim() != 3) c.fail_in(kGates, "has no three axes; expected (steps, sequences, rows)");
  const std::vector<Shape> in = input_shapes(p, gates, c.op_name());
  for (size_t i = 1; i < in.size(); ++i) c.set_in(i, in[i]);
  const int64_t hidden = gates[2] < 0 ? -1 : gates[2] / num_gates(p.mode);
  c.set_out(0, Shape{gates[0], gates[1], in[kState][1]});
  c.set_out(1, in[kState]);
  if (p.is_lstm()) c.set_out(2, in[kCell]);
  c.set_out(c.num_out() - 1, Shape{gates[0], gates[1], hidden < 0 ? -1 : p.kept(hidden)});
}

/// One dtype for all inputs and outputs but the lengths, which have their own.
void infer_floats(DTypeContext& c, size_t num_in, size_t lengths) {
  DType dtype = DType::kUnknown;
  for (size_t i = 0; i < num_in; ++i)
    if (i != lengths && dtype == DType::kUnknown) dtype = c.in(i);
  for (size_t i = 0; i < num_in; ++i)
    if (i != lengths) c.set_in(i, dtype);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, dtype);
  if (lengths < c.num_in() && c.in(lengths) == DType::kUnknown) c.set_in(lengths, DType::kFloat32);
}

void infer_layer_dtype(DTypeContext& c) {
  infer_floats(c, c.num_in(), num_weights(c.params<RnnLayerParam>()));
}

/// Inputs of the gradient: gradients of output, state and, for an LSTM, cell; then inputs and
/// outputs of the layer.
void layer_gradient(GradContext& g) {
  const auto& p = g.params<RnnLayerParam>();
  const size_t results = num_results(p);
  std::vector<Value> inputs{g.d_out()};
  for (size_t i = 1; i < results; ++i)
    inputs.push_back(g.has_d_out(i) ? g.d_out(i) : g.zeros_like(g.out(i)));
  for (size_t i = 0; i < g.num_in(); ++i) inputs.push_back(g.in(i));
  inputs.push_back(g.out(0));
  inputs.push_back(g.out(results));
  const NodePtr node = g.call_node("_backward_rnn_layer", inputs, g.raw_params());
  for (uint32_t i = 0; i < num_weights(p); ++i) g.set(i, {node, i});
}

/// The same as single operators. They keep what their gradients need themselves, so that nobody
/// reads the last output.
void decompose_layer(DecomposeContext& c) {
  const auto& p = c.params<RnnLayerParam>();
  const Shape& gates = c.in_shape(kGates);
  RnnSteps steps(c, p, gates[0], gates[2] / num_gates(p.mode), c.in_dtype(kGates),
                 p.use_sequence_length ? c.in(num_weights(p)) : Value{});
  if (p.projection_size) steps.project(c.in(kProjection), *p.projection_size);
  const RnnSteps::Result result = steps.run(c.in(kGates), c.in(kWeight), c.in(kBias),
                                            {c.in(kState), p.is_lstm() ? c.in(kCell) : Value{}});
  c.set(0, result.output);
  c.set(1, result.last.state);
  if (p.is_lstm()) c.set(2, result.last.cell);
  c.set(p.is_lstm() ? 3 : 2, result.output);
}

void infer_backward_shape(ShapeContext& c) {
  const auto& p = c.params<RnnLayerParam>();
  const size_t first = num_results(p);
  const Shape& gates = c.in(first);
  if (!gates.has_rank()) return;
  const std::vector<Shape> in = input_shapes(p, gates, c.op_name());
  for (size_t i = 0; i < in.size(); ++i) c.set_in(first + i, in[i]);
  for (size_t i = 1; i < first; ++i) c.set_in(i, in[kState + i - 1]);
  const Shape output{gates[0], gates[1], in[kState][1]};
  c.set_in(0, output);
  c.set_in(c.num_in() - 2, output);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, in[i]);
}

void infer_backward_dtype(DTypeContext& c) {
  const auto& p = c.params<RnnLayerParam>();
  const size_t lengths = p.use_sequence_length ? c.num_in() - 3 : c.num_in();
  infer_floats(c, c.num_in(), lengths);
}

/// The layer as single operators once more, and their gradients.
void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<RnnLayerParam>();
  const size_t results = num_results(p);
  std::vector<Value> in, d_out;
  std::vector<TensorType> in_types, out_types;
  for (size_t i = results; i + 2 < c.num_in(); ++i) {
    in.push_back(c.in(i));
    in_types.push_back({c.in_shape(i), c.in_dtype(i)});
  }
  for (size_t i = 0; i < results; ++i) {
    d_out.push_back(c.in(i));
    out_types.push_back({c.in_shape(i), c.in_dtype(i)});
  }
  const std::vector<Value> d_in =
      differentiate_parts(c, get_op("_rnn_layer"), c.raw_params(), in, in_types, d_out);
  for (size_t i = 0; i < num_weights(p); ++i) c.set(i, d_in[i] ? d_in[i] : c.zeros_like(in[i]));
}

const OpBuilder layer =
    OpBuilder("_rnn_layer")
        .doc(
            "One direction of a recurrent layer. gates: (steps, sequences, gates * hidden), what "
            "the inputs contribute; outputs: (steps, sequences, size), the last states, and what "
            "the "
            "gradient needs.")
        .params<RnnLayerParam>()
        .input("gates", "(steps, sequences, gates * hidden)")
        .parameter("weight", "(gates * hidden, size) of the states")
        .parameter("bias", "(gates * hidden,) of the states")
        .input("state", "(sequences, size); size is projection_size or else hidden")
        .input("cell", "(sequences, hidden), of an LSTM")
        .parameter("projection", "(projection_size, hidden), of the outputs")
        .input("sequence_length", "(sequences,)")
        .input_used(
            [](const Params& params, size_t i) { return has_input(params.as<RnnLayerParam>(), i); })
        .output_names([](const Params& params) -> std::vector<std::string> {
          if (params.as<RnnLayerParam>().is_lstm()) return {"output", "state", "cell", "kept"};
          return {"output", "state", "kept"};
        })
        .num_outputs([](const Params& params) -> uint32_t {
          return params.as<RnnLayerParam>().is_lstm() ? 4 : 3;
        })
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<RnnLayerParam>().is_lstm() ? 3 : 2;
        })
        .infer_shape(infer_layer_shape)
        .infer_dtype(infer_layer_dtype)
        .gradient(layer_gradient)
        .decomposition(decompose_layer);

const OpBuilder layer_backward =
    OpBuilder("_backward_rnn_layer")
        .doc(
            "Gradients of _rnn_layer with respect to gates, weight, bias, state, cell and "
            "projection.")
        .params<RnnLayerParam>()
        .input("d_output")
        .input("d_state")
        .input("d_cell")
        .input("gates")
        .input("weight")
        .input("bias")
        .input("state")
        .input("cell")
        .input("projection")
        .input("sequence_length")
        .input("output")
        .input("kept")
        .input_used([](const Params& params, size_t i) {
          const auto& p = params.as<RnnLayerParam>();
          constexpr size_t kFirst = 3, kOutput = kFirst + kLength + 1;
          if (i < kFirst) return i < num_results(p);
          return i >= kOutput || has_input(p, i - kFirst);
        })
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(num_weights(params.as<RnnLayerParam>()));
        })
        .output_names([](const Params& params) {
          std::vector<std::string> names{"d_gates", "d_weight", "d_bias",
                                         "d_state", "d_cell",   "d_projection"};
          names.resize(num_weights(params.as<RnnLayerParam>()));
          return names;
        })
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer_backward_dtype)
        .decomposition(decompose_backward);

}  // namespace
}  // namespace mx
