// mx.np's choices between two arrays or numbers, which are broadcast.
// lint: no-kernel (they are broadcasts and where)
#include "ops/elemwise/numpy_where.h"

#include "ops/elemwise/common.h"
#include "ops/init/fill.h"

namespace mx::elemwise {
namespace {

Shape broadcast_inputs(const ShapeContext& c) {
  Shape all({});
  for (size_t i = 0; i < c.num_in(); ++i) {
    if (!c.in(i).has_rank()) return {};
    all = broadcast_shapes(all, c.in(i), c.op_name());
  }
  return all;
}

void infer_where_shape(ShapeContext& c) {
  if (const Shape all = broadcast_inputs(c); all.has_rank()) c.set_out(0, all);
}

/// All but the condition have one dtype.
void infer_where_dtype(DTypeContext& c) {
  for (size_t i = 1; i < c.num_in(); ++i) c.set_out(0, c.in(i));
  for (size_t i = 1; i < c.num_in(); ++i) c.set_in(i, c.out(0));
}

/// Input i in the shape of the result.
Value broadcast_input(DecomposeContext& c, size_t i) {
  Shape all({});
  for (size_t k = 0; k < c.num_in(); ++k) all = broadcast_shapes(all, c.in_shape(k), "_npi_where");
  if (all == c.in_shape(i)) return c.in(i);
  return c.call("_npi_broadcast_to", {c.in(i)}, ShapeParam{all});
}

Value full_like(DecomposeContext& c, const Value& like, double value,
                std::optional<DType> dtype = std::nullopt) {
  FullLikeParam p;
  p.fill_value = value;
  p.dtype = dtype;
  return c.call("_npi_full_like", {like}, p);
}

OpBuilder choice(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("condition", "Array of any dtype; where it is not zero the first is chosen.")
      .infer_shape(infer_where_shape)
      .infer_dtype(infer_where_dtype);
}

const OpBuilder where =
    choice("_npi_where", "x where condition is not zero, else y; all three are broadcast.")
        .input("x", "Array that can be broadcast.")
        .input("y", "Array of the dtype of x that can be broadcast.")
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.call("where",
                          {broadcast_input(c, 0), broadcast_input(c, 1), broadcast_input(c, 2)}));
        });

const OpBuilder where_left =
    choice("_npi_where_lscalar", "A number where condition is not zero, else x.")
        .params<WhereScalarParam>()
        .input("x", "Array that can be broadcast.")
        .decomposition([](DecomposeContext& c) {
          const Value x = broadcast_input(c, 1);
          const Value number = full_like(c, x, c.params<WhereScalarParam>().scalar);
          c.set(0, c.call("where", {broadcast_input(c, 0), number, x}));
        });

const OpBuilder where_right =
    choice("_npi_where_rscalar", "y where condition is not zero, else a number.")
        .params<WhereScalarParam>()
        .input("y", "Array that can be broadcast.")
        .decomposition([](DecomposeContext& c) {
          const Value y = broadcast_input(c, 1);
          const Value number = full_like(c, y, c.params<WhereScalarParam>().scalar);
          c.set(0, c.call("where", {broadcast_input(c, 0), y, number}));
        });

const OpBuilder where_scalars =
    choice("_npi_where_scalar2", "One number where condition is not zero, else another; float32.")
        .params<WhereScalarsParam>()
        .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kFloat32); })
        .decomposition([](DecomposeContext& c) {
          const auto& p = c.params<WhereScalarsParam>();
          c.set(0, c.call("where", {c.in(0), full_like(c, c.in(0), p.x, DType::kFloat32),
                                    full_like(c, c.in(0), p.y, DType::kFloat32)}));
        });

}  // namespace
}  // namespace mx::elemwise
