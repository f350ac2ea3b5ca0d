// Conversion between storage kinds. The storage fallback converts with it, so it has a kernel for
// each pair with a dense side; csr and row_sparse meet by way of a dense copy.
#include "ops/storage/cast_storage.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_cast_shape(ShapeContext& c) {
  c.unify_all();
  const Shape& shape = c.in(0);
  if (!shape.has_rank()) return;
  const StorageKind kind = c.params<CastStorageParam>().stype;
  if (kind == StorageKind::kCsr && shape.ndim() != 2)
    c.fail_in(0, "cannot be stored as csr; expected two dimensions");
  if (kind == StorageKind::kRowSparse && shape.ndim() == 0)
    c.fail_in(0, "cannot be stored as row_sparse; expected at least one dimension");
}

const OpBuilder cast_storage =
    OpBuilder("cast_storage")
        .alias("_sparse_cast_storage")
        .doc("data in another storage kind.")
        .params<CastStorageParam>()
        .input("data", "Array of any shape; of two dimensions for csr.")
        .infer_shape(infer_cast_shape)
        .infer_storage([](StorageContext& c) { c.set_out(0, c.params<CastStorageParam>().stype); })
        .gradient([](GradContext& g) { g.set(0, g.d_out()); });

}  // namespace
}  // namespace mx
