#pragma once
#include "base/param.h"
#include "base/storage_kind.h"

namespace mx {

struct CastStorageParam {
  StorageKind stype = StorageKind::kDefault;
  static void describe(ParamBuilder<CastStorageParam>& fields) {
    fields.add("stype", &CastStorageParam::stype, "Storage kind of the result.")
        .choice("csr", StorageKind::kCsr)
        .choice("default", StorageKind::kDefault)
        .choice("row_sparse", StorageKind::kRowSparse)
        .required();
  }
};

}  // namespace mx
