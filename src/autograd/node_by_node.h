#pragma once
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "autograd/custom_operator.h"
#include "ir/graph.h"
#include "ndarray/ndarray.h"

namespace mx {

/// The objects of a graph's custom operators, kept from run to run.
using CustomStates = std::unordered_map<const Node*, autograd::CustomState>;

/// Where operators run, for those that do not run where the others do.
using NodeDevices = std::unordered_map<const Node*, Device>;

/// The array if it is on the device, else a copy there, on the tape while the thread records.
NDArray on_device(const NDArray& array, Device device);

/// Told of each operator that has run, with its inputs and outputs.
using NodeVisit = std::function<void(const NodePtr& node, std::span<const NDArray> in,
                                     std::span<const NDArray> out)>;

/// Gives the outputs of an operator in its place, on the tape while recording; false where the
/// operator is to run.
using NodeAnswer = std::function<bool(const NodePtr& node, std::span<const NDArray> in,
                                      std::vector<NDArray>& out)>;

/// Applies the operators of a graph one by one, as eager code does: on the tape while the thread
/// records, in its training mode. `order` holds every node behind its inputs; `values` the arrays
/// of the variables, to which the results are added. With `states` a custom operator keeps its
/// object. `answer` is asked before each operator. With `devices` inputs are copied to where their
/// operator runs. Errors as those of the operators.
void run_node_by_node(const std::vector<Node*>& order, ValueMap<NDArray>& values, Device device,
                      const NodeVisit& visit = {}, CustomStates* states = nullptr,
                      const NodeAnswer& answer = {}, const NodeDevices& devices = {});

/// Whether a graph must be run so: an operator's output has a shape that follows from data, or
/// copies of an operator on several devices meet (trait "meets": the parameter that counts them).
bool needs_node_by_node(const std::vector<Node*>& order);
/// Whether an operator runs the user's code.
bool has_user_code(const std::vector<Node*>& order);

}  // namespace mx
