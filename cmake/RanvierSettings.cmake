# Compiler settings shared by every target, and the helper that declares one library a folder.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET default)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(RANVIER_CCACHE ccache)
if(RANVIER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${RANVIER_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${RANVIER_CCACHE})
endif()

# mold links in a fraction of the time of the system's linker.
find_program(RANVIER_MOLD mold)
if(RANVIER_MOLD AND NOT CMAKE_EXE_LINKER_FLAGS MATCHES "-fuse-ld")
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=mold RANVIER_MOLD_WORKS)
  if(RANVIER_MOLD_WORKS)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

add_library(ranvier_settings INTERFACE)
target_compile_features(ranvier_settings INTERFACE cxx_std_20)
# Results must not depend on whether the compiler fuses a multiply and an add.
target_compile_options(ranvier_settings INTERFACE -ffp-contract=off -Wall -Wextra -Wshadow -Wno-missing-field-initializers)
# GCC 12 sees overlapping and too long copies in std::string where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(ranvier_settings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
endif()
if(RANVIER_WERROR)
  target_compile_options(ranvier_settings INTERFACE -Werror)
endif()
if(RANVIER_SANITIZE)
  target_compile_options(ranvier_settings INTERFACE -fsanitize=${RANVIER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ranvier_settings INTERFACE -fsanitize=${RANVIER_SANITIZE})
endif()

# ranvier_folder(<name> SOURCES a.cpp b.cpp DEPENDS base ir LIBRARIES x::x): the static library ranvier_<name>.
function(ranvier_folder name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(ranvier_${name} STATIC ${ARG_SOURCES})
  target_include_directories(
    ranvier_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
                           $<INSTALL_INTERFACE:include>)
  target_compile_features(ranvier_${name} PUBLIC cxx_std_20)
  set_target_properties(ranvier_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(ranvier_${name} PUBLIC $<BUILD_INTERFACE:ranvier_settings>)
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(ranvier_${name} PUBLIC ranvier_${dependency})
  endforeach()
  target_link_libraries(ranvier_${name} PRIVATE ${ARG_LIBRARIES})
endfunction()
