// take and Embedding, which is take along the first axis of a weight.
#include "ops/indexing/take.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_take(ShapeContext& c) {
  if (!c.in(0).has_rank() || !c.in(1).has_rank()) return;
  const Shape& a = c.in(0);
  const int axis = normalize_axis(c.params<TakeParam>().axis, a.ndim(), c.op_name());
  Shape out = Shape({});
  for (int i = 0; i < axis; ++i) out.push_back(a[i]);
  for (int64_t size : c.in(1)) out.push_back(size);
  for (int i = axis + 1; i < a.ndim(); ++i) out.push_back(a[i]);
  c.set_out(0, out);
}

/// The array that is taken from and the result have one dtype; indices may have any.
template <size_t array, size_t indices>
void infer_take_dtype(DTypeContext& c) {
  c.set_out(0, c.in(array));
  c.set_in(array, c.out(0));
  if (c.in(indices) == DType::kUnknown) c.set_in(indices, DType::kFloat32);
}

void infer_take_backward(ShapeContext& c) { c.set_out(0, c.params<TakeBackwardParam>().shape); }

void infer_take_backward_storage(StorageContext& c) {
  if (c.params<TakeBackwardParam>().sparse) c.set_out(0, StorageKind::kRowSparse);
}

/// Rows of a CSR matrix make a CSR matrix.
void infer_take_storage(StorageContext& c) {
  const auto& p = c.params<TakeParam>();
  if (c.in(0) == StorageKind::kCsr && c.is_dense(1) && p.axis == 0 && p.mode != TakeMode::kRaise)
    c.set_out(0, StorageKind::kCsr);
}

void infer_embedding(ShapeContext& c) {
  const auto& p = c.params<EmbeddingParam>();
  c.set_in(1, {p.input_dim, p.output_dim});
  if (c.in(0).has_rank()) {
    Shape out = c.in(0);
    out.push_back(p.output_dim);
    c.set_out(0, out);
  }
  if (c.out(0).ndim() < 1) return;
  Shape data = Shape({});
  for (int i = 0; i + 1 < c.out(0).ndim(); ++i) data.push_back(c.out(0)[i]);
  c.set_in(0, data);
}

void infer_embedding_dtype(DTypeContext& c) {
  c.set_out(0, c.in(1));
  c.set_in(1, c.out(0));
  if (c.in(1) == DType::kUnknown) {
    c.set_in(1, c.params<EmbeddingParam>().dtype);
    c.set_out(0, c.in(1));
  }
  if (c.in(0) == DType::kUnknown) c.set_in(0, c.in(1));
}

void take_gradient(GradContext& g) {
  const auto& p = g.params<TakeParam>();
  g.set(0, g.call("_backward_take", {g.d_out(), g.in(1)},
                  TakeBackwardParam{p.axis, p.mode, g.in_shape(0), false}));
}

void embedding_gradient(GradContext& g) {
  g.set(1, g.call("_backward_take", {g.d_out(), g.in(0)},
                  TakeBackwardParam{0, TakeMode::kClip, g.in_shape(1),
                                    g.params<EmbeddingParam>().sparse_grad}));
}

void take_backward_gradient(GradContext& g) {
  const auto& p = g.params<TakeBackwardParam>();
  g.set(0, g.call("take", {g.d_out(), g.in(1)}, TakeParam{p.axis, p.mode}));
}

const OpBuilder take = OpBuilder("take")
                           .trait("method", "take")
                           .alias("_npi_take")
                           .doc("Elements of a along an axis, picked by indices.")
                           .params<TakeParam>()
                           .input("a", "Array of any shape.")
                           .input("indices", "Indices of any shape.")
                           .infer_shape(infer_take)
                           .infer_dtype(infer_take_dtype<0, 1>)
                           .infer_storage(infer_take_storage)
                           .gradient(take_gradient);

const OpBuilder embedding = OpBuilder("Embedding")
                                .alias("_npx_embedding")
                                .alias("_sparse_Embedding")
                                .doc("Rows of weight, picked by indices.")
                                .params<EmbeddingParam>()
                                .input("data", "Indices of any shape; clipped to the rows.")
                                .parameter("weight", "Array of shape (input_dim, output_dim).")
                                .infer_shape(infer_embedding)
                                .infer_dtype(infer_embedding_dtype)
                                .gradient(embedding_gradient);

/// Its gradient is row-sparse, whatever sparse_grad says, as 1.9.1 has it.
const OpBuilder sparse_embedding =
    OpBuilder("_contrib_SparseEmbedding")
        .doc("Embedding with a row-sparse gradient of weight.")
        .params<EmbeddingParam>()
        .input("data", "Indices of any shape; clipped to the rows.")
        .parameter("weight", "Array of shape (input_dim, output_dim).")
        .infer_shape(infer_embedding)
        .infer_dtype(infer_embedding_dtype)
        .decomposition([](DecomposeContext& c) {
          EmbeddingParam p = c.params<EmbeddingParam>();
          p.sparse_grad = true;
          c.set(0, c.call("Embedding", {c.in(0), c.in(1)}, p));
        });

const OpBuilder take_backward = OpBuilder("_backward_take")
                                    .doc("Gradient of take: rows summed where they came from.")
                                    .params<TakeBackwardParam>()
                                    .input("d_out")
                                    .input("indices")
                                    .infer_shape(infer_take_backward)
                                    .infer_dtype(infer_take_dtype<0, 1>)
                                    .infer_storage(infer_take_backward_storage)
                                    .gradient(take_backward_gradient);

}  // namespace
}  // namespace mx
