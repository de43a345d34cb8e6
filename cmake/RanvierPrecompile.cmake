# Headers of others that many small files share are parsed once a kind of target. Ours are not among them: GCC knows a file with
# #pragma once by its time of change, and a precompiled header that ccache kept from another checkout has other times.
option(RANVIER_PRECOMPILE "Precompile the headers that tests and models share" ON)

# ccache takes precompiled headers only where it may ignore what __TIME__ would say; no file of ours asks.
if(RANVIER_PRECOMPILE AND RANVIER_CCACHE)
  foreach(language C CXX)
    if(CMAKE_${language}_COMPILER_LAUNCHER STREQUAL RANVIER_CCACHE)
      set(CMAKE_${language}_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${RANVIER_CCACHE})
    endif()
  endforeach()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
endif()

set(RANVIER_SHARED_HEADERS <algorithm> <cmath> <filesystem> <fstream> <functional> <map> <memory> <optional> <random> <span> <sstream> <string> <vector>)

# ranvier_test_program(<target>): a program of tests. It is compiled with -O1: what takes time in a test is the library.
function(ranvier_test_program target)
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
  if(NOT RANVIER_PRECOMPILE)
    return()
  endif()
  if(NOT TARGET ranvier_test_headers)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_headers.cpp CONTENT "// Holds the precompiled headers of the tests.\n" @ONLY)
    add_executable(ranvier_test_headers EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/test_headers.cpp)
    target_link_libraries(ranvier_test_headers PRIVATE ranvier_base GTest::gtest_main)
    target_compile_options(ranvier_test_headers PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
    target_precompile_headers(ranvier_test_headers PRIVATE <gtest/gtest.h> ${RANVIER_SHARED_HEADERS})
  endif()
  target_precompile_headers(${target} REUSE_FROM ranvier_test_headers)
endfunction()
