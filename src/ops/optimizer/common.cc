#include "ops/optimizer/common.h"

namespace mx::optimizer {

void unify_first(ShapeContext& c, size_t count) {
  Shape common = c.out(0);
  for (size_t i = 0; i < count; ++i) merge_shape(common, c.in(i));
  for (size_t i = 0; i < count; ++i) c.set_in(i, common);
  c.set_out(0, common);
}

void infer_mixed_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(1, c.in(0));
  for (size_t i = 2; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
}

void infer_groups(ShapeContext& c, size_t group) {
  for (size_t o = 0; o < c.num_out(); ++o) {
    Shape common = c.out(o);
    for (size_t i = 0; i < group; ++i) merge_shape(common, c.in(o * group + i));
    for (size_t i = 0; i < group; ++i) c.set_in(o * group + i, common);
    c.set_out(o, common);
  }
}

void infer_group_dtypes(DTypeContext& c, size_t group, bool mixed) {
  for (size_t o = 0; o < c.num_out(); ++o) {
    const size_t first = o * group;
    c.set_out(o, c.in(first));
    c.set_in(first, c.out(o));
    c.set_in(first + 1, c.in(first));
    for (size_t i = 2; i < group; ++i) c.set_in(first + i, mixed ? DType::kFloat32 : c.in(first));
  }
  for (size_t i = c.num_out() * group; i < c.num_in(); ++i)
    if (c.in(i) == DType::kUnknown) c.set_in(i, DType::kFloat32);
}

}  // namespace mx::optimizer
