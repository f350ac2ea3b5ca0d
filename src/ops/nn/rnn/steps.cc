#include "ops/nn/rnn/steps.h"

#include "ir/common_params.h"
#include "ops/elemwise/clip.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/reshape.h"
#include "ops/matrix/split.h"
#include "ops/nn/fully_connected.h"

namespace mx {

RnnSteps::Result RnnSteps::run(const Value& gates, const Value& weight, const Value& bias,
                               RnnState start) {
  const NodePtr cut =
      g_.call_node("SliceChannel", {gates}, Params::of(SliceChannelParam{steps_, 0, true}));
  const auto rows = static_cast<int32_t>(num_gates(p_.mode) * hidden_);
  std::vector<Value> outputs(static_cast<size_t>(steps_));
  RnnState now = std::move(start);
  for (int64_t i = 0; i < steps_; ++i) {
    const int64_t number = p_.reverse ? steps_ - 1 - i : i;
    const Value from_state = g_.call("FullyConnected", {now.state, weight, bias},
                                     FullyConnectedParam{rows, false, true});
    RnnState next = step({cut, static_cast<uint32_t>(number)}, from_state, now);
    Value& output = outputs[static_cast<size_t>(number)];
    output = next.state;
    if (length_) {
      const Value mask = has_step(number);
      output = g_.call("broadcast_mul", {next.state, mask});
      next.state = chosen(mask, next.state, now.state);
      if (next.cell) next.cell = chosen(mask, next.cell, now.cell);
    }
    now = next;
  }
  return {g_.call("stack", outputs, StackParam{0, steps_}), now};
}

RnnState RnnSteps::step(const Value& from_input, const Value& from_state, const RnnState& before) {
  switch (p_.mode) {
    case RnnMode::kLstm:
      return lstm_step(g_.add(from_input, from_state), before);
    case RnnMode::kGru:
      return {gru_step(from_input, from_state, before.state), {}};
    case RnnMode::kRnnRelu:
      return {g_.call("relu", {g_.add(from_input, from_state)}), {}};
    case RnnMode::kRnnTanh:
      return {g_.call("tanh", {g_.add(from_input, from_state)}), {}};
  }
  return {};
}

RnnState RnnSteps::lstm_step(const Value& gates, const RnnState& before) {
  const std::vector<Value> part = parts(gates);
  const Value kept = g_.mul(g_.call("sigmoid", {part[1]}), before.cell);
  const Value added = g_.mul(g_.call("sigmoid", {part[0]}), g_.call("tanh", {part[2]}));
  const Value cell = clipped(g_.add(kept, added));
  Value state = g_.mul(g_.call("sigmoid", {part[3]}), g_.call("tanh", {cell}));
  if (projection_)
    state = g_.call("FullyConnected", {state, projection_},
                    FullyConnectedParam{static_cast<int32_t>(output_size_), true, true});
  return {state, cell};
}

Value RnnSteps::gru_step(const Value& from_input, const Value& from_state, const Value& before) {
  const std::vector<Value> mine = parts(from_input), old = parts(from_state);
  const Value reset = g_.call("sigmoid", {g_.add(mine[0], old[0])});
  const Value update = g_.call("sigmoid", {g_.add(mine[1], old[1])});
  const Value candidate = g_.call("tanh", {g_.add(mine[2], g_.mul(reset, old[2]))});
  return g_.add(candidate, g_.mul(update, g_.sub(before, candidate)));
}

std::vector<Value> RnnSteps::parts(const Value& rows) {
  const int64_t count = num_gates(p_.mode);
  const NodePtr cut =
      g_.call_node("SliceChannel", {rows}, Params::of(SliceChannelParam{count, 1, false}));
  std::vector<Value> values;
  for (int64_t i = 0; i < count; ++i) values.push_back({cut, static_cast<uint32_t>(i)});
  return values;
}

Value RnnSteps::clipped(Value cell) {
  if (!p_.clip_min) return cell;
  const ClipParam limits{static_cast<float>(*p_.clip_min), static_cast<float>(*p_.clip_max)};
  const Value inside = g_.call("clip", {cell}, limits);  // keeps NaN
  if (p_.clip_nan) return inside;
  const Value is_number = g_.call("_equal", {cell, cell});
  return g_.call("where", {is_number, inside, g_.add_scalar(g_.zeros_like(cell), *p_.clip_min)});
}

Value RnnSteps::has_step(int64_t number) {
  const Value is_there =
      g_.call("_greater_scalar", {length_}, ScalarParam{static_cast<double>(number)});
  return g_.call("expand_dims", {g_.cast(is_there, dtype_)}, ExpandDimsParam{1});
}

Value RnnSteps::chosen(const Value& mask, const Value& now, const Value& before) {
  return g_.add(before, g_.call("broadcast_mul", {g_.sub(now, before), mask}));
}

}  // namespace mx
