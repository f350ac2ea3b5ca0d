// lint: no-kernel (its steps are run as the data says, operator by operator)
#include "ops/control_flow/while_loop.h"

namespace mx {

void WhileLoopParam::validate(std::string_view op) const {
  require(subgraphs.size() == 2, op, ": subgraphs holds ", subgraphs.size(),
          " graphs; expected 2: condition and body");
  condition().validate(op, "cond_input_locs", num_args - 2);
  body().validate(op, "func_input_locs", num_args - 2);
  require(condition().outputs().size() == 1, op, ": the condition has ",
          condition().outputs().size(), " outputs; expected one");
  for (const int64_t location : func_var_locs)
    require(location >= 0 && location < func_input_locs.ndim(), op,
            ": func_var_locs=", func_var_locs,
            " names arguments that are not there; expected numbers below ", func_input_locs.ndim());
  const auto outputs = static_cast<int64_t>(body().outputs().size());
  require(num_outputs == outputs && num_outputs == num_out_data + func_var_locs.ndim(), op,
          ": num_outputs=", num_outputs, " does not fit ", outputs, " outputs of the body, ",
          num_out_data, " of them stacked, and ", func_var_locs.ndim(), " variables");
}

namespace {

Shape stacked_shape(int64_t steps, const Shape& row) {
  if (!row.has_rank()) return {};
  Shape shape({steps});
  for (const int64_t size : row) shape.push_back(size);
  return shape;
}

/// What a step makes of a variable has the variable's type.
void infer_while_shape(ShapeContext& c) {
  const auto& p = c.params<WhileLoopParam>();
  const size_t stacked = p.num_stacked();
  for (size_t i = 0; i < p.num_variables(); ++i) {
    c.set_out(stacked + i, c.in(p.variable(i)));
    c.set_in(p.variable(i), c.out(stacked + i));
  }
  p.condition().infer(c);
  const InnerGraph body = p.body();
  const GraphTypes types = body.infer(c);
  for (size_t i = 0; i < c.num_out(); ++i) {
    const Shape& shape = types[body.outputs()[i]].shape;
    c.set_out(i, i < stacked ? stacked_shape(p.max_iterations, shape) : shape);
    if (i >= stacked) c.set_in(p.variable(i - stacked), shape);
  }
}

void infer_while_dtype(DTypeContext& c) {
  const auto& p = c.params<WhileLoopParam>();
  p.condition().infer(c);
  const InnerGraph body = p.body();
  const GraphTypes types = body.infer(c);
  for (size_t i = 0; i < c.num_out(); ++i) {
    c.set_out(i, types[body.outputs()[i]].dtype);
    if (i >= p.num_stacked()) c.set_in(p.variable(i - p.num_stacked()), c.out(i));
  }
}

const OpBuilder while_loop =
    OpBuilder("_while_loop")
        .doc(
            "Runs a graph as long as a condition holds, max_iterations times at most, and hands "
            "variables from step to step. Outputs: what the steps return, stacked along a new axis "
            "0 of size max_iterations with zeros behind the last step, and the last variables.")
        .params<WhileLoopParam>()
        .variadic("num_args", "data")
        .counts_graphs(2)
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(params.as<WhileLoopParam>().num_outputs);
        })
        .infer_shape(infer_while_shape)
        .infer_dtype(infer_while_dtype)
        .not_differentiable("the operators of its steps are, one by one")
        .uses_train_mode()
        .trait("control_flow")
        .trait("shape_from_data");

}  // namespace
}  // namespace mx
