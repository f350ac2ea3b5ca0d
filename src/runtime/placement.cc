#include "runtime/placement.h"

#include <optional>

#include "ir/attributes.h"

namespace mx {

NodeDevices place_groups(const Symbol& symbol, const std::map<std::string, Device>& groups,
                         Device device) {
  NodeDevices devices;
  bool differ = false;
  const std::string key = stored_key("ctx_group");
  for (const Node* node : topological_order(symbol.outputs())) {
    if (node->is_variable()) continue;
    const auto attribute = node->attrs.find(key);
    const auto group =
        attribute == node->attrs.end() ? groups.end() : groups.find(attribute->second);
    std::optional<Device> place;
    if (group != groups.end()) place = group->second;
    for (const Value& input : node->inputs)
      if (const auto found = devices.find(input.node.get()); !place && found != devices.end())
        place = found->second;
    devices[node] = place.value_or(device);
    differ |= !(devices[node] == device);
  }
  return differ ? devices : NodeDevices();
}

}  // namespace mx
