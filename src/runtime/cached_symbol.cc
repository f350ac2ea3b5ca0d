#include "runtime/cached_symbol.h"

#include <algorithm>
#include <unordered_map>

#include "autograd/autograd.h"

namespace mx {

void CachedOpParam::describe(ParamBuilder<CachedOpParam>& fields) {
  using P = CachedOpParam;
  fields.add("inline_limit", &P::inline_limit, "Accepted; graphs are always compiled as a whole.");
  fields.add("forward_bulk_size", &P::forward_bulk_size, "Accepted; forward is one operation.");
  fields.add("backward_bulk_size", &P::backward_bulk_size,
             "Accepted; backward is cut where gradients become final.");
  fields.add("data_indices", &P::data_indices, "Numbers of the inputs that change at each call.");
  fields.add("param_indices", &P::param_indices, "Numbers of the inputs that change rarely.");
  fields.add("static_alloc", &P::static_alloc, "Accepted; memory is always planned and pooled.");
  fields.add("static_shape", &P::static_shape, "Accepted; each shape is compiled once.");
  fields.add("is_dynamic", &P::is_dynamic, "Whether to run the operators one by one.");
}

CachedSymbol::CachedSymbol(Symbol from, const AttrMap& given)
    : symbol(std::move(from)),
      flags(Params::parse(schema_of<CachedOpParam>(), given, "CachedOp").as<CachedOpParam>()),
      order(topological_order(symbol.outputs())),
      inputs(graph_inputs(symbol.outputs())),
      runs_node_by_node(flags.is_dynamic || needs_node_by_node(order)),
      runs_user_code(has_user_code(order)) {
  std::unordered_map<const Node*, size_t> place;
  for (const auto* list : {&inputs.arguments, &inputs.auxiliary})
    for (const Node* node : *list) place.emplace(node, place.size());
  for (const Node* node : inputs.all) places.push_back(place.at(node));
  for (const auto* list : {&flags.data_indices, &flags.param_indices})
    for (const int64_t i : *list)
      require(i >= 0 && i < static_cast<int64_t>(places.size()),
              "CachedOp: ", list == &flags.data_indices ? "data_indices" : "param_indices",
              " holds ", i, "; expected numbers of the ", places.size(), " inputs");
  for (int64_t i : flags.param_indices) parameters.push_back(places[static_cast<size_t>(i)]);
  std::sort(parameters.begin(), parameters.end());
  for (const Node* node : order) {
    if (node->is_variable()) continue;
    depends_on_mode |= node->op->uses_train_mode;
    starts_gradients |= node->op->ignores_head_gradient;
    runs_node_by_node |= node->op->has_trait("gradient_reads_state");
  }
}

GraphTypes CachedSymbol::infer(std::span<const NDArray> in) const {
  GraphTypes types(symbol.outputs());
  for (size_t i = 0; i < in.size(); ++i)
    types.at(inputs.all[i], 0) = {in[i].shape(), in[i].dtype()};
  infer_shapes(types);
  infer_dtypes(types);
  for (size_t i = 0; i < in.size(); ++i) {
    const TensorType& type = types.at(inputs.all[i], 0);
    require(type.shape == in[i].shape(), "CachedOp: ", inputs.all[i]->name, "=", in[i].shape(),
            " has the wrong shape; expected ", type.shape);
    require(type.dtype == in[i].dtype(), "CachedOp: ", inputs.all[i]->name, "=",
            dtype_name(in[i].dtype()), " has the wrong dtype; expected ", dtype_name(type.dtype));
  }
  return types;
}

std::vector<NDArray> CachedSymbol::for_graph(std::span<const NDArray> in) const {
  std::vector<NDArray> arrays(in.size());
  for (size_t i = 0; i < in.size(); ++i) arrays[places[i]] = autograd::detach(in[i]);
  return arrays;
}

std::vector<NDArray> CachedSymbol::run_eagerly(std::span<const NDArray> in, Device device,
                                               const NodeVisit& visit) const {
  ValueMap<NDArray> values;
  for (size_t i = 0; i < in.size(); ++i) values[{inputs.all[i]->shared_from_this(), 0}] = in[i];
  run_node_by_node(order, values, device, visit);
  std::vector<NDArray> out;
  for (const Value& value : symbol.outputs()) out.push_back(values.at(value));
  return out;
}

}  // namespace mx
