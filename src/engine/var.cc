#include "engine/var.h"

namespace mx {

void Var::remove(detail::Request& request) {
  detail::Request* before = nullptr;
  for (detail::Request* at = first_; at != &request; at = at->next) before = at;
  (before ? before->next : first_) = request.next;
  if (last_ == &request) last_ = before;
}

}  // namespace mx
