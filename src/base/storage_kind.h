#pragma once
#include <cstdint>
#include <string_view>

namespace mx {

/// How an array is stored. The numbers are those of .params files.
enum class StorageKind : int32_t {
  kDefault = 0,    ///< dense: every element
  kRowSparse = 1,  ///< some rows (along the first axis) and their numbers; the others are zero
  kCsr = 2,        ///< a matrix: of each row some elements and their columns
};

/// "default", "row_sparse" or "csr".
inline std::string_view storage_name(StorageKind kind) {
  constexpr std::string_view names[] = {"default", "row_sparse", "csr"};
  return names[static_cast<int>(kind)];
}

}  // namespace mx
