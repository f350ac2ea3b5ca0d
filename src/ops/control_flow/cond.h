#pragma once
#include "ir/subgraph.h"
#include "ops/control_flow/inner_graph.h"

namespace mx {

/// The graphs are the condition and the branches. The locations say which input of the node each of
/// their arguments is.
struct CondParam {
  Subgraphs subgraphs;
  int64_t num_args = 0, num_outputs = 0;
  Shape cond_input_locs, then_input_locs, else_input_locs;
  static void describe(ParamBuilder<CondParam>& fields) {
    using P = CondParam;
    fields.add("subgraphs", &P::subgraphs, "Condition and branches.").required();
    fields.add("num_args", &P::num_args, "Number of inputs, with the graphs.")
        .required()
        .at_least(3);
    fields.add("num_outputs", &P::num_outputs, "Number of outputs.").required().at_least(1);
    fields.add("cond_input_locs", &P::cond_input_locs, "Inputs of the condition.").required();
    fields.add("then_input_locs", &P::then_input_locs, "Inputs of the first branch.").required();
    fields.add("else_input_locs", &P::else_input_locs, "Inputs of the second branch.").required();
  }
  void validate(std::string_view op) const;

  InnerGraph condition() const { return {subgraphs[0], cond_input_locs}; }
  InnerGraph branch(bool first) const {
    return first ? InnerGraph(subgraphs[1], then_input_locs)
                 : InnerGraph(subgraphs[2], else_input_locs);
  }
};

}  // namespace mx
