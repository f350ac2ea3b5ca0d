#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

enum class RnnMode : int32_t { kRnnRelu, kRnnTanh, kLstm, kGru };

/// Gates of a cell: the factor of its weights' first axis. LSTM: input, forget, candidate, output;
/// GRU: reset, update, candidate.
constexpr int64_t num_gates(RnnMode mode) {
  return mode == RnnMode::kLstm ? 4 : mode == RnnMode::kGru ? 3 : 1;
}

struct RnnParam {
  int64_t state_size = 0, num_layers = 0;
  bool bidirectional = false;
  RnnMode mode = RnnMode::kLstm;
  float p = 0;
  bool state_outputs = false;
  std::optional<int64_t> projection_size;
  std::optional<double> lstm_state_clip_min, lstm_state_clip_max;
  bool lstm_state_clip_nan = false;
  bool use_sequence_length = false;

  static void describe(ParamBuilder<RnnParam>& fields) {
    using P = RnnParam;
    fields.add("state_size", &P::state_size, "Size of the state of a layer and direction.")
        .required()
        .at_least(1);
    fields.add("num_layers", &P::num_layers, "Number of layers.").required().at_least(1);
    fields.add("bidirectional", &P::bidirectional, "Whether each layer also goes backwards.");
    fields.add("mode", &P::mode, "The cell.")
        .choice("gru", RnnMode::kGru)
        .choice("lstm", RnnMode::kLstm)
        .choice("rnn_relu", RnnMode::kRnnRelu)
        .choice("rnn_tanh", RnnMode::kRnnTanh)
        .required();
    fields.add("p", &P::p, "Share of what goes from layer to layer that is dropped in training.")
        .range(0, 1);
    fields.add("state_outputs", &P::state_outputs, "Whether the last states are outputs too.");
    fields.add("projection_size", &P::projection_size,
               "Size to which an LSTM's output is projected; None for no projection.");
    fields.add("lstm_state_clip_min", &P::lstm_state_clip_min, "Least value of an LSTM's cell.");
    fields.add("lstm_state_clip_max", &P::lstm_state_clip_max, "Largest value of an LSTM's cell.");
    fields.add("lstm_state_clip_nan", &P::lstm_state_clip_nan,
               "Whether clipping keeps NaN in an LSTM's cell; else it becomes the least value.");
    fields.add("use_sequence_length", &P::use_sequence_length,
               "Whether there are lengths: steps behind them give 0 and leave the states.");
  }
  bool is_lstm() const { return mode == RnnMode::kLstm; }
  int64_t num_directions() const { return bidirectional ? 2 : 1; }
  /// Size of the output of a layer and direction.
  int64_t output_size() const { return projection_size.value_or(state_size); }
  void validate(std::string_view op) const {
    require(!projection_size || (is_lstm() && *projection_size > 0), op,
            ": projection_size=", projection_size.value_or(0),
            " is out of range; expected at least 1, and mode=lstm");
    require(lstm_state_clip_min.has_value() == lstm_state_clip_max.has_value(), op,
            ": lstm_state_clip_min and lstm_state_clip_max are expected together");
  }
};

/// One direction of one layer over all steps (the operator `_rnn_layer`).
struct RnnLayerParam {
  RnnMode mode = RnnMode::kLstm;
  bool reverse = false;
  bool use_sequence_length = false;
  std::optional<double> clip_min, clip_max;
  bool clip_nan = false;
  std::optional<int64_t> projection_size;

  static void describe(ParamBuilder<RnnLayerParam>& fields) {
    using P = RnnLayerParam;
    fields.add("mode", &P::mode, "The cell.")
        .choice("gru", RnnMode::kGru)
        .choice("lstm", RnnMode::kLstm)
        .choice("rnn_relu", RnnMode::kRnnRelu)
        .choice("rnn_tanh", RnnMode::kRnnTanh)
        .required();
    fields.add("reverse", &P::reverse, "Whether it goes from the last step to the first.");
    fields.add("use_sequence_length", &P::use_sequence_length, "Whether there are lengths.");
    fields.add("clip_min", &P::clip_min, "Least value of the cell.");
    fields.add("clip_max", &P::clip_max, "Largest value of the cell.");
    fields.add("clip_nan", &P::clip_nan, "Whether clipping keeps NaN; else it becomes clip_min.");
    fields.add("projection_size", &P::projection_size,
               "Size to which an LSTM's output is projected; None for no projection.");
  }
  void validate(std::string_view op) const {
    require(!projection_size || (is_lstm() && *projection_size > 0), op,
            ": projection_size=", projection_size.value_or(0),
            " is out of range; expected at least 1, and mode=lstm");
  }
  bool is_lstm() const { return mode == RnnMode::kLstm; }
  /// Size of the output and of the state that goes from step to step.
  int64_t output_size(int64_t hidden) const {
    return hidden < 0 ? hidden : projection_size.value_or(hidden);
  }
  /// Numbers that a step keeps for its gradient, for each sequence: an LSTM its gates and its cell,
  /// a GRU its gates and the state's part of the candidate, others their state.
  int64_t kept(int64_t hidden) const {
    return hidden * (is_lstm() ? 5 : mode == RnnMode::kGru ? 4 : 1);
  }
};

}  // namespace mx
