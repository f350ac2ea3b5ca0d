// The recorded computation of an array as a symbol.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "autograd/tape.h"

namespace mx::autograd {
namespace {

/// Parameters that are not what they are by default, as text.
AttrMap given_attributes(const Params& params) {
  const ParamSchema& schema = *params.schema();
  const std::shared_ptr<void> defaults = schema.make();
  AttrMap attrs;
  for (const FieldInfo& field : schema.fields) {
    std::string text = field.print(params.data());
    if (field.is_required || text != field.print(defaults.get()))
      attrs.emplace(field.name, std::move(text));
  }
  return attrs;
}

/// Makes symbols of the nodes of a tape, earliest first. While it lives they keep their arrays.
class TapeReader {
 public:
  TapeReader() = default;
  TapeReader(const TapeReader&) = delete;
  TapeReader& operator=(const TapeReader&) = delete;
  ~TapeReader() {
    for (const auto& node : nodes_) node->leave(false);
  }

  Symbol read(const NDArray& head) {
    if (!head.autograd->is_variable()) collect(head.autograd->node->shared_from_this());
    std::sort(nodes_.begin(), nodes_.end(),
              [](const auto& a, const auto& b) { return a->sequence < b->sequence; });
    for (const auto& node : nodes_) convert(*node);
    return Symbol({value_of(head)});
  }

 private:
  /// The node and all that it depends on.
  void collect(std::shared_ptr<TapeNode> last) {
    enter(std::move(last));
    for (size_t next = 0; next < nodes_.size(); ++next)
      for (const NDArray& array : nodes_[next]->in)
        if (array.autograd && !array.autograd->is_variable() &&
            !outputs_.count(array.autograd->node))
          enter(array.autograd->node->shared_from_this());
  }

  void enter(std::shared_ptr<TapeNode> node) {
    require(node->enter(), "get_symbol: ", node->name(),
            ": the tape was freed by backward; expected retain_graph=True there");
    outputs_.emplace(node.get(), std::vector<Value>());
    nodes_.push_back(std::move(node));
  }

  void convert(TapeNode& node) {
    std::vector<Value> inputs;
    uint64_t constants = node.first_constant;
    for (const NDArray& array : node.in)
      inputs.push_back(array.autograd ? value_of(array) : constant(array, constants++));
    std::vector<Value>& outputs = outputs_.at(&node);
    if (node.custom) {
      outputs = node.custom->outputs_from(inputs);
      require(!outputs.empty(), "get_symbol: ", node.name(),
              " is a function in Python; expected operators only");
      return;
    }
    const NodePtr made =
        make_node(*node.op, node.params, std::move(inputs), concat("node_", node.sequence - 1));
    made->attrs = given_attributes(node.params);
    for (uint32_t i = 0; i < made->num_outputs(); ++i) outputs.push_back({made, i});
  }

  Value value_of(const NDArray& array) {
    const AutogradInfo& info = *array.autograd;
    if (!info.is_variable()) return outputs_.at(info.node)[info.index];
    NodePtr& variable = variables_[&info];
    if (!variable)
      variable = make_variable(concat("var", static_cast<const Variable&>(info).number));
    return {variable, 0};
  }

  /// An array that several operators read is one variable, named where it was read first.
  Value constant(const NDArray& array, uint64_t number) {
    const auto [begin, end] = constants_.equal_range(array.chunk().get());
    for (auto found = begin; found != end; ++found)
      if (found->second.first.same_memory(array)) return found->second.second;
    const Value value{make_variable(concat("null", number)), 0};
    constants_.emplace(array.chunk().get(), std::pair(array, value));
    return value;
  }

  std::vector<std::shared_ptr<TapeNode>> nodes_;
  std::unordered_map<TapeNode*, std::vector<Value>> outputs_;
  std::unordered_map<const AutogradInfo*, NodePtr> variables_;
  std::multimap<const Chunk*, std::pair<NDArray, Value>> constants_;
};

}  // namespace

Symbol recorded_symbol(const NDArray& array) {
  require(is_known(array),
          "get_symbol: the array was not recorded, or its tape was freed by backward; expected an "
          "array computed inside autograd.record() from one with attach_grad()");
  return TapeReader().read(array);
}

}  // namespace mx::autograd
