#pragma once
#include "ir/subgraph.h"

namespace mx {

/// The locations say which argument of the body each input of the node is: the pieces of the data,
/// the states, and what stays the same in every step, in this order.
struct ForeachParam {
  Subgraphs subgraphs;
  int64_t num_args = 0, num_outputs = 0, num_out_data = 0;
  Shape in_state_locs, in_data_locs, remain_locs;
  static void describe(ParamBuilder<ForeachParam>& fields) {
    using P = ForeachParam;
    fields.add("subgraphs", &P::subgraphs, "The body.").required();
    fields.add("num_args", &P::num_args, "Number of inputs, with the body.").required().at_least(1);
    fields.add("num_outputs", &P::num_outputs, "Number of outputs.").required().at_least(0);
    fields.add("num_out_data", &P::num_out_data, "How many of them are stacked.")
        .required()
        .at_least(0);
    fields.add("in_state_locs", &P::in_state_locs, "Arguments that are states.").required();
    fields.add("in_data_locs", &P::in_data_locs, "Arguments that are pieces of data.").required();
    fields.add("remain_locs", &P::remain_locs, "Other arguments.").required();
  }
  void validate(std::string_view op) const;
};

}  // namespace mx
