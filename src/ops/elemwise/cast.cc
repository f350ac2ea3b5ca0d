// Conversion to another dtype, also as mixed precision wants it: floating arrays only.
#include "ops/elemwise/cast.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void cast_dtype(DTypeContext& c) { c.set_out(0, c.params<CastParam>().dtype); }

void cast_gradient(GradContext& g) { g.set(0, cast_to_input(g, g.d_out())); }

const OpBuilder cast = OpBuilder("Cast")
                           .alias("_npi_cast")
                           .alias("_npx_cast")
                           .alias("cast")
                           .doc("data in another dtype; conversion to an integer cuts towards 0.")
                           .params<CastParam>()
                           .input("data", "Array of any shape.")
                           .infer_dtype(cast_dtype)
                           .keeps_zeros()
                           .infer_storage([](StorageContext&) {})  // dense, as in 1.9.1
                           .inplace(0, 0)
                           .gradient(cast_gradient);

/// Only floating arrays change.
void amp_cast_dtype(DTypeContext& c) {
  if (c.in(0) != DType::kUnknown)
    c.set_out(0, is_floating(c.in(0)) ? c.params<CastParam>().dtype : c.in(0));
}

/// Floating dtypes by how many values they hold; 0 for others.
int width_of(DType dtype) {
  switch (dtype) {
    case DType::kBfloat16:
      return 1;
    case DType::kFloat16:
      return 2;
    case DType::kFloat32:
      return 3;
    case DType::kFloat64:
      return 4;
    default:
      return 0;
  }
}

void amp_multicast_dtype(DTypeContext& c) {
  const bool narrow = c.params<AmpMulticastParam>().cast_narrow;
  DType common = DType::kUnknown;
  for (size_t i = 0; i < c.num_in(); ++i) {
    if (c.in(i) == DType::kUnknown) return;
    if (!is_floating(c.in(i))) continue;
    const bool better =
        narrow ? width_of(c.in(i)) < width_of(common) : width_of(c.in(i)) > width_of(common);
    if (common == DType::kUnknown || better) common = c.in(i);
  }
  for (size_t i = 0; i < c.num_in(); ++i) c.set_out(i, is_floating(c.in(i)) ? common : c.in(i));
}

void pairwise_shape(ShapeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) {
    c.set_out(i, c.in(i));
    c.set_in(i, c.out(i));
  }
}

const OpBuilder amp_cast = OpBuilder("amp_cast")
                               .doc("data in another dtype if it is floating, else as it is.")
                               .params<CastParam>()
                               .input("data", "Array of any shape.")
                               .infer_dtype(amp_cast_dtype)
                               .inplace(0, 0)
                               .gradient(cast_gradient);

const OpBuilder amp_multicast =
    OpBuilder("amp_multicast")
        .doc("Arrays in one floating dtype, the widest among them; others stay as they are.")
        .params<AmpMulticastParam>()
        .variadic("num_outputs", "data_")
        .num_outputs([](const Params& p) {
          return static_cast<uint32_t>(p.as<AmpMulticastParam>().num_outputs);
        })
        .infer_shape(pairwise_shape)
        .infer_dtype(amp_multicast_dtype)
        .gradient([](GradContext& g) {
          for (size_t i = 0; i < g.num_in(); ++i)
            if (g.has_d_out(i)) g.set(i, g.cast(g.d_out(i), g.in_dtype(i)));
        });

}  // namespace
}  // namespace mx::elemwise
