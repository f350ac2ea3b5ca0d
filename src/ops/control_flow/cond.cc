// lint: no-kernel (a branch is run as the data says, operator by operator)
#include "ops/control_flow/cond.h"

namespace mx {

void CondParam::validate(std::string_view op) const {
  require(subgraphs.size() == 3, op, ": subgraphs holds ", subgraphs.size(),
          " graphs; expected 3: condition and branches");
  condition().validate(op, "cond_input_locs", num_args - 3);
  branch(true).validate(op, "then_input_locs", num_args - 3);
  branch(false).validate(op, "else_input_locs", num_args - 3);
  require(condition().outputs().size() == 1, op, ": the condition has ",
          condition().outputs().size(), " outputs; expected one");
  for (const bool first : {true, false})
    require(static_cast<int64_t>(branch(first).outputs().size()) == num_outputs, op,
            ": num_outputs=", num_outputs, " does not fit ", branch(first).outputs().size(),
            " outputs of a branch; expected as many of both");
}

namespace {

/// Where the branches differ, the shape follows from data.
void infer_cond_shape(ShapeContext& c) {
  const auto& p = c.params<CondParam>();
  p.condition().infer(c);
  const InnerGraph first = p.branch(true), second = p.branch(false);
  const GraphTypes a = first.infer(c), b = second.infer(c);
  for (size_t i = 0; i < c.num_out(); ++i) {
    const Shape &x = a[first.outputs()[i]].shape, &y = b[second.outputs()[i]].shape;
    if (x.is_known() && x == y) c.set_out(i, x);
  }
}

void infer_cond_dtype(DTypeContext& c) {
  const auto& p = c.params<CondParam>();
  p.condition().infer(c);
  for (const bool which : {true, false}) {
    const InnerGraph branch = p.branch(which);
    const GraphTypes types = branch.infer(c);
    for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, types[branch.outputs()[i]].dtype);
  }
}

const OpBuilder cond =
    OpBuilder("_cond")
        .doc("The outputs of one graph where a condition holds, else those of another one.")
        .params<CondParam>()
        .variadic("num_args", "data")
        .counts_graphs(3)
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(params.as<CondParam>().num_outputs);
        })
        .infer_shape(infer_cond_shape)
        .infer_dtype(infer_cond_dtype)
        .not_differentiable("the operators of the branch that ran are, one by one")
        .uses_train_mode()
        .trait("control_flow")
        .trait("shape_from_data");

}  // namespace
}  // namespace mx
