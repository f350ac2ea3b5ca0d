#include "library/operator_entry.h"

namespace mx::library {
namespace {

std::map<std::string, UserFunction> by_device(const char** devices, UserFunction* functions,
                                              int count) {
  std::map<std::string, UserFunction> result;
  for (int i = 0; i < count; ++i) result[devices[i]] = functions[i];
  return result;
}

}  // namespace

OperatorEntry read_operator(const std::shared_ptr<const Library>& library, int index) {
  OperatorEntry entry;
  entry.library = library;
  const char *name = nullptr, **forward_devices = nullptr, **backward_devices = nullptr,
             **create_devices = nullptr;
  UserFunction *forward = nullptr, *backward = nullptr, *create = nullptr;
  int is_subgraph_op = 0, num_forward = 0, num_backward = 0, num_create = 0;
  library->function<GetOperator>("_opRegGet")(
      index, &name, &is_subgraph_op, &forward_devices, &forward, &num_forward, &backward_devices,
      &backward, &num_backward, &create_devices, &create, &num_create, &entry.parse,
      &entry.infer_dtype, &entry.infer_storage, &entry.infer_shape, &entry.mutate_inputs);
  entry.name = name;
  entry.is_subgraph_op = is_subgraph_op != 0;
  entry.forward = by_device(forward_devices, forward, num_forward);
  entry.backward = by_device(backward_devices, backward, num_backward);
  entry.create = by_device(create_devices, create, num_create);
  const auto require_function = [&](bool there, std::string_view what) {
    require(there, "library.load: ", entry.name, " of ", library->path(), " has no ", what,
            "; expected one");
  };
  require_function(!entry.forward.empty() || entry.is_stateful(), "forward or create function");
  if (entry.is_subgraph_op) return entry;
  require_function(entry.parse, "function for its attributes");
  require_function(entry.infer_dtype, "function for dtypes");
  require_function(entry.infer_shape, "function for shapes");
  return entry;
}

}  // namespace mx::library
