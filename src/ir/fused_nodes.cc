#include "ir/fused_nodes.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "base/dtype.h"
#include "base/text.h"
#include "ir/subgraph.h"

namespace mx {
namespace {

constexpr std::string_view kPrefix = "_sg_mkldnn_";
constexpr std::string_view kAttentionPrefix = "_sg_mkldnn_selfatt_";
constexpr const char* kCalibration[] = {"min_calib_range", "max_calib_range"};

bool is_fused(const NodeRecord& node) { return node.op.starts_with(kPrefix); }

bool flag(const NodeRecord& node, std::string_view name) {
  const auto found = node.attrs.find(name);
  return found != node.attrs.end() &&
         (found->second == "true" || found->second == "True" || found->second == "1");
}

class Expansion {
 public:
  Expansion(const SymbolDocument& from, const std::string& source) : from_(from), source_(source) {
    to_.version = from.version;
  }

  SymbolDocument run() {
    for (size_t number = 0; number < from_.nodes.size(); ++number) {
      const NodeRecord& node = from_.nodes[number];
      if (is_fused(node))
        expand(number, node);
      else if (!take_up(number, node))
        copy(number, node);
    }
    for (const NodeReference& head : from_.heads) to_.heads.push_back(mapped(head, "heads"));
    return std::move(to_);
  }

 private:
  using References = std::vector<NodeReference>;

  [[noreturn]] void fail_at(const std::string& place, const std::string& problem,
                            const std::string& expected) const {
    fail(ErrorKind::kValue, source_, ": ", place, " ", problem, "; expected ", expected);
  }

  std::string place_of(size_t number) const { return node_place(number, from_.nodes[number].name); }

  NodeReference mapped(const NodeReference& reference, const std::string& place) const {
    const auto found = mapped_.find({reference.node, reference.index});
    if (found != mapped_.end()) return found->second;
    const auto node = copied_.find(reference.node);
    if (node == copied_.end())
      fail_at(place, concat("names output ", reference.index, " of node ", reference.node),
              "a result of a node before it that is not fused away");
    return {node->second, reference.index, reference.version};
  }

  References mapped_inputs(size_t number) const {
    References inputs;
    for (const NodeReference& input : from_.nodes[number].inputs)
      inputs.push_back(mapped(input, place_of(number)));
    return inputs;
  }

  size_t add(NodeRecord record) {
    to_.nodes.push_back(std::move(record));
    return to_.nodes.size() - 1;
  }

  void copy(size_t number, const NodeRecord& node) {
    NodeRecord record = node;
    record.inputs = mapped_inputs(number);
    copied_[number] = add(std::move(record));
  }

  /// A node that reads the sums of a fused one gets what they stand for.
  bool take_up(size_t number, const NodeRecord& node) {
    if (node.inputs.empty()) return false;
    const auto sums = sums_.find(node.inputs[0].node);
    if (sums == sums_.end()) return false;
    if (node.op == "_contrib_dequantize") {
      mapped_[{number, 0}] = sums->second;
      return true;
    }
    if (node.op != "_contrib_requantize")
      fail_at(place_of(number), "reads the sums of a fused node", "_contrib_requantize");
    NodeRecord record = node;
    record.op = "_contrib_quantize_v2";
    record.inputs = {sums->second};
    copied_[number] = add(std::move(record));
    return true;
  }

  void expand(size_t number, const NodeRecord& node) {
    References inputs = mapped_inputs(number);
    const NodeReference result = flag(node, "quantized")
                                     ? core(number, node, dequantized(number, node, inputs))
                                     : core(number, node, std::move(inputs));
    if (!flag(node, "quantized") || flag(node, "enable_float_output")) {
      mapped_[{number, 0}] = result;
    } else if (node.attrs.count(kCalibration[0])) {
      NodeRecord record{"_contrib_quantize_v2", node.name + "_quantize", {}, false, {result}};
      record.attrs["out_type"] = "auto";
      for (const char* end : kCalibration)
        if (const auto found = node.attrs.find(end); found != node.attrs.end())
          record.attrs[end] = found->second;
      copied_[number] = add(std::move(record));
    } else {
      sums_[number] = result;
    }
  }

