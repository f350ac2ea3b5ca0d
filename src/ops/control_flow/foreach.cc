// lint: no-kernel (it is the steps of its body, one after the other)
#include "ops/control_flow/foreach.h"

#include "ir/infer_graph.h"
#include "ir/op.h"
#include "ir/symbol.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/split.h"

namespace mx {

void ForeachParam::validate(std::string_view op) const {
  const Symbol& body = subgraphs[0];
  const size_t arguments = graph_inputs(body.outputs()).all.size();
  std::vector<bool> seen(arguments);
  for (const Shape* locations : {&in_data_locs, &in_state_locs, &remain_locs})
    for (const int64_t location : *locations) {
      require(location >= 0 && location < static_cast<int64_t>(arguments) &&
                  !seen[static_cast<size_t>(location)],
              op, ": location=", location, " is no argument of the body, or named twice; expected ",
              arguments, " different ones");
      seen[static_cast<size_t>(location)] = true;
    }
  const auto inputs = in_data_locs.ndim() + in_state_locs.ndim() + remain_locs.ndim();
  require(num_args == inputs + 1 && inputs == static_cast<int64_t>(arguments), op,
          ": num_args=", num_args, " does not fit ", arguments, " arguments of the body; expected ",
          arguments + 1);
  require(in_data_locs.ndim() > 0, op, ": there is no data to go through; expected an array");
  const auto outputs = static_cast<int64_t>(body.num_outputs());
  require(num_outputs == outputs && num_outputs == num_out_data + in_state_locs.ndim(), op,
          ": num_outputs=", num_outputs, " does not fit ", outputs, " outputs of the body, ",
          num_out_data, " of them stacked, and ", in_state_locs.ndim(), " states");
}

namespace {

/// The inputs of the node and the body's arguments that they are.
class ForeachInputs {
 public:
  explicit ForeachInputs(const ForeachParam& p)
      : variables_(graph_inputs(p.subgraphs[0].outputs())),
        num_data_(static_cast<size_t>(p.in_data_locs.ndim())),
        num_states_(static_cast<size_t>(p.in_state_locs.ndim())) {
    for (const Shape* locations : {&p.in_data_locs, &p.in_state_locs, &p.remain_locs})
      for (const int64_t location : *locations)
        arguments_.push_back(variables_.all[static_cast<size_t>(location)]);
  }
  size_t size() const { return arguments_.size(); }
  Node* argument(size_t i) const { return arguments_[i]; }
  bool is_data(size_t i) const { return i < num_data_; }
  size_t first_state() const { return num_data_; }
  size_t num_states() const { return num_states_; }

