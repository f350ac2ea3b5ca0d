#pragma once
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/float16.h"

namespace mx {

/// Element type. The numbers are those of MXNet's files and C API.
enum class DType : int8_t {
  kUnknown = -1,
  kFloat32 = 0,
  kFloat64 = 1,
  kFloat16 = 2,
  kUint8 = 3,
  kInt32 = 4,
  kInt8 = 5,
  kInt64 = 6,
  kBool = 7,
  kBfloat16 = 12,
};

/// Bytes of one element. Throws: internal error for kUnknown.
int64_t dtype_size(DType dtype);
/// NumPy's name, for instance "float32"; "unknown" for kUnknown.
std::string_view dtype_name(DType dtype);
/// The dtype of that name, or kUnknown.
DType dtype_from_name(std::string_view name);
/// Whether the number is one of DType's.
bool is_dtype_code(int64_t code);

inline bool is_floating(DType d) {
  return d == DType::kFloat32 || d == DType::kFloat64 || d == DType::kFloat16 ||
         d == DType::kBfloat16;
}
inline bool is_integer(DType d) {
  return d == DType::kUint8 || d == DType::kInt32 || d == DType::kInt8 || d == DType::kInt64;
}

template <typename T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::kFloat32;
};
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::kFloat64;
};
template <>
struct DTypeOf<float16> {
  static constexpr DType value = DType::kFloat16;
};
template <>
struct DTypeOf<bfloat16> {
  static constexpr DType value = DType::kBfloat16;
};
template <>
struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::kUint8;
};
template <>
struct DTypeOf<int8_t> {
  static constexpr DType value = DType::kInt8;
};
template <>
struct DTypeOf<int32_t> {
  static constexpr DType value = DType::kInt32;
};
template <>
struct DTypeOf<int64_t> {
  static constexpr DType value = DType::kInt64;
};
template <>
struct DTypeOf<bool> {
  static constexpr DType value = DType::kBool;
};

/// Type in which values of T are computed: float for the half types, T otherwise.
template <typename T>
struct ComputeTypeOf {
  using type = T;
};
template <>
struct ComputeTypeOf<float16> {
  using type = float;
};
template <>
struct ComputeTypeOf<bfloat16> {
  using type = float;
};
template <typename T>
using ComputeType = typename ComputeTypeOf<T>::type;

/// Type in which sums over values of T accumulate.
template <typename T>
struct AccumulateTypeOf {
  using type = ComputeType<T>;
};
template <>
struct AccumulateTypeOf<uint8_t> {
  using type = int64_t;
};
template <>
struct AccumulateTypeOf<int8_t> {
  using type = int64_t;
};
template <>
struct AccumulateTypeOf<int32_t> {
  using type = int64_t;
};
template <>
struct AccumulateTypeOf<bool> {
  using type = int64_t;
};
template <typename T>
using AccumulateType = typename AccumulateTypeOf<T>::type;

/// A value that carries a type, for the generic lambdas below.
template <typename T>
struct TypeTag {
  using type = T;
};

/// Calls f(TypeTag<T>{}) for a floating dtype. `who` names the operator in the error.
template <typename F>
decltype(auto) visit_floating(DType dtype, std::string_view who, F&& f) {
  switch (dtype) {
    case DType::kFloat32:
      return f(TypeTag<float>{});
    case DType::kFloat64:
      return f(TypeTag<double>{});
    case DType::kFloat16:
      return f(TypeTag<float16>{});
    case DType::kBfloat16:
      return f(TypeTag<bfloat16>{});
    default:
      fail(ErrorKind::kType, who, ": dtype=", dtype_name(dtype),
           " is not supported; expected float16, bfloat16, float32 or float64");
  }
}

/// Calls f(TypeTag<T>{}) for any dtype; bool arrives as uint8_t's sibling `bool`.
template <typename F>
decltype(auto) visit_dtype(DType dtype, std::string_view who, F&& f) {
  switch (dtype) {
    case DType::kUint8:
      return f(TypeTag<uint8_t>{});
    case DType::kInt8:
      return f(TypeTag<int8_t>{});
    case DType::kInt32:
      return f(TypeTag<int32_t>{});
    case DType::kInt64:
      return f(TypeTag<int64_t>{});
    case DType::kBool:
      return f(TypeTag<bool>{});
    default:
      return visit_floating(dtype, who, static_cast<F&&>(f));
  }
}

/// Calls f(TypeTag<U>{}) with the unsigned integer as wide as dtype: for kernels that only move.
template <typename F>
decltype(auto) visit_width(DType dtype, F&& f) {
  switch (dtype_size(dtype)) {
    case 1:
      return f(TypeTag<uint8_t>{});
    case 2:
      return f(TypeTag<uint16_t>{});
    case 4:
      return f(TypeTag<uint32_t>{});
    default:
      return f(TypeTag<uint64_t>{});
  }
}

}  // namespace mx
