#include "ops/image/lighting.h"

#include "ir/op.h"
#include "ops/image/picture.h"

namespace mx {
namespace {

OpBuilder lighting(const char* name, const char* alias, const char* doc) {
  return OpBuilder(name)
      .alias(alias)
      .doc(doc)
      .input("data", "Picture (height, width, 3), or a batch of such; one of gray stays.")
      .infer_shape(picture::infer_same)
      .inplace(0, 0);
}

const OpBuilder adjust =
    lighting("_image_adjust_lighting", "_npx__image_adjust_lighting",
             "Moves colors along the principal axes of the colors of ImageNet.")
        .params<AdjustLightingParam>()
        .not_differentiable("bytes are cut off");
const OpBuilder random = lighting("_image_random_lighting", "_npx__image_random_lighting",
                                  "Moves the colors of each picture along the principal axes of "
                                  "the colors of ImageNet, by normally distributed amounts.")
                             .params<RandomLightingParam>()
                             .random()
                             .not_differentiable("the amounts are random");

}  // namespace
}  // namespace mx
