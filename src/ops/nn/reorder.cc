// _reorder: put by the graph compiler where two memory layouts meet.
#include "ir/op.h"

namespace mx {
namespace {

const OpBuilder reorder = OpBuilder("_reorder")
                              .doc(
                                  "The same tensor in another memory layout; the graph compiler "
                                  "puts it where layouts meet.")
                              .input("data")
                              .gradient([](GradContext& g) { g.set(0, g.d_out()); });

}  // namespace
}  // namespace mx
