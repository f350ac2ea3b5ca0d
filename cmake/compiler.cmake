# Flags for every target, and ccache when it is there.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "remx: CXX=${CMAKE_CXX_COMPILER} is GCC ${CMAKE_CXX_COMPILER_VERSION}; GCC 12 "
    "or later is expected: apt-get install g++-12, then set CXX=g++-12\n")
endif()

find_program(MX_CCACHE ccache)
if(MX_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MX_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${MX_CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)

add_library(mx_flags INTERFACE)
target_compile_options(mx_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -fno-math-errno -fno-trapping-math>)
target_include_directories(mx_flags INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(mx_flags INTERFACE Threads::Threads OpenMP::OpenMP_CXX)
# A few hot loops need more than -O2; vectorisation costs little compile time.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

# What nearly every source reads of the standard library, parsed once for each target: a quarter of the
# time of a clean build. The preset "tsan" does without, which proves that sources include what they use.
option(MX_PRECOMPILED_HEADERS "Parse the standard library's headers once for each target" ON)
function(mx_precompile_headers target)
  if(MX_PRECOMPILED_HEADERS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <atomic> <chrono> <cmath> <cstdint>
      <cstring> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <sstream> <string>
      <tuple> <type_traits> <unordered_map> <utility> <variant> <vector> ${ARGN})
  endif()
endfunction()
