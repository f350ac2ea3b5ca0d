#include "ndarray/ndarray.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "engine/priority.h"
#include "ndarray/sparse_array.h"

namespace mx {
namespace {

size_t bytes_for(const Shape& shape, DType dtype) {
  require(shape.is_known(), "NDArray: shape=", shape, " is not known; expected known dimensions");
  int64_t bytes = 0;
  if (__builtin_mul_overflow(shape.size(), dtype_size(dtype), &bytes))
    fail(ErrorKind::kValue, "NDArray: shape=", shape, " is too large");
  return static_cast<size_t>(bytes);
}

/// What a write of an array needs besides the array itself: the rest of its chunk.
Engine::Vars kept_by_write(const NDArray& array, Engine::Vars writes) {
  return array.is_whole_chunk() ? Engine::Vars() : writes;
}

}  // namespace

void Chunk::make_unique(bool keep) {
  contents_id_.store(0, std::memory_order_relaxed);
  if (source_ == Source::kLent) return;
  if (buffer_.use_count() == 1 && source_ == Source::kMemory) {
    // The last of those that shared it may have read it in another thread.
    std::atomic_thread_fence(std::memory_order_acquire);
    return;
  }
  BufferPtr fresh = allocate_buffer(bytes_, device_);
  if (keep) copy_bytes(fresh->data(), device_, buffer_->data(), device_, bytes_);
  buffer_ = std::move(fresh);
  source_ = Source::kMemory;
}

void Chunk::lend() {
  make_unique(true);
  source_ = Source::kLent;
}

void Chunk::share_contents(Chunk& other) {
  if (source_ == Source::kLent || other.source_ == Source::kLent) {
    make_unique(false);
    return copy_bytes(buffer_->data(), device_, other.buffer_->data(), other.device_, bytes_);
  }
  buffer_ = other.buffer_;
  source_ = other.source_;
  contents_id_.store(other.contents_id(), std::memory_order_relaxed);
}

void Chunk::share_contents(BufferPtr buffer) {
  buffer_ = std::move(buffer);
  source_ = Source::kMemory;
  contents_id_.store(0, std::memory_order_relaxed);
}

uint64_t Chunk::contents_id() {
  static std::atomic<uint64_t> last{0};
  if (source_ == Source::kLent) return ++last;
  uint64_t id = contents_id_.load(std::memory_order_relaxed);
  if (id != 0) return id;
  // Two readers may ask at once; the first number counts.
  const uint64_t fresh = ++last;
  return contents_id_.compare_exchange_strong(id, fresh, std::memory_order_relaxed) ? fresh : id;
}

void Chunk::release_file_pages() const {
  constexpr size_t kWorthwhile = 1 << 16;
  if (source_ != Source::kFile || buffer_->bytes() < kWorthwhile) return;
  // Pages that neighbours share are dropped too; they belong to the same file.
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<uintptr_t>(buffer_->data()) / page * page;
  const auto last = reinterpret_cast<uintptr_t>(buffer_->data()) + buffer_->bytes();
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

NDArray::NDArray(const Shape& shape, DType dtype, Device device) : shape_(shape), dtype_(dtype) {
  const size_t bytes = bytes_for(shape, dtype);
  chunk_ = std::make_shared<Chunk>(allocate_buffer(bytes, device), bytes, device);
}

NDArray::NDArray(BufferPtr buffer, const Shape& shape, DType dtype, size_t byte_offset,
                 Chunk::Source source)
    : byte_offset_(byte_offset), shape_(shape), dtype_(dtype) {
  const size_t bytes = byte_offset + bytes_for(shape, dtype);
  internal_check(bytes <= buffer->bytes(), "NDArray: buffer is too small");
  const Device device = buffer->device();
  chunk_ = std::make_shared<Chunk>(std::move(buffer), bytes, device, source);
}

NDArray NDArray::reshape(const Shape& shape) const {
  require(is_dense(), "reshape: the array is ", storage_name(storage_), "; expected a dense one");
  require(shape.is_known() && shape.size() == size(), "reshape: shape=", shape,
          " does not have the ", size(), " elements of ", shape_, "; expected equal sizes");
  NDArray result = *this;
  result.shape_ = shape;
  result.autograd = nullptr;
  return result;
}

NDArray NDArray::view(const Shape& shape, int64_t offset) const {
  require(is_dense(), "view: the array is ", storage_name(storage_), "; expected a dense one");
  if (offset < 0 || offset + shape.size() > size())
    fail(ErrorKind::kIndex, "view: shape=", shape, " at ", offset, " is outside of ", shape_);
  NDArray result = *this;
  result.shape_ = shape;
  result.byte_offset_ += static_cast<size_t>(offset * dtype_size(dtype_));
  result.autograd = nullptr;
  return result;
}

void NDArray::copy_from_host(const void* from) const {
  Var* writes[] = {&var()};
  Engine::get().run_here(
      [&] {
        chunk_->make_unique(!is_whole_chunk());
        copy_bytes(data(), device(), from, Device{}, bytes());
      },
      kept_by_write(*this, writes), writes, "copy_from_host");
}

void NDArray::copy_to_host(void* to) const {
  Engine::get().wait_to_read(var());  // can be interrupted
  Var* reads[] = {&var()};
  Engine::get().run_here([&] { copy_bytes(to, Device{}, data(), device(), bytes()); }, reads, {},
                         "copy_to_host");
}

void copy_array(const NDArray& from, const NDArray& to, bool may_share) {
  internal_check(from.dtype() == to.dtype() && from.size() == to.size(),
                 "copy_array: types differ");
  if (from.same_memory(to)) return;
  if (!from.is_dense() || !to.is_dense()) return copy_sparse(from, to);
  const bool share = may_share && from.device().is_host() && to.device() == from.device() &&
                     to.is_whole_chunk() && from.is_whole_chunk();
  Var* vars[] = {&from.var(), &to.var()};
  const Engine::Vars writes = std::span(vars).last(1);
  const Engine::Vars reads = std::span(vars).first(to.is_whole_chunk() ? 1 : 2);
  const bool small = share || from.bytes() <= (1 << 18);
  PushOptions options{"copy"};
  options.bytes = from.bytes();  // kept until it is copied or shared
  // Sharing costs nothing, and who waits for it, as a gradient that is sent, gets it before more is
  // computed.
  options.priority = std::max(current_priority(), share ? 1 : 0);
  Engine::get().push(
      [from, to, share] {
        if (share) return to.chunk()->share_contents(*from.chunk());
        to.chunk()->make_unique(!to.is_whole_chunk());
        copy_bytes(to.data(), to.device(), from.data(), from.device(), to.bytes());
      },
      reads, writes, small, options);
}

}  // namespace mx
