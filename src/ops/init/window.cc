#include "ops/init/window.h"

#include <algorithm>

#include "ir/op.h"

namespace mx {
namespace {

void infer_window(ShapeContext& c) {
  const std::optional<int64_t>& points = c.params<WindowParam>().M;
  require(points.has_value(), c.op_name(), ": M is missing; expected the number of points");
  c.set_out(0, {std::max<int64_t>(*points, 0)});
}

OpBuilder window(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<WindowParam>()
      .infer_shape(infer_window)
      .infer_dtype([](DTypeContext& c) { c.set_out(0, c.params<WindowParam>().dtype); })
      .not_differentiable("the result is a constant");
}

const OpBuilder blackman =
    window("_npi_blackman", "0.42 - 0.5 cos(x) + 0.08 cos(2 x) with x from 0 to 2 pi.");
const OpBuilder hamming = window("_npi_hamming", "0.54 - 0.46 cos(x) with x from 0 to 2 pi.");
const OpBuilder hanning = window("_npi_hanning", "0.5 - 0.5 cos(x) with x from 0 to 2 pi.");

}  // namespace
}  // namespace mx