 private:
  GraphInputs variables_;
  std::vector<Node*> arguments_;
  size_t num_data_, num_states_;
};

Shape without_first(const Shape& shape) {
  if (!shape.has_rank() || shape.ndim() == 0) return {};
  Shape rest = Shape::filled(shape.ndim() - 1, 0);
  for (int i = 1; i < shape.ndim(); ++i) rest[i - 1] = shape[i];
  return rest;
}

Shape with_first(int64_t first, const Shape& rest) {
  if (!rest.has_rank()) return {};
  Shape shape = Shape::filled(rest.ndim() + 1, first);
  for (int i = 0; i < rest.ndim(); ++i) shape[i + 1] = rest[i];
  return shape;
}

/// Steps, or -1 while nothing tells them.
int64_t num_steps(const ShapeContext& c, const ForeachInputs& inputs, int64_t num_stacked) {
  int64_t steps = -1;
  const auto learn = [&](const Shape& shape) {
    if (shape.has_rank() && shape.ndim() > 0 && shape[0] >= 0) steps = shape[0];
  };
  for (int64_t i = 0; i < num_stacked; ++i) learn(c.out(static_cast<size_t>(i)));
  for (size_t i = 0; inputs.is_data(i); ++i) {
    if (c.in(i).has_rank() && c.in(i).ndim() == 0) c.fail_in(i, "is a scalar; expected an axis");
    learn(c.in(i));
  }
  return steps;
}

/// The body and the loop tell each other what they know. What a step makes of a state has the
/// state's type.
void infer_foreach_shape(ShapeContext& c) {
  const auto& p = c.params<ForeachParam>();
  const ForeachInputs inputs(p);
  const std::vector<Value>& outputs = p.subgraphs[0].outputs();
  const auto stacked = static_cast<size_t>(p.num_out_data);
  const int64_t steps = num_steps(c, inputs, p.num_out_data);
  if (steps == 0) c.fail_in(0, "has no steps; expected one or more along axis 0");
  for (size_t i = 0; i < inputs.num_states(); ++i) {
    c.set_out(stacked + i, c.in(inputs.first_state() + i));
    c.set_in(inputs.first_state() + i, c.out(stacked + i));
  }
  GraphTypes types(outputs);
  for (size_t i = 0; i < inputs.size(); ++i)
    types.at(inputs.argument(i), 0).shape = inputs.is_data(i) ? without_first(c.in(i)) : c.in(i);
  infer_shapes(types);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Shape& shape = types.at(inputs.argument(i), 0).shape;
    c.set_in(i, inputs.is_data(i) ? with_first(steps, shape) : shape);
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Shape& shape = types[outputs[i]].shape;
    c.set_out(i, i < stacked ? with_first(steps, shape) : shape);
    if (i >= stacked) c.set_in(inputs.first_state() + i - stacked, shape);
  }
}

void infer_foreach_dtype(DTypeContext& c) {
  const auto& p = c.params<ForeachParam>();
  const ForeachInputs inputs(p);
  const std::vector<Value>& outputs = p.subgraphs[0].outputs();
  const auto stacked = static_cast<size_t>(p.num_out_data);
  GraphTypes types(outputs);
  for (size_t i = 0; i < inputs.size(); ++i) types.at(inputs.argument(i), 0).dtype = c.in(i);
  infer_dtypes(types);
  for (size_t i = 0; i < inputs.size(); ++i) c.set_in(i, types.at(inputs.argument(i), 0).dtype);
  for (size_t i = 0; i < outputs.size(); ++i) {
    c.set_out(i, types[outputs[i]].dtype);
    if (i >= stacked) c.set_in(inputs.first_state() + i - stacked, c.out(i));
  }
}

/// Copies of the body's operators, with what its variables are in one step.
std::vector<Value> one_step(DecomposeContext& c, const Symbol& body, ValueMap<Value> known) {
  std::vector<NodePtr> copies;
  for (Node* node : topological_order(body.outputs())) {
    if (node->is_variable()) continue;
    std::vector<Value> inputs;
    for (const Value& value : node->inputs) inputs.push_back(known.at(value));
    NodePtr copy = make_node(*node->op, node->params, std::move(inputs), node->name);
    for (uint32_t i = 0; i < node->num_outputs(); ++i)
      known[{node->shared_from_this(), i}] = {copy, i};
    copies.push_back(std::move(copy));
  }
  c.append(copies);
  std::vector<Value> outputs;
  for (const Value& value : body.outputs()) outputs.push_back(known.at(value));
  return outputs;
}

/// The data is cut, and the results are stacked, once: each costs its size, not that times steps.
void unroll(DecomposeContext& c) {
  const auto& p = c.params<ForeachParam>();
  const ForeachInputs inputs(p);
  const Symbol& body = p.subgraphs[0];
  const auto stacked = static_cast<size_t>(p.num_out_data);
  const int64_t steps = c.in_shape(0)[0];
  ValueMap<Value> known;
  std::vector<NodePtr> pieces;
  for (size_t i = 0; i < inputs.size(); ++i) {
    known[{inputs.argument(i)->shared_from_this(), 0}] = c.in(i);
    if (inputs.is_data(i))
      pieces.push_back(
          c.call_node("SliceChannel", {c.in(i)}, Params::of(SliceChannelParam{steps, 0, true})));
  }
  std::vector<std::vector<Value>> results(stacked);
  std::vector<Value> outputs;
  for (int64_t step = 0; step < steps; ++step) {
    for (size_t i = 0; i < pieces.size(); ++i)
      known[{inputs.argument(i)->shared_from_this(), 0}] = {pieces[i], static_cast<uint32_t>(step)};
    outputs = one_step(c, body, known);
    for (size_t i = 0; i < outputs.size(); ++i)
      if (i < stacked)
        results[i].push_back(outputs[i]);
      else
        known[{inputs.argument(inputs.first_state() + i - stacked)->shared_from_this(), 0}] =
            outputs[i];
  }
  for (size_t i = 0; i < outputs.size(); ++i)
    c.set(i, i < stacked ? c.call("stack", results[i], StackParam{0, steps}) : outputs[i]);
}

const OpBuilder foreach_op =
    OpBuilder("_foreach")
        .doc(
            "Runs a graph once for each piece of its data along axis 0 and hands states from step "
            "to step. Outputs: what the steps return, stacked along a new axis 0, and the last "
            "states.")
        .params<ForeachParam>()
        // Moving averages inside of the body are arguments, as files of 1.9.1 name them.
        .variadic("num_args", "data")
        .counts_graphs(1)
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(params.as<ForeachParam>().num_outputs);
        })
        .infer_shape(infer_foreach_shape)
        .infer_dtype(infer_foreach_dtype)
        .decomposition(unroll)
        .uses_train_mode()  // its body may
        .trait("composite");

}  // namespace
}  // namespace mx
