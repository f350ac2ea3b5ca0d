// libFuzzer target: any bytes either decode or give an mx::Error. The last byte picks the options.
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc tests/fuzz/fuzz_image.cc \
//     src/io/image/*.cc -ljpeg -lpng -lgomp -o fuzz_image
//   ./fuzz_image -max_len=12000 -timeout=10 NEW_FINDS tests/fuzz/corpus/image tests/data/image
#include <vector>

#include "base/error.h"
#include "io/image/image.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t choice = data[size - 1];
  const mx::image::DecodeOptions options{static_cast<mx::image::ColorMode>(choice % 3 - 1),
                                         (choice & 4) != 0, (choice & 8) != 0, (choice & 16) != 0};
  try {
    const mx::image::Image image = mx::image::decode({data, size - 1}, options);
    if (image.size() > (1 << 16)) return 0;
    const int64_t height = 1 + data[0] % 40, width = 1 + data[size / 2] % 40;
    std::vector<uint8_t> out(static_cast<size_t>(height * width * image.channels));
    mx::image::resize(image.pixels.get(), {image.height, image.width, image.channels}, out.data(),
                      height, width, static_cast<mx::image::Interpolation>(choice / 32 % 5));
  } catch (const mx::Error&) {
  }
  return 0;
}
