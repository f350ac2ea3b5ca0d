#include "base/error.h"

namespace mx {

std::string_view error_kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kValue:
      return "ValueError";
    case ErrorKind::kType:
      return "TypeError";
    case ErrorKind::kIndex:
      return "IndexError";
    case ErrorKind::kNotImplemented:
      return "NotImplementedError";
    case ErrorKind::kOutOfMemory:
      return "MemoryError";
    case ErrorKind::kDevice:
      return "DeviceError";
    case ErrorKind::kInternal:
      return "InternalError";
    case ErrorKind::kUserCode:
      return "MXNetError";
  }
  return "InternalError";
}

}  // namespace mx
