#pragma once
#include <map>
#include <string>

#include "autograd/node_by_node.h"
#include "ir/symbol.h"

namespace mx {

/// Where the operators of a symbol run: those with an attribute `ctx_group` on the device of that
/// group, others where the first of their inputs is computed, else on `device`. Empty when all run
/// on `device`. Groups without a device count as no group.
NodeDevices place_groups(const Symbol& symbol, const std::map<std::string, Device>& groups,
                         Device device);

}  // namespace mx
