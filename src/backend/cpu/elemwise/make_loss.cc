#include "backend/cpu/elemwise/copy.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = KernelBuilder("MakeLoss", "native").run(copy_kernel);
const KernelBuilder k2 = KernelBuilder("make_loss", "native").run(copy_kernel);

}  // namespace
}  // namespace mx::cpu
