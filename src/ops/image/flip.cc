// lint: no-kernel (they are reverse along an axis)
#include "ir/op.h"
#include "ops/image/picture.h"
#include "ops/matrix/reverse.h"

namespace mx {
namespace {

/// The axis counts from the end, so that a batch may stand before it.
template <int kAxis>
void decompose_flip(DecomposeContext& c) {
  c.set(0, c.call("reverse", {c.in(0)}, ReverseParam{{c.in_shape(0).ndim() - kAxis}}));
}

OpBuilder flip(const char* name, const char* alias, const char* doc) {
  return OpBuilder(name)
      .alias(alias)
      .doc(doc)
      .input("data", "Picture (height, width, channels), or a batch of such.")
      .infer_shape(picture::infer_same);
}

const OpBuilder left_right = flip("_image_flip_left_right", "_npx__image_flip_left_right",
                                  "Turns pictures into their mirror images.")
                                 .decomposition(decompose_flip<2>);
const OpBuilder top_bottom =
    flip("_image_flip_top_bottom", "_npx__image_flip_top_bottom", "Turns pictures upside down.")
        .decomposition(decompose_flip<3>);

}  // namespace
}  // namespace mx