  /// How many tensors come before the ends of their ranges.
  size_t tensors_of(size_t number, const NodeRecord& node) const {
    if (node.op.starts_with(kAttentionPrefix)) return node.op.ends_with("_qk") ? 1 : 2;
    size_t count = 0;
    for (const NodeRecord& inner : subgraph(number, node).nodes) count += inner.op == "null";
    return count;
  }

  /// The tensors in float32: ranges follow for data, for the one that is added (the last), or for
  /// all.
  References dequantized(size_t number, const NodeRecord& node, const References& inputs) {
    const size_t count = tensors_of(number, node);
    const size_t ranges = inputs.size() > count ? (inputs.size() - count) / 2 : 0;
    if (ranges == 0 || ranges > count || inputs.size() != count + 2 * ranges)
      fail_at(place_of(number), concat("is quantized and has ", inputs.size(), " inputs"),
              concat(count, " tensors and pairs of ranges"));
    References tensors(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(count));
    for (size_t i = 0; i < ranges; ++i) {
      const bool is_added = i == 1 && ranges == 2 && flag(node, "with_sum");
      NodeReference& tensor = tensors[is_added ? count - 1 : i];
      // Nothing else tells the type of weights.
      if (NodeRecord& made = to_.nodes[tensor.node]; i > 0 && made.op == "null")
        made.attrs.emplace("__dtype__", std::to_string(static_cast<int>(DType::kInt8)));
      tensor = {add({"_contrib_dequantize",
                     concat(node.name, "_dequantize", i),
                     {},
                     false,
                     {tensor, inputs[count + 2 * i], inputs[count + 2 * i + 1]}}),
                0};
    }
    return tensors;
  }

  SymbolDocument subgraph(size_t number, const NodeRecord& node) const {
    const auto found = node.attrs.find(kSubgraphsKey);
    const std::string_view text = found == node.attrs.end() ? "" : std::string_view(found->second);
    const size_t first = text.find('{'), last = text.rfind('}');
    if (first == text.npos || last == text.npos)
      fail_at(place_of(number), "has no subgraph", "the operators that are fused");
    return parse_symbol_document(text.substr(first, last - first + 1),
                                 concat(source_, ": ", place_of(number)));
  }

  /// The operators themselves; their variables are the tensors in order.
  NodeReference core(size_t number, const NodeRecord& node, References tensors) {
    if (node.op.starts_with(kAttentionPrefix)) {
      NodeRecord record{
          "_contrib_interleaved_matmul_selfatt_" + node.op.substr(kAttentionPrefix.size()),
          node.name,
          {},
          false,
          std::move(tensors)};
      if (const auto heads = node.attrs.find("heads"); heads != node.attrs.end())
        record.attrs["heads"] = heads->second;
      return {add(std::move(record)), 0};
    }
    const SymbolDocument inner = subgraph(number, node);
    std::vector<NodeReference> made;
    size_t variables = 0;
    const auto inside = [&](const NodeReference& reference) -> NodeReference {
      if (reference.node >= made.size())
        fail_at(place_of(number), "has a subgraph out of order", "nodes behind their inputs");
      const NodeReference& node_made = made[reference.node];
      return {node_made.node, node_made.index + reference.index};
    };
    for (const NodeRecord& record : inner.nodes) {
      if (record.op == "null") {
        if (variables == tensors.size())
          fail_at(place_of(number), concat("has ", tensors.size(), " tensors"),
                  "one for each variable of its subgraph");
        made.push_back(tensors[variables++]);
        continue;
      }
      NodeRecord copy = record;
      for (NodeReference& input : copy.inputs) input = inside(input);
      made.push_back({add(std::move(copy)), 0});
    }
    if (inner.heads.size() != 1)
      fail_at(place_of(number), concat("has ", inner.heads.size(), " results"), "one");
    return inside(inner.heads[0]);
  }

  const SymbolDocument& from_;
  const std::string& source_;
  SymbolDocument to_;
  std::map<size_t, size_t> copied_;                              ///< node to node
  std::map<std::pair<size_t, uint32_t>, NodeReference> mapped_;  ///< results of their own
  std::map<size_t, NodeReference> sums_;  ///< what int32 results of fused nodes stand for
};

}  // namespace

SymbolDocument expand_fused_nodes(SymbolDocument document, const std::string& source) {
  if (std::none_of(document.nodes.begin(), document.nodes.end(), is_fused)) return document;
  return Expansion(document, source).run();
}

}  // namespace mx
