// Recurrent layers as one operator. Dense layers compute what does not depend on the steps before,
// for all steps at once; `_rnn_layer` goes through the steps.
// lint: no-kernel (it is composed of other operators)
#include "ops/nn/rnn/rnn.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/reshape.h"
#include "ops/matrix/slice.h"
#include "ops/matrix/split.h"
#include "ops/nn/dropout.h"
#include "ops/nn/fully_connected.h"

namespace mx {
namespace {

enum In { kData, kParameters, kState, kStateCell };

size_t length_input(const RnnParam& p) { return p.is_lstm() ? 4 : 3; }

/// Elements of the array of parameters, where the data have `features`.
int64_t parameters_size(const RnnParam& p, int64_t features) {
  const Checked rows = Checked(num_gates(p.mode)) * p.state_size;
  const Checked out = p.output_size(), directions = p.num_directions();
  const Checked projection = p.projection_size ? out * p.state_size : Checked(0);
  const auto layer = [&](Checked in) { return (rows * (in + out + 2) + projection) * directions; };
  const Checked all = layer(features) + layer(out * directions) * Checked(p.num_layers - 1);
  return all.get("RNN", "state_size", p.state_size);
}

void infer_rnn_shape(ShapeContext& c) {
  const auto& p = c.params<RnnParam>();
  const Shape& data = c.in(kData);
  if (!data.has_rank()) return;
  if (data.ndim() != 3)
    c.fail_in(kData, "has no three axes; expected (steps, sequences, features)");
  const int64_t steps = data[0], sequences = data[1], rows = p.num_layers * p.num_directions();
  if (data[2] >= 0) c.set_in(kParameters, Shape{parameters_size(p, data[2])});
  const Shape state{rows, sequences, p.output_size()}, cell{rows, sequences, p.state_size};
  c.set_in(kState, state);
  if (p.is_lstm()) c.set_in(kStateCell, cell);
  if (p.use_sequence_length) c.set_in(length_input(p), Shape{sequences});
  c.set_out(0, Shape{steps, sequences, p.num_directions() * p.output_size()});
  if (c.num_out() > 1) c.set_out(1, state);
  if (c.num_out() > 2) c.set_out(2, cell);
}

void infer_rnn_dtype(DTypeContext& c) {
  const auto& p = c.params<RnnParam>();
  const size_t same = length_input(p);  // the lengths have a dtype of their own
  DType dtype = DType::kUnknown;
  for (size_t i = 0; i < same; ++i)
    if (dtype == DType::kUnknown) dtype = c.in(i);
  for (size_t i = 0; i < c.num_out(); ++i)
    if (dtype == DType::kUnknown) dtype = c.out(i);
  if (dtype == DType::kUnknown) return;
  if (!is_floating(dtype))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(dtype),
         "; expected a floating dtype");
  for (size_t i = 0; i < same; ++i) c.set_in(i, dtype);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, dtype);
  if (p.use_sequence_length && c.in(same) == DType::kUnknown) c.set_in(same, DType::kFloat32);
}

/// The weights of one direction of one layer.
struct LayerWeights {
  Value input, state, projection, input_bias, state_bias;
};

/// Cuts the array of parameters: all matrices, layer by layer and direction by direction, then all
/// biases in the same order. In one go, so that its gradient is put together once.
class Cutter {
 public:
  Cutter(DecomposeContext& c, const RnnParam& p) : c_(c), p_(p) {}

  std::vector<LayerWeights> cut(int64_t features) {
    const int64_t rows = num_gates(p_.mode) * p_.state_size;
    std::vector<LayerWeights> all(static_cast<size_t>(p_.num_layers * p_.num_directions()));
    for (size_t i = 0; i < all.size(); ++i) {
      const bool is_first = static_cast<int64_t>(i) < p_.num_directions();
      add(all[i].input, {rows, is_first ? features : p_.num_directions() * p_.output_size()});
      add(all[i].state, {rows, p_.output_size()});
      if (p_.projection_size) add(all[i].projection, {p_.output_size(), p_.state_size});
    }
    for (LayerWeights& weights : all) {
      add(weights.input_bias, {rows});
      add(weights.state_bias, {rows});
    }
    fill();
    return all;
  }

 private:
  void add(Value& part, const Shape& shape) {
    parts_.emplace_back(&part, shape);
    split_.indices.push_back(size_);
    size_ += shape.size();
  }

  void fill() {
    split_.axis = 0;
    const NodePtr node = c_.call_node("_split_v2", {c_.in(kParameters)}, Params::of(split_));
    for (size_t i = 0; i < parts_.size(); ++i) {
      const auto& [part, shape] = parts_[i];
      *part = {node, static_cast<uint32_t>(i)};
      if (shape.ndim() == 1) continue;
      ReshapeParam reshape;
      reshape.shape = shape;
      *part = c_.call("Reshape", {*part}, std::move(reshape));
    }
  }

  DecomposeContext& c_;
  const RnnParam& p_;
  std::vector<std::pair<Value*, Shape>> parts_;
  SplitParam split_;
  int64_t size_ = 0;
};

/// What comes out of one direction of one layer.
struct LayerResult {
  Value output, state, cell;
};

