#include "ir/shape_meaning.h"

#include <utility>

namespace mx {
namespace {

thread_local bool numpy_shapes_active = false;

}  // namespace

bool numpy_shapes() { return numpy_shapes_active; }

bool set_numpy_shapes(bool active) { return std::exchange(numpy_shapes_active, active); }

Shape shape_from_written(Shape written) {
  if (!numpy_shapes() && written.empty()) return {};
  const int64_t first_known = numpy_shapes() ? 0 : 1;
  for (int64_t& size : written)
    if (size < first_known) size = Shape::kUnknownDim;
  return written;
}

Shape shape_to_written(Shape shape) {
  if (numpy_shapes()) return shape;
  if (!shape.has_rank()) return Shape({});
  for (int64_t& size : shape)
    if (size < 0) size = 0;
  return shape;
}

void set_written_shape(ShapeContext& context, const Shape& written) {
  for (const int64_t size : written)
    require(size >= -1, context.op_name(), ": shape=", written,
            " has a negative size; expected sizes of at least 0");
  const Shape shape = shape_from_written(written);
  if (shape.has_rank()) context.set_out(0, shape);
}

}  // namespace mx
