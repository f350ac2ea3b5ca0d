#include "ir/legacy_symbol.h"

#include <algorithm>

#include "ir/attributes.h"

namespace mx {
namespace {

// The first versions that write things in a new way.
constexpr int64_t kAllInputsListed = 900, kInitializersWritten = 904, kAxisOfArgmaxOptional = 905,
                  kToday = 10901;

/// Takes attributes such as weight_lr_mult out of a node.
AttrMap take_input_attributes(Node& node) {
  AttrMap taken;
  for (auto it = node.attrs.begin(); it != node.attrs.end();) {
    const auto current = it++;
    if (split_input_key(current->first)) taken.insert(node.attrs.extract(current));
  }
  return taken;
}

/// Gives them to the variables that they mean. Returns those that mean none.
AttrMap give_to_inputs(const AttrMap& attrs, const Node& node) {
  AttrMap left;
  if (attrs.empty()) return left;
  const std::vector<std::string> names = node.op->input_names(node.params);
  for (const auto& [key, value] : attrs) {
    const InputKey split = *split_input_key(key);
    const auto found = std::find(names.begin(), names.end(), split.input);
    const auto i = static_cast<size_t>(found - names.begin());
    if (found != names.end() && node.inputs[i].node->is_variable())
      node.inputs[i].node->attrs[split.key] = value;
    else
      left[key] = value;
  }
  return left;
}

/// What later versions write: the initializers that the operator names for its inputs.
void add_initializers(const Node& node) {
  const std::vector<std::string> names = node.op->input_names(node.params);
  for (size_t i = 0; i < names.size(); ++i)
    add_initializer(*node.op, names[i], *node.inputs[i].node);
}

/// Refuses a count of inputs far above those listed, before anything is made for each of them.
void check_input_count(const Node& node) {
  constexpr int64_t kMostMissing = 16;
  const FieldInfo* field = node.op->param_schema->find(node.op->variadic_count);
  int64_t count = 0;
  if (!field || !codec::parse_int(field->print(node.params.data()), count)) return;
  const auto listed = static_cast<int64_t>(node.inputs.size());
  require(count <= listed + kMostMissing, node.op->name, ": ", field->name, "=", count,
          " does not fit the ", listed, " inputs that are listed; expected ", listed);
}

bool is_true(const AttrMap& attrs, std::string_view key) {
  const auto found = attrs.find(key);
  bool value = false;
  return found != attrs.end() && codec::parse_bool(found->second, value) && value;
}

}  // namespace

SymbolUpgrade::SymbolUpgrade(int64_t version, std::string source)
    : version_(version), origin_(std::make_shared<LegacyOrigin>(std::move(source))) {}

void SymbolUpgrade::rename_attributes(Node& node) const {
  if (version_ >= kToday) return;
  AttrMap renamed;
  for (const auto& [key, value] : node.attrs) renamed[stored_key(key)] = value;
  node.attrs = std::move(renamed);
}

void SymbolUpgrade::upgrade_variable(Node& node) const { rename_attributes(node); }

void SymbolUpgrade::upgrade_operator(Node& node, bool has_param) const {
  rename_attributes(node);
  const AttrMap for_inputs = version_ < kToday ? take_input_attributes(node) : AttrMap{};
  const bool is_argmax = node.op->name == "argmax" || node.op->name == "argmin";
  if (is_argmax && version_ < kAxisOfArgmaxOptional)
    if (const auto axis = node.attrs.find("axis"); axis != node.attrs.end() && axis->second == "-1")
      node.attrs.erase(axis);
  node.params = parse_node_params(*node.op, node.attrs);
  check_input_count(node);
  complete_inputs(node);
  if (version_ < kInitializersWritten && !node.op->is_variadic()) add_initializers(node);
  if (AttrMap left = give_to_inputs(for_inputs, node); !left.empty()) {
    node.attrs.merge(left);
    node.params = parse_node_params(*node.op, node.attrs);
  }
  if (has_param) mark_doubts(node);
}

void SymbolUpgrade::complete_inputs(Node& node) const {
  const uint32_t expected = node.op->num_inputs(node.params);
  const bool may_complete = version_ < kAllInputsListed && !node.op->is_variadic();
  if (may_complete) {
    const std::vector<std::string> names = node.op->input_names(node.params);
    for (size_t i = node.inputs.size(); i < expected; ++i) {
      node.inputs.push_back({make_variable(node.name + "_" + names[i]), 0});
      node.inputs[i].node->attrs = node.attrs;
    }
  }
  require(node.inputs.size() == expected, node.op->name, ": inputs=", node.inputs.size(),
          " is the wrong number; expected ", expected);
}

void SymbolUpgrade::mark_doubts(Node& node) const {
  const bool pooling = node.op->name == "Pooling" && !node.attrs.contains("pooling_convention") &&
                       !is_true(node.attrs, "global_pool");
  const bool batch_norm = node.op->name == "BatchNorm" && !node.attrs.contains("fix_gamma");
  if (pooling || batch_norm) node.legacy = origin_;
}

}  // namespace mx
