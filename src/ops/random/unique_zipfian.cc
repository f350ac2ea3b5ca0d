#include "ops/random/unique_zipfian.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_zipfian_shape(ShapeContext& c) {
  const Shape& shape = *c.params<UniqueZipfianParam>().shape;
  c.set_out(0, shape);
  c.set_out(1, Shape{shape[0]});
}

const OpBuilder zipfian =
    OpBuilder("_sample_unique_zipfian")
        .doc(
            "Rows of different classes, the first ones most often (Zipf's law), and how many "
            "draws each row took.")
        .params<UniqueZipfianParam>()
        .num_outputs([](const Params&) { return 2u; })
        .infer_shape(infer_zipfian_shape)
        .infer_dtype([](DTypeContext& c) {
          for (size_t i : {0u, 1u}) c.set_out(i, DType::kInt64);
        })
        .random()
        .not_differentiable("classes are random");

}  // namespace
}  // namespace mx
