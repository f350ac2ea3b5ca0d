#include "ops/control_flow/inner_graph.h"

namespace mx {

void InnerGraph::validate(std::string_view op, std::string_view field, int64_t count) const {
  require(locations_.ndim() == static_cast<int>(size()), op, ": ", field, "=", locations_,
          " does not fit ", size(), " arguments of the graph; expected a number for each");
  for (const int64_t location : locations_)
    require(location >= 0 && location < count, op, ": ", field, "=", locations_,
            " names inputs that are not there; expected numbers below ", count);
}

GraphTypes InnerGraph::infer(ShapeContext& c) const {
  GraphTypes types(outputs());
  for (size_t i = 0; i < size(); ++i) types.at(argument(i), 0).shape = c.in(location(i));
  infer_shapes(types);
  for (size_t i = 0; i < size(); ++i) c.set_in(location(i), types.at(argument(i), 0).shape);
  return types;
}

GraphTypes InnerGraph::infer(DTypeContext& c) const {
  GraphTypes types(outputs());
  for (size_t i = 0; i < size(); ++i) types.at(argument(i), 0).dtype = c.in(location(i));
  infer_dtypes(types);
  for (size_t i = 0; i < size(); ++i) c.set_in(location(i), types.at(argument(i), 0).dtype);
  return types;
}

}  // namespace mx
