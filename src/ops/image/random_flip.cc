#include "ir/op.h"
#include "ops/image/picture.h"

namespace mx {
namespace {

OpBuilder random_flip(const char* name, const char* alias, const char* doc) {
  return OpBuilder(name)
      .alias(alias)
      .doc(doc)
      .input("data", "Picture (height, width, channels), or a batch of such.")
      .infer_shape(picture::infer_same)
      .random()
      .not_differentiable("whether pictures are turned is random");
}

const OpBuilder left_right =
    random_flip("_image_random_flip_left_right", "_npx__image_random_flip_left_right",
                "Turns each picture into its mirror image with probability 0.5.");
const OpBuilder top_bottom =
    random_flip("_image_random_flip_top_bottom", "_npx__image_random_flip_top_bottom",
                "Turns each picture upside down with probability 0.5.");

}  // namespace
}  // namespace mx
