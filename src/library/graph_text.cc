#include "library/graph_text.h"

#include "ir/infer_graph.h"
#include "ir/symbol_json.h"

namespace mx::library {
namespace {

constexpr const char kShapeKey[] = "__ext_shape__";
constexpr const char kDtypeKey[] = "__ext_dtype__";

std::string list_of(const std::vector<std::string>& entries) {
  std::string text = "[";
  for (const std::string& entry : entries) text += (text.size() > 1 ? "," : "") + entry;
  return text + "]";
}

/// Types of all nodes, as far as they follow from what is known.
GraphTypes inferred(const Symbol& symbol, const OptimizeRequest& request) {
  GraphTypes types(symbol.outputs());
  std::map<std::string, TensorType> known;
  for (const auto& [name, shape] : request.shapes) known[name].shape = shape;
  for (const auto& [name, dtype] : request.dtypes) known[name].dtype = dtype;
  for (const NamedArrays* arrays : {&request.parameters, &request.states})
    for (const auto& [name, array] : *arrays)
      known[name] = {array.shape(), array.dtype(), StorageKind::kDefault};
  for (Node* node : types.order())
    if (const auto found = known.find(node->name); node->is_variable() && found != known.end())
      types.at(node, 0) = found->second;
  infer_shapes(types);
  infer_dtypes(types);
  default_dtypes(types);
  return types;
}

void write_types(Node& node, const GraphTypes& types) {
  std::vector<std::string> shapes, dtypes;
  for (uint32_t i = 0; i < node.num_outputs(); ++i) {
    const TensorType& type = types.at(&node, i);
    std::vector<std::string> dims;
    if (!type.shape.is_known()) return;
    for (int axis = 0; axis < type.shape.ndim(); ++axis)
      dims.push_back(std::to_string(type.shape[axis]));
    shapes.push_back(list_of(dims));
    dtypes.push_back(std::to_string(static_cast<int>(type.dtype)));
  }
  node.attrs[kShapeKey] = list_of(shapes);
  node.attrs[kDtypeKey] = list_of(dtypes);
}

}  // namespace

CArrays::CArrays(const NamedArrays& arrays) {
  dims_.reserve(arrays.size());
  for (const auto& [name, array] : arrays) {
    array.wait_to_read();
    names.push_back(name.c_str());
    dims_.emplace_back(array.shape().begin(), array.shape().end());
    shapes.push_back(dims_.back().data());
    ndim.push_back(array.shape().ndim());
    dtypes.push_back(static_cast<int>(array.dtype()));
    data.push_back(array.data());
    versions.push_back(0);
    devices.push_back(array.device().is_host() ? "cpu" : "gpu");
    device_ids.push_back(array.device().id);
  }
}

std::string graph_text(const Symbol& symbol, const OptimizeRequest& request) {
  if (!request.infer) return symbol_to_json(symbol);
  const Symbol copy = symbol.copy();
  const GraphTypes types = inferred(copy, request);
  for (Node* node : types.order()) write_types(*node, types);
  return symbol_to_json(copy);
}

Symbol graph_from_text(const std::string& text, const std::string& who) {
  Symbol symbol = symbol_from_json(text, who);
  for (Node* node : topological_order(symbol.outputs())) {
    node->attrs.erase(kShapeKey);
    node->attrs.erase(kDtypeKey);
  }
  return symbol;
}

}  // namespace mx::library
