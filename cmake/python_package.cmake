# The importable package of the build tree: <build>/python/mxnet holds the libraries and links to
# the Python files, so that PYTHONPATH=<build>/python runs what was just built.
set(MX_PACKAGE_DIR ${CMAKE_BINARY_DIR}/python/mxnet)
file(MAKE_DIRECTORY ${MX_PACKAGE_DIR})

add_custom_target(python_links ALL
  COMMAND ${CMAKE_COMMAND} -DFROM=${PROJECT_SOURCE_DIR}/python/mxnet -DTO=${MX_PACKAGE_DIR}
          -P ${PROJECT_SOURCE_DIR}/cmake/link_python_files.cmake
  COMMENT "Linking Python files into the build tree")

# Puts a library into the package, in the build tree and in a wheel.
function(mx_package_library target)
  set_target_properties(${target} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${MX_PACKAGE_DIR}
    INSTALL_RPATH "$ORIGIN"
    BUILD_RPATH "$ORIGIN")
  install(TARGETS ${target} LIBRARY DESTINATION mxnet COMPONENT python)
  set_property(GLOBAL APPEND PROPERTY MX_PACKAGE_LIBRARIES ${target})
endfunction()

# Puts shared libraries of the system into a wheel, under the names by which the loader looks for
# them, so that an installed wheel needs no system package. What is no shared library is skipped.
function(mx_bundle_libraries)
  foreach(library IN LISTS ARGN)
    if(NOT EXISTS ${library})
      continue()  # -lm and the like
    endif()
    file(REAL_PATH ${library} file)
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${file} OUTPUT_VARIABLE headers ERROR_QUIET)
    get_property(bundled GLOBAL PROPERTY MX_BUNDLED)
    if(headers MATCHES "SONAME +([^ \n]+)" AND NOT CMAKE_MATCH_1 IN_LIST bundled)
      set_property(GLOBAL APPEND PROPERTY MX_BUNDLED ${CMAKE_MATCH_1})
      install(FILES ${file} DESTINATION mxnet RENAME ${CMAKE_MATCH_1} COMPONENT python)
    endif()
  endforeach()
endfunction()
