#include "ndarray/sparse_array.h"

namespace mx {
namespace {

bool is_index_type(DType dtype) { return dtype == DType::kInt64 || dtype == DType::kInt32; }

void check_shape(StorageKind kind, const Shape& shape) {
  const bool fits =
      shape.is_known() && (kind == StorageKind::kCsr ? shape.ndim() == 2 : shape.ndim() >= 1);
  require(fits, storage_name(kind), ": shape=", shape, " is not possible; expected ",
          kind == StorageKind::kCsr ? "two dimensions" : "at least one dimension");
}

Shape values_shape(StorageKind kind, const Shape& shape, int64_t count) {
  if (kind == StorageKind::kCsr) return {count};
  Shape rows = shape;
  rows[0] = count;
  return rows;
}

void check_parts(StorageKind kind, const Shape& shape, const SparseParts& parts) {
  const auto check = [&](const NDArray& part, const char* name, const Shape& expected) {
    require(part && part.is_dense() && part.shape() == expected, storage_name(kind), ": ", name,
            "=", part ? part.shape() : Shape(), " does not fit the array's shape ", shape,
            "; expected the shape ", expected);
    require(part.device() == parts.values.device(), storage_name(kind), ": ", name, " is on ",
            part.device(), "; expected ", parts.values.device());
  };
  const auto check_index = [&](const NDArray& part, const char* name, const Shape& expected) {
    check(part, name, expected);
    if (!is_index_type(part.dtype()))
      fail(ErrorKind::kType, storage_name(kind), ": ", name, " has dtype ",
           dtype_name(part.dtype()), "; expected int64");
  };
  require(parts.values && parts.values.shape().ndim() > 0, storage_name(kind),
          ": data has no dimension; expected at least one");
  check(parts.values, "data", values_shape(kind, shape, parts.count()));
  check_index(parts.indices, "indices", {parts.count()});
  if (kind == StorageKind::kCsr) check_index(parts.indptr, "indptr", {shape[0] + 1});
}

NDArray share_part(const NDArray& part) {
  if (!part) return part;
  NDArray copy(part.chunk()->buffer(), part.shape(), part.dtype(), part.byte_offset());
  copy.chunk()->share_contents(*part.chunk());
  return copy;
}

int64_t index_at(const NDArray& indices, int64_t i) {
  return indices.dtype() == DType::kInt64 ? indices.as<int64_t>()[i] : indices.as<int32_t>()[i];
}

/// Indices [begin, end) ascend strictly within [0, limit).
void check_indices(const NDArray& indices, int64_t begin, int64_t end, int64_t limit,
                   std::string_view kind) {
  int64_t last = -1;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t index = index_at(indices, i);
    require(index > last && index < limit, "check_format: indices[", i, "]=", index, " of a ", kind,
            " array is out of place; expected ascending numbers from 0 to ", limit - 1);
    last = index;
  }
}

void check_csr(const SparseParts& parts, const Shape& shape) {
  int64_t last = 0;
  for (int64_t row = 0; row <= shape[0]; ++row) {
    const int64_t start = index_at(parts.indptr, row);
    const bool fits = row == 0          ? start == 0
                      : row == shape[0] ? start == parts.count() && start >= last
                                        : start >= last && start <= parts.count();
    require(fits, "check_format: indptr[", row, "]=", start,
            " of a csr array is out of place; expected ascending numbers from 0 to ", parts.count(),
            ", the number of stored elements");
    last = start;
  }
  for (int64_t row = 0; row < shape[0]; ++row)
    check_indices(parts.indices, index_at(parts.indptr, row), index_at(parts.indptr, row + 1),
                  shape[1], "csr");
}

}  // namespace

NDArray make_sparse(StorageKind kind, const Shape& shape, SparseParts parts) {
  check_shape(kind, shape);
  check_parts(kind, shape, parts);
  const Device device = parts.values.device();
  NDArray array;
  array.shape_ = shape;
  array.dtype_ = parts.values.dtype();
  array.storage_ = kind;
  array.chunk_ = std::make_shared<Chunk>(allocate_buffer(1, device), 1, device);
  array.chunk_->set_sparse_parts(std::make_shared<SparseParts>(std::move(parts)));
  return array;
}

SparseParts zero_parts(StorageKind kind, const Shape& shape, DType dtype, Device device) {
  check_shape(kind, shape);
  SparseParts parts{NDArray(values_shape(kind, shape, 0), dtype, device),
                    NDArray(Shape{0}, DType::kInt64, device),
                    {}};
  if (kind == StorageKind::kCsr) {
    const std::vector<int64_t> starts(static_cast<size_t>(shape[0] + 1));
    parts.indptr = NDArray(Shape{shape[0] + 1}, DType::kInt64, device);
    parts.indptr.copy_from_host(starts.data());
  }
  return parts;
}

NDArray zero_sparse(StorageKind kind, const Shape& shape, DType dtype, Device device) {
  return make_sparse(kind, shape, zero_parts(kind, shape, dtype, device));
}

NDArray empty_like(const NDArray& array) {
  return array.is_dense()
             ? NDArray(array.shape(), array.dtype(), array.device())
             : zero_sparse(array.storage(), array.shape(), array.dtype(), array.device());
}

SparseParts share_parts(const SparseParts& parts) {
  return {share_part(parts.values), share_part(parts.indices), share_part(parts.indptr)};
}

SparseParts copy_parts(const NDArray& array) {
  require(!array.is_dense(), "NDArray: the array is dense; expected a sparse one");
  SparseParts copy;
  Var* reads[] = {&array.var()};
  Engine::get().run_here([&] { copy = share_parts(parts_of(array)); }, reads, {}, "copy_parts");
  return copy;
}

void copy_sparse(const NDArray& from, const NDArray& to) {
  internal_check(from.storage() == to.storage() && from.shape() == to.shape(),
                 "copy_sparse: kinds or shapes differ");
  Var* reads[] = {&from.var()};
  Var* writes[] = {&to.var()};
  Engine::get().push(
      [from, to] {
        SparseParts& parts = parts_of(to);
        parts = share_parts(parts_of(from));
        if (parts.values.device() == to.device()) return;
        for (NDArray* part : {&parts.values, &parts.indices, &parts.indptr}) {
          if (!*part) continue;
          NDArray moved(part->shape(), part->dtype(), to.device());
          copy_bytes(moved.data(), to.device(), part->data(), from.device(), part->bytes());
          *part = moved;
        }
      },
      reads, writes, true, {"copy"});
}

void check_sparse(const NDArray& array) {
  SparseParts parts = copy_parts(array);
  for (NDArray* part : {&parts.values, &parts.indices, &parts.indptr}) {
    if (!*part || part->device().is_host()) continue;
    NDArray on_host(part->shape(), part->dtype());
    part->copy_to_host(on_host.data());
    *part = on_host;
  }
  if (array.storage() == StorageKind::kCsr) return check_csr(parts, array.shape());
  check_indices(parts.indices, 0, parts.count(), array.shape()[0], "row_sparse");
}

}  // namespace mx
