#include "base/dtype.h"

#include <array>

namespace mx {
namespace {

struct DTypeRow {
  DType dtype;
  std::string_view name;
  int64_t size;
};

constexpr std::array<DTypeRow, 9> kRows{{{DType::kFloat32, "float32", 4},
                                         {DType::kFloat64, "float64", 8},
                                         {DType::kFloat16, "float16", 2},
                                         {DType::kUint8, "uint8", 1},
                                         {DType::kInt32, "int32", 4},
                                         {DType::kInt8, "int8", 1},
                                         {DType::kInt64, "int64", 8},
                                         {DType::kBool, "bool", 1},
                                         {DType::kBfloat16, "bfloat16", 2}}};

const DTypeRow* find_row(DType dtype) {
  for (const DTypeRow& row : kRows)
    if (row.dtype == dtype) return &row;
  return nullptr;
}

}  // namespace

int64_t dtype_size(DType dtype) {
  const DTypeRow* row = find_row(dtype);
  internal_check(row != nullptr, "dtype_size: dtype is unknown");
  return row->size;
}

std::string_view dtype_name(DType dtype) {
  const DTypeRow* row = find_row(dtype);
  return row ? row->name : "unknown";
}

DType dtype_from_name(std::string_view name) {
  for (const DTypeRow& row : kRows)
    if (row.name == name) return row.dtype;
  return DType::kUnknown;
}

bool is_dtype_code(int64_t code) {
  for (const DTypeRow& row : kRows)
    if (static_cast<int64_t>(row.dtype) == code) return true;
  return false;
}

}  // namespace mx
