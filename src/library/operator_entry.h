#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "library/library.h"

namespace mx::library {

/// What a library says of one of its operators.
struct OperatorEntry {
  std::shared_ptr<const Library> library;
  std::string name;
  bool is_subgraph_op = false;
  /// By device name: "cpu", "gpu".
  std::map<std::string, UserFunction> forward, backward, create;
  UserFunction parse = nullptr, infer_dtype = nullptr, infer_storage = nullptr,
               infer_shape = nullptr, mutate_inputs = nullptr;

  bool is_stateful() const { return !create.empty(); }
};

/// Reads operator `index` of a library.
OperatorEntry read_operator(const std::shared_ptr<const Library>& library, int index);

}  // namespace mx::library
