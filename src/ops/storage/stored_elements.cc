// What a CSR matrix stores: how many elements, and which at given places.
#include "ops/storage/stored_elements.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_getnnz(ShapeContext& c) {
  const auto& axis = c.params<GetnnzParam>().axis;
  require(!axis || *axis == 0 || *axis == 1, c.op_name(), ": axis=", axis.value_or(0),
          " is no axis of a matrix; expected None, 0 or 1");
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() != 2) c.fail_in(0, "has ", data.ndim(), " axes; expected a matrix");
  c.set_out(0, {axis ? data[static_cast<int>(1 - *axis)] : 1});
}

void infer_edge_id(ShapeContext& c) {
  if (c.in(0).has_rank() && c.in(0).ndim() != 2)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected a matrix");
  c.set_in(1, Shape{Shape::kUnknownDim});
  c.set_in(2, c.in(1));
  c.set_in(1, c.in(2));
  c.set_out(0, c.in(1));
}

void infer_edge_id_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  for (size_t i : {1u, 2u})
    if (c.in(i) == DType::kUnknown) c.set_in(i, DType::kInt64);
}

const OpBuilder getnnz = OpBuilder("_contrib_getnnz")
                             .doc("Number of stored elements of a CSR matrix, zeros included.")
                             .params<GetnnzParam>()
                             .input("data", "CSR matrix.")
                             .infer_shape(infer_getnnz)
                             .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kInt64); })
                             .zero_gradient("counts do not change with the elements");

const OpBuilder edge_id =
    OpBuilder("_contrib_edge_id")
        .doc("Elements (u[i], v[i]) of a CSR matrix; -1 where none is stored.")
        .input("data", "CSR matrix, such as the numbers of the edges from u to v.")
        .input("u", "Rows.")
        .input("v", "Columns.")
        .infer_shape(infer_edge_id)
        .infer_dtype(infer_edge_id_dtype)
        .zero_gradient("they are numbers of edges");

}  // namespace
}  // namespace mx
