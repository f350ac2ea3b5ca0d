#pragma once
#include "ir/subgraph.h"
#include "ops/control_flow/inner_graph.h"

namespace mx {

/// The graphs are the condition and the body. Their arguments are inputs of the node as the
/// locations say; func_var_locs tells which arguments of the body are the variables of the loop.
struct WhileLoopParam {
  Subgraphs subgraphs;
  int64_t num_args = 0, num_outputs = 0, num_out_data = 0, max_iterations = 0;
  Shape cond_input_locs, func_input_locs, func_var_locs;
  static void describe(ParamBuilder<WhileLoopParam>& fields) {
    using P = WhileLoopParam;
    fields.add("subgraphs", &P::subgraphs, "Condition and body.").required();
    fields.add("num_args", &P::num_args, "Number of inputs, with the graphs.")
        .required()
        .at_least(2);
    fields.add("num_outputs", &P::num_outputs, "Number of outputs.").required().at_least(1);
    fields.add("num_out_data", &P::num_out_data, "How many of them are stacked.")
        .required()
        .at_least(0);
    fields.add("max_iterations", &P::max_iterations, "When the loop ends at the latest.")
        .required()
        .at_least(1);
    fields.add("cond_input_locs", &P::cond_input_locs, "Inputs of the condition.").required();
    fields.add("func_input_locs", &P::func_input_locs, "Inputs of the body.").required();
    fields.add("func_var_locs", &P::func_var_locs, "Arguments of the body that are variables.")
        .required();
  }
  void validate(std::string_view op) const;

  InnerGraph condition() const { return {subgraphs[0], cond_input_locs}; }
  InnerGraph body() const { return {subgraphs[1], func_input_locs}; }
  size_t num_stacked() const { return static_cast<size_t>(num_out_data); }
  size_t num_variables() const { return static_cast<size_t>(func_var_locs.ndim()); }
  /// Which input of the node variable i of the loop is.
  size_t variable(size_t i) const {
    return static_cast<size_t>(
        func_input_locs[static_cast<int>(func_var_locs[static_cast<int>(i)])]);
  }
};

}  // namespace mx
