#pragma once
#include <memory>
#include <string>
#include <vector>

#include "library/library.h"

namespace mx::library {

/// Registers the operators of a library. Returns their names.
std::vector<std::string> register_operators(const std::shared_ptr<const Library>& library);

}  // namespace mx::library
