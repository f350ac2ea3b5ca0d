#pragma once
// Graphs, as partitioners and passes see them.
#include "json.h"

#define MX_STR_SUBGRAPH_SYM_JSON "subgraph_sym_json"
#define MX_STR_DTYPE "__ext_dtype__"
#define MX_STR_SHAPE "__ext_shape__"
#define MX_STR_EXTRA_INPUTS "__ext_extra_inputs__"

namespace mxnet {
namespace ext {

class Graph;
class Node;

/// One output of a node, or one input.
struct NodeEntry {
  Node* node;
  int entry;
};

class Node {
 public:
  void _setPassResource(PassResource* resource) { resource_ = resource; }
  /// Array for a variable that was added; there are none outside of passes.
  void alloc_arg(const std::vector<int64_t>& shape, const MXContext& ctx, MXDType dtype) {
    tensor = needed().alloc_arg(name, shape, ctx, dtype);
  }
  void alloc_aux(const std::vector<int64_t>& shape, const MXContext& ctx, MXDType dtype) {
    tensor = needed().alloc_aux(name, shape, ctx, dtype);
  }

  std::string op;  ///< "null" for a variable
  std::string name;
  MXTensor* tensor = nullptr;  ///< of a variable whose array is known
  std::vector<NodeEntry> inputs;
  std::vector<NodeEntry> outputs;  ///< who reads which output
  std::vector<Graph*> subgraphs;
  Attributes attrs;

 private:
  PassResource& needed() const {
    if (!resource_) throw std::runtime_error("Node: arrays are made in passes only");
    return *resource_;
  }
  PassResource* resource_ = nullptr;
};

class Graph {
 public:
  Graph() = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() {
    for (Node* node : nodes_) {
      for (Graph* inner : node->subgraphs) delete inner;
      delete node;
    }
  }

  static Graph* fromString(const std::string& text) { return fromJson(JsonVal::parse(text)); }

  static Graph* fromJson(JsonVal value) {
    Graph* graph = new Graph;
    for (const JsonVal& json : value.map[JsonVal("nodes")].list) graph->read_node(json);
    for (const JsonVal& number : value.map[JsonVal("arg_nodes")].list)
      graph->inputs.push_back(graph->nodes_.at(static_cast<size_t>(number.num)));
    for (const JsonVal& head : value.map[JsonVal("heads")].list)
      graph->outputs.push_back(graph->entry_of(head));
    for (const auto& entry : value.map)
      if (entry.first.str != "nodes" && entry.first.str != "arg_nodes" &&
          entry.first.str != "heads" && entry.first.str != "node_row_ptr")
        graph->attrs[entry.first.str] = entry.second;
    return graph;
  }

  JsonVal toJson() const {
    const std::vector<Node*> order = inputs_first();
    std::map<const Node*, int> number;
    for (const Node* node : order) {
      const int next = static_cast<int>(number.size());
      number[node] = next;
    }
    JsonVal result(MAP), nodes(LIST), arguments(LIST), heads(LIST), rows(LIST);
    for (const auto& entry : attrs) result.map[JsonVal(entry.first)] = entry.second;
    int row = 0;
    for (const Node* node : order) {
      nodes.list.push_back(write_node(*node, number));
      if (node->op == "null") arguments.list.push_back(JsonVal(number[node]));
      rows.list.push_back(JsonVal(row++));
    }
    rows.list.push_back(JsonVal(row));
    for (const NodeEntry& head : outputs) heads.list.push_back(reference(head, number));
    result.map[JsonVal("nodes")] = nodes;
    result.map[JsonVal("arg_nodes")] = arguments;
    result.map[JsonVal("heads")] = heads;
    result.map[JsonVal("node_row_ptr")] = rows;
    return result;
  }
  std::string toString() const { return toJson().dump(); }

  /// Nodes before their inputs: outputs of the graph come first.
  std::vector<Node*> topological_sort() const {
    std::vector<Node*> order = inputs_first();
    return {order.rbegin(), order.rend()};
  }
  /// The same order.
  void DFS(std::function<void(Node*)> handler) const {
    for (Node* node : topological_sort()) handler(node);
  }
  /// Calls the handler for those in `left` that read the node, and then for it.
  void _dfs_util(Node* node, std::unordered_set<Node*>* left,
                 std::function<void(Node*)> handler) const {
    left->erase(node);
    for (const NodeEntry& output : node->outputs)
      if (left->count(output.node)) _dfs_util(output.node, left, handler);
    handler(node);
  }

