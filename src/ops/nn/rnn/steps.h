#pragma once
#include "ir/gradient.h"
#include "ops/nn/rnn/rnn.h"

namespace mx {

/// What the steps hand on: (sequences, size) arrays; only an LSTM has a cell.
struct RnnState {
  Value state, cell;
};

/// Writes one direction of a recurrent layer as operators, step by step, for derivatives of higher
/// orders.
class RnnSteps {
 public:
  /// `length`: (sequences,) steps of each sequence; empty without use_sequence_length.
  RnnSteps(GraphBuilder& graph, const RnnLayerParam& params, int64_t steps, int64_t hidden,
           DType dtype, Value length)
      : g_(graph),
        p_(params),
        steps_(steps),
        hidden_(hidden),
        dtype_(dtype),
        length_(std::move(length)) {}

  /// An LSTM's output is multiplied by this matrix (size, hidden) before it goes on.
  void project(Value weight, int64_t size) {
    projection_ = std::move(weight);
    output_size_ = size;
  }

  struct Result {
    Value output;  ///< (steps, sequences, size)
    RnnState last;
  };
  /// `gates`: (steps, sequences, rows); `weight` (rows, size) and `bias` (rows,) belong to the
  /// states.
  Result run(const Value& gates, const Value& weight, const Value& bias, RnnState start);

 private:
  RnnState step(const Value& from_input, const Value& from_state, const RnnState& before);
  RnnState lstm_step(const Value& gates, const RnnState& before);
  Value gru_step(const Value& from_input, const Value& from_state, const Value& before);
  std::vector<Value> parts(const Value& rows);
  Value clipped(Value cell);
  /// 1 for sequences that have a step `number`, else 0, as (sequences, 1).
  Value has_step(int64_t number);
  Value chosen(const Value& mask, const Value& now, const Value& before);

  GraphBuilder& g_;
  const RnnLayerParam& p_;
  int64_t steps_, hidden_;
  DType dtype_;
  Value length_, projection_;
  int64_t output_size_ = 0;
};

}  // namespace mx
