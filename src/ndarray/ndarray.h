#pragma once
#include <atomic>
#include <memory>

#include "base/dtype.h"
#include "base/shape.h"
#include "base/storage_kind.h"
#include "device/device.h"
#include "engine/engine.h"
#include "memory/storage.h"
#include "ndarray/holds.h"

namespace mx {

struct SparseParts;

/// The memory behind one or more NDArrays (views share it) and its place in the engine.
class Chunk {
 public:
  /// What the buffer is: memory; pages of a file, which nobody may write; or memory that code
  /// outside of the engine reads and writes too, which keeps its place and is never shared.
  enum class Source : uint8_t { kMemory, kFile, kLent };
  /// `bytes` of the buffer are in use.
  Chunk(BufferPtr buffer, size_t bytes, Device device, Source source = Source::kMemory)
      : buffer_(std::move(buffer)), bytes_(bytes), device_(device), source_(source) {}
  Var& var() { return var_; }
  /// What of it the tape relies on.
  Holds& holds() { return holds_; }
  Device device() const { return device_; }
  const BufferPtr& buffer() const { return buffer_; }
  size_t bytes() const { return bytes_; }
  /// Before a write: gives this chunk memory of its own if it shares a buffer with another chunk
  /// or with a file.
  /// `keep` says whether the contents are still needed. Call only inside an operation that writes.
  void make_unique(bool keep);
  /// From now on code outside of the engine may use the memory (DLPack). Call only inside an
  /// operation that writes this.
  void lend();
  /// Takes over another chunk's contents without copying; both copy on their next write. Lent
  /// memory is copied.
  /// Call only inside an operation that writes this and reads the other.
  void share_contents(Chunk& other);
  /// The same with a buffer that others hold too and that nobody writes in place.
  void share_contents(BufferPtr buffer);
  /// A number for what is in the chunk: chunks with equal numbers have equal contents, and a write
  /// changes it. Lent memory has a new one each time. Call only inside an operation that reads or
  /// writes this.
  uint64_t contents_id();
  /// Gives the memory of a file's pages back; the next read brings them in again. Does nothing for
  /// other buffers.
  void release_file_pages() const;
  /// What a sparse array stores (ndarray/sparse_array.h); nullptr for dense memory. The pointer
  /// never changes; what it points to is guarded by var().
  SparseParts* sparse_parts() const { return sparse_parts_.get(); }
  void set_sparse_parts(std::shared_ptr<SparseParts> parts) { sparse_parts_ = std::move(parts); }

 private:
  Var var_;
  Holds holds_;
  BufferPtr buffer_;
  size_t bytes_;
  Device device_;
  Source source_;
  std::shared_ptr<SparseParts> sparse_parts_;
  std::atomic<uint64_t> contents_id_{0};  ///< 0 until somebody asks
};

struct AutogradInfo;

/// An array: shape, dtype and a contiguous piece of a chunk, or what a sparse array stores
/// (ndarray/sparse_array.h makes those). Copying the object shares the data. Shapes are int64
/// throughout. A default-constructed NDArray is "none" and converts to false. Thread safety: the
/// object as a plain value; the data through the engine.
class NDArray {
 public:
  NDArray() = default;
  /// Uninitialised memory. Throws: OutOfMemory, ValueError for a shape that is not known.
  NDArray(const Shape& shape, DType dtype, Device device = {});
  /// Wraps memory that exists. `byte_offset` must be aligned for dtype.
  NDArray(BufferPtr buffer, const Shape& shape, DType dtype, size_t byte_offset = 0,
          Chunk::Source source = Chunk::Source::kMemory);

  explicit operator bool() const { return chunk_ != nullptr; }
  StorageKind storage() const { return storage_; }
  bool is_dense() const { return storage_ == StorageKind::kDefault; }
  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  Device device() const { return chunk_->device(); }
  int64_t size() const { return shape_.size(); }
  /// Size in the chunk. A sparse array counts as one byte there: it is read and written as a whole.
  size_t bytes() const { return is_dense() ? static_cast<size_t>(size() * dtype_size(dtype_)) : 1; }
  Var& var() const { return chunk_->var(); }
  const std::shared_ptr<Chunk>& chunk() const { return chunk_; }
  size_t byte_offset() const { return byte_offset_; }
  /// Whether the chunk holds this array and nothing else.
  bool is_whole_chunk() const { return byte_offset_ == 0 && bytes() == chunk_->bytes(); }
  bool same_memory(const NDArray& other) const {
    return chunk_ == other.chunk_ && byte_offset_ == other.byte_offset_ && shape_ == other.shape_;
  }

  /// Says that the elements are relied on, or no longer; see Holds.
  void hold() const { chunk_->holds().add(byte_offset_, byte_end(), chunk_->bytes()); }
  void release() const { chunk_->holds().remove(byte_offset_, byte_end(), chunk_->bytes()); }
  bool is_held() const { return chunk_->holds().overlap(byte_offset_, byte_end()); }
  /// Whether some byte belongs to both.
  bool overlaps(const NDArray& other) const {
    return chunk_ == other.chunk_ && byte_offset_ < other.byte_end() &&
           other.byte_offset_ < byte_end();
  }

  /// Where the elements of a dense array are now. Valid inside operations, or after a wait.
  void* data() const {
    internal_check(is_dense(), "NDArray: a sparse array has no dense elements");
    return static_cast<char*>(chunk_->buffer()->data()) + byte_offset_;
  }
  template <typename T>
  T* as() const {
    return static_cast<T*>(data());
  }

  /// The same elements in another shape. Throws: ValueError when the sizes differ.
  NDArray reshape(const Shape& shape) const;
  /// `shape` starting `offset` elements behind this array's first. Throws: IndexError.
  NDArray view(const Shape& shape, int64_t offset) const;

  /// Return when everything pushed that writes (reads or writes) this array is done, on its device
  /// too. Throw: what went wrong in it.
  void wait_to_read() const {
    Engine::get().wait_to_read(var());
    synchronize(device());
  }
  void wait_to_write() const {
    Engine::get().wait_to_write(var());
    synchronize(device());
  }
  /// Synchronous copies of exactly bytes() from or to host memory, in the order of the engine.
  /// Throw: what went wrong in the array, if it is needed.
  void copy_from_host(const void* from) const;
  void copy_to_host(void* to) const;

  /// What the tape knows of this array; managed by src/autograd.
  std::shared_ptr<AutogradInfo> autograd;

 private:
  friend NDArray make_sparse(StorageKind, const Shape&, SparseParts);
  size_t byte_end() const { return byte_offset_ + bytes(); }

  std::shared_ptr<Chunk> chunk_;
  size_t byte_offset_ = 0;
  Shape shape_;
  DType dtype_ = DType::kUnknown;
  StorageKind storage_ = StorageKind::kDefault;
};

/// Queues `to[:] = from` (same size, dtype and storage kind; the device may differ).
/// With `may_share`, host arrays that cover their chunks share memory until one is written; copies
/// of views are small copies, so that they never keep what the view was taken from.
void copy_array(const NDArray& from, const NDArray& to, bool may_share = false);

}  // namespace mx
