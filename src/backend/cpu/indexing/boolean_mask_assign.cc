// Values go, in their order, where a mask is not zero.
#include "ops/indexing/boolean_mask_assign.h"

#include <cstring>
#include <vector>

#include "backend/common/broadcast_plan.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Places of the mask that are not zero.
std::vector<int64_t> chosen_places(const Tensor& mask) {
  std::vector<int64_t> places;
  visit_dtype(mask.dtype, "_npi_boolean_mask_assign_tensor", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < mask.size(); ++i)
      if (mask.as<T>()[i] != T(0)) places.push_back(i);
  });
  return places;
}

/// data's shape with one axis of `count` in place of the masked ones.
Shape chosen_shape(const Shape& data, int start_axis, int masked, int64_t count) {
  Shape shape({});
  for (int i = 0; i < start_axis; ++i) shape.push_back(data[i]);
  shape.push_back(count);
  for (int i = start_axis + masked; i < data.ndim(); ++i) shape.push_back(data[i]);
  return shape;
}

void assign(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Tensor &data = in[0], &mask = in[1], &value = in[2];
  const int start_axis = params.as<MaskAssignParam>().start_axis;
  if (out[0].data != data.data)
    std::memcpy(out[0].data, data.data, static_cast<size_t>(data.size() * dtype_size(data.dtype)));
  const std::vector<int64_t> places = chosen_places(mask);
  const auto count = static_cast<int64_t>(places.size());
  const Shape chosen = chosen_shape(data.shape, start_axis, mask.ndim(), count);
  const int axis = start_axis - (chosen.ndim() - value.ndim());
  const int64_t given = axis < 0 ? 1 : value.shape[axis];
  require(given == 1 || given == count, "_npi_boolean_mask_assign_tensor: value=", value.shape,
          " has ", given, " values for the ", count, " places that mask chooses; expected ", count,
          " or 1");
  if (chosen.size() == 0) return;
  const BroadcastPlan<1> plan(chosen, {&value.shape});
  const int64_t below = data.shape.size(start_axis + mask.ndim(), data.ndim());
  visit_width(data.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (int64_t i = 0; i < chosen.size(); ++i) {
      const int64_t slice = i / below, place = places[static_cast<size_t>(slice % count)];
      const int64_t to = (slice / count * mask.size() + place) * below + i % below;
      out[0].as<T>()[to] = value.as<T>()[plan.at(i)[0]];
    }
  });
}

const KernelBuilder k1 = KernelBuilder("_npi_boolean_mask_assign_tensor", "native").run(assign);

}  // namespace
}  // namespace mx::cpu
