#pragma once
#include "base/param.h"

/// Fields that most update operators have.
namespace mx::optimizer {

template <typename P>
void add_lr(ParamBuilder<P>& fields) {
  fields.add("lr", &P::lr, "Learning rate.").required();
}
template <typename P>
void add_wd(ParamBuilder<P>& fields) {
  fields.add("wd", &P::wd, "Weight decay.");
}
template <typename P>
void add_rescaling(ParamBuilder<P>& fields) {
  fields.add("rescale_grad", &P::rescale_grad, "Factor of the gradient.");
}
template <typename P>
void add_clipping(ParamBuilder<P>& fields) {
  fields.add("clip_gradient", &P::clip_gradient,
             "Limit of the scaled gradient's elements; none when negative.");
}
template <typename P>
void add_lazy(ParamBuilder<P>& fields) {
  fields.add("lazy_update", &P::lazy_update, "Concerns row-sparse gradients only.");
}

}  // namespace mx::optimizer