  void print(int indent = 0) const {
    const std::string space(static_cast<size_t>(indent), ' ');
    for (const Node* node : nodes_) {
      std::cout << space << node->name << " : " << node->op << "\n";
      for (const NodeEntry& input : node->inputs)
        std::cout << space << "  reads " << input.node->name << " " << input.entry << "\n";
      for (const Graph* inner : node->subgraphs) inner->print(indent + 2);
    }
  }

  Node* addNode(const std::string& name, const std::string& op) {
    Node* node = new Node;
    node->name = name;
    node->op = op;
    node->_setPassResource(resource_);
    nodes_.push_back(node);
    return node;
  }
  Node* getNode(size_t index) { return nodes_.at(index); }
  const Node* getNode(size_t index) const { return nodes_.at(index); }
  const JsonVal& getAttr(const std::string& key) const { return attrs.at(key); }
  size_t size() const { return nodes_.size(); }

  void _setPassResource(PassResource* resource) {
    resource_ = resource;
    for (Node* node : nodes_) node->_setPassResource(resource);
  }
  void _setParams(TensorMap* args, TensorMap* aux) {
    for (Node* node : nodes_)
      for (TensorMap* tensors : {args, aux})
        if (tensors->count(node->name)) node->tensor = &tensors->at(node->name);
  }

  std::vector<Node*> inputs;
  std::vector<NodeEntry> outputs;
  std::map<std::string, JsonVal> attrs;

 private:
  std::vector<Node*> inputs_first() const {
    std::vector<Node*> order;
    std::unordered_set<const Node*> seen;
    for (const NodeEntry& head : outputs) add_with_inputs(head.node, seen, order);
    for (Node* node : nodes_) add_with_inputs(node, seen, order);
    return order;
  }
  static void add_with_inputs(Node* start, std::unordered_set<const Node*>& seen,
                              std::vector<Node*>& order) {
    // A stack of its own: graphs may be deeper than that of the thread.
    std::vector<std::pair<Node*, size_t>> open;
    const auto enter = [&](Node* node) {
      if (seen.insert(node).second) open.emplace_back(node, 0);
    };
    enter(start);
    while (!open.empty()) {
      Node* node = open.back().first;
      const size_t next = open.back().second++;
      if (next < node->inputs.size()) {
        enter(node->inputs[next].node);
      } else {
        order.push_back(node);
        open.pop_back();
      }
    }
  }

  NodeEntry entry_of(const JsonVal& pair) const {
    return {nodes_.at(static_cast<size_t>(pair.list.at(0).num)), pair.list.at(1).num};
  }
  static JsonVal reference(const NodeEntry& entry, const std::map<const Node*, int>& number) {
    JsonVal pair(LIST);
    for (int each : {number.at(entry.node), entry.entry, 0}) pair.list.push_back(JsonVal(each));
    return pair;
  }

  void read_node(const JsonVal& json) {
    const auto member = [&](const char* key) {
      const auto found = json.map.find(JsonVal(key));
      return found == json.map.end() ? JsonVal() : found->second;
    };
    Node* node = addNode(member("name").str, member("op").str);
    for (const JsonVal& input : member("inputs").list) {
      node->inputs.push_back(entry_of(input));
      node->inputs.back().node->outputs.push_back(
          {node, static_cast<int>(node->inputs.size()) - 1});
    }
    for (const auto& entry : member("attrs").map) node->attrs[entry.first.str] = entry.second.str;
    for (const JsonVal& inner : member("subgraphs").list)
      node->subgraphs.push_back(fromJson(inner));
  }
  static JsonVal write_node(const Node& node, const std::map<const Node*, int>& number) {
    JsonVal json(MAP), inputs(LIST), attrs(MAP), inner(LIST);
    for (const NodeEntry& input : node.inputs) inputs.list.push_back(reference(input, number));
    for (const auto& entry : node.attrs) attrs.map[JsonVal(entry.first)] = JsonVal(entry.second);
    for (const Graph* graph : node.subgraphs) inner.list.push_back(graph->toJson());
    json.map[JsonVal("op")] = JsonVal(node.op);
    json.map[JsonVal("name")] = JsonVal(node.name);
    json.map[JsonVal("inputs")] = inputs;
    if (!attrs.map.empty()) json.map[JsonVal("attrs")] = attrs;
    if (!inner.list.empty()) json.map[JsonVal("subgraphs")] = inner;
    return json;
  }

  std::vector<Node*> nodes_;
  PassResource* resource_ = nullptr;
};

}  // namespace ext
}  // namespace mxnet
