#include "ir/legacy_symbol.h"

#include "ir/attributes.h"

namespace mx {

void upgrade_legacy_node(Node&, std::string&, int64_t) {}

void complete_legacy_inputs(Node& node, int64_t) {
  const std::vector<std::string> names = node.op->input_names(node.params);
  for (size_t i = node.inputs.size(); i < names.size(); ++i) {
    NodePtr variable = make_variable(node.name + "_" + names[i]);
    variable->attrs = node.attrs;
    node.inputs.push_back({variable, 0});
  }
  require(node.inputs.size() == names.size(), node.op->name, ": ", node.inputs.size(),
          " inputs are listed; expected ", names.size());
}

Symbol upgrade_legacy_graph(Symbol symbol, int64_t) { return symbol; }

}  // namespace mx
