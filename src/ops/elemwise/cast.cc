// Conversion to another dtype.
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
                           .inplace(0, 0)
                           .gradient(cast_gradient);

}  // namespace
}  // namespace mx::elemwise
