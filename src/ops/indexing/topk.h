#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

enum class TopKReturn : int32_t { kValue, kIndices, kMask, kBoth };

struct TopKParam {
  std::optional<int64_t> axis = -1;
  int64_t k = 1;
  TopKReturn ret_typ = TopKReturn::kIndices;
  bool is_ascend = false;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<TopKParam>& fields) {
    fields.add("axis", &TopKParam::axis, "The axis to search; data is flattened when None.");
    fields.add("k", &TopKParam::k, "How many elements; all when less than 1.");
    fields.add("ret_typ", &TopKParam::ret_typ, "What is returned.")
        .choice("both", TopKReturn::kBoth)
        .choice("indices", TopKReturn::kIndices)
        .choice("mask", TopKReturn::kMask)
        .choice("value", TopKReturn::kValue);
    fields.add("is_ascend", &TopKParam::is_ascend, "Whether the smallest are wanted.");
    fields.add("dtype", &TopKParam::dtype, "Type of the indices.");
  }
};

struct SortParam {
  std::optional<int64_t> axis = -1;
  bool is_ascend = true;
  static void describe(ParamBuilder<SortParam>& fields) {
    fields.add("axis", &SortParam::axis, "The axis to sort; data is flattened when None.");
    fields.add("is_ascend", &SortParam::is_ascend, "Whether the smallest comes first.");
  }
};

struct ArgsortParam {
  std::optional<int64_t> axis = -1;
  bool is_ascend = true;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<ArgsortParam>& fields) {
    fields.add("axis", &ArgsortParam::axis, "The axis to sort; data is flattened when None.");
    fields.add("is_ascend", &ArgsortParam::is_ascend, "Whether the smallest comes first.");
    fields.add("dtype", &ArgsortParam::dtype, "Type of the indices.");
  }
};

/// For the gradients: indices along `axis` of an array of `shape`, or of all of it when None.
struct AlongAxisParam {
  std::optional<int64_t> axis = -1;
  Shape shape = Shape({});
  static void describe(ParamBuilder<AlongAxisParam>& fields) {
    fields.add("axis", &AlongAxisParam::axis, "The axis that the indices count along.");
    fields.add("shape", &AlongAxisParam::shape, "Shape of the result.");
  }
};

}  // namespace mx
