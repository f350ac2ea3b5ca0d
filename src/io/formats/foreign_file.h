#pragma once
#include <string>
#include <string_view>

namespace mx {

/// Throws: ValueError `<source>: <what it is>; expected <expected>` if `bytes` are what people take
/// for a model by mistake: nothing at all, a web page, a pointer of Git LFS, an archive. Other
/// contents are left to their reader.
void refuse_foreign_file(std::string_view bytes, const std::string& source,
                         std::string_view expected);

}  // namespace mx