/// Runs one direction of one layer; `gates` (steps, sequences, rows) is its part of the inputs.
LayerResult run_layer(DecomposeContext& c, const RnnParam& p, const Value& gates,
                      const LayerWeights& w, const LayerResult& start, bool reverse) {
  RnnLayerParam layer;
  layer.mode = p.mode;
  layer.reverse = reverse;
  layer.use_sequence_length = p.use_sequence_length;
  layer.clip_min = p.lstm_state_clip_min;
  layer.clip_max = p.lstm_state_clip_max;
  layer.clip_nan = p.lstm_state_clip_nan;
  layer.projection_size = p.projection_size;
  std::vector<Value> inputs{gates, w.state, w.state_bias, start.state};
  if (p.is_lstm()) inputs.push_back(start.cell);
  if (p.projection_size) inputs.push_back(w.projection);
  if (p.use_sequence_length) inputs.push_back(c.in(length_input(p)));
  const NodePtr node = c.call_node("_rnn_layer", inputs, Params::of(layer));
  return {{node, 0}, {node, 1}, p.is_lstm() ? Value{node, 2} : Value{}};
}

/// Row `i` of the states of all layers and directions.
Value state_of(DecomposeContext& c, size_t input, int64_t i) {
  ReshapeParam drop_axis;
  drop_axis.shape = Shape{c.in_shape(input)[1], c.in_shape(input)[2]};
  const Value row = c.call("slice_axis", {c.in(input)}, SliceAxisParam{0, i, i + 1});
  return c.call("Reshape", {row}, drop_axis);
}

Value stacked(DecomposeContext& c, std::vector<Value> values) {
  const auto count = static_cast<int64_t>(values.size());
  return c.call("stack", std::move(values), StackParam{0, count});
}

void decompose_rnn(DecomposeContext& c) {
  const auto& p = c.params<RnnParam>();
  const int64_t rows = num_gates(p.mode) * p.state_size;
  const std::vector<LayerWeights> weights = Cutter(c, p).cut(c.in_shape(kData)[2]);
  std::vector<Value> states, cells;
  Value data = c.in(kData);
  for (int64_t layer = 0; layer < p.num_layers; ++layer) {
    if (layer > 0 && p.p > 0) {
      DropoutParam dropout;
      dropout.p = p.p;
      data = c.call("_rnn_dropout", {data}, dropout);
    }
    std::vector<Value> outputs;
    for (int64_t direction = 0; direction < p.num_directions(); ++direction) {
      const int64_t i = layer * p.num_directions() + direction;
      const LayerWeights& w = weights[static_cast<size_t>(i)];
      const Value gates = c.call("FullyConnected", {data, w.input, w.input_bias},
                                 FullyConnectedParam{static_cast<int32_t>(rows), false, false});
      LayerResult start{{}, state_of(c, kState, i), {}};
      if (p.is_lstm()) start.cell = state_of(c, kStateCell, i);
      const LayerResult result = run_layer(c, p, gates, w, start, direction == 1);
      outputs.push_back(result.output);
      states.push_back(result.state);
      cells.push_back(result.cell);
    }
    data = outputs.size() == 1 ? outputs[0] : c.call("Concat", outputs, ConcatParam{2, 2});
  }
  c.set(0, data);
  if (p.state_outputs) c.set(1, stacked(c, states));
  if (p.state_outputs && p.is_lstm()) c.set(2, stacked(c, cells));
}

uint32_t num_rnn_outputs(const Params& params) {
  const auto& p = params.as<RnnParam>();
  return p.state_outputs ? (p.is_lstm() ? 3 : 2) : 1;
}

const OpBuilder rnn =
    OpBuilder("RNN")
        .alias("_npx_rnn")
        .doc(
            "Recurrent layers over all steps of sequences. data: (steps, sequences, features); "
            "state, and state_cell of an LSTM: (layers * directions, sequences, state_size); "
            "parameters: one array of all matrices, layer by layer, direction by direction, those "
            "of the inputs before those of the states, and then all biases in that order. Output: "
            "(steps, sequences, directions * state_size), and with state_outputs the last states.")
        .params<RnnParam>()
        .input("data", "(steps, sequences, features)")
        .parameter("parameters", "(size,) all weights")
        .parameter("state", "(layers * directions, sequences, state_size) states to begin with")
        .parameter("state_cell", "the same for the cells of an LSTM")
        .parameter("sequence_length", "(sequences,) steps of each")
        .input_used([](const Params& params, size_t i) {
          const auto& p = params.as<RnnParam>();
          return i < 3 || (i == 3 ? p.is_lstm() : p.use_sequence_length);
        })
        .num_outputs(num_rnn_outputs)
        .output_names([](const Params& params) {
          std::vector<std::string> names{"output", "state_output", "statecell_output"};
          names.resize(num_rnn_outputs(params));
          return names;
        })
        .infer_shape(infer_rnn_shape)
        .infer_dtype(infer_rnn_dtype)
        .decomposition(decompose_rnn)
        .uses_train_mode()  // dropout between layers
        .trait("composite");

}  // namespace
}  // namespace mx
