#pragma once
#include <cstddef>
#include <cstdint>

#include "base/dtype.h"
#include "base/shape.h"

namespace mx {

/// How the elements of a tensor of logical shape N, C, spatial... lie in memory. Values from
/// kFirstLibrary on are formats of a library, known to its backend folder alone.
enum class Layout : int32_t {
  kPlain,    ///< row-major in the order of the shape
  kBlock8,   ///< channels in blocks of 8 innermost (nChw8c), the last block padded with zeros
  kBlock16,  ///< channels in blocks of 16 innermost (nChw16c), the last block padded with zeros
  kChannelsLast,  ///< channels innermost (nhwc)
  kFirstLibrary = 16,
};

/// Bytes that a tensor takes in a layout, padding included.
size_t layout_bytes(const Shape& shape, DType dtype, Layout layout);

/// A new library layout whose tensors take `bytes`. The backend keeps what it means.
/// Thread safety: any.
Layout add_library_layout(size_t bytes);

}  // namespace mx
