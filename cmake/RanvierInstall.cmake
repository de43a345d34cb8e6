# The installed CMake package: find_package(ranvier) gives ranvier::ranvier, which is every library of Ranvier.
# Static libraries and the headers of include/ranvier are installed; third-party packages are looked for again only where a
# library of ours names one of their targets.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(libraries)
foreach(folder base ir model text integrate codegen connect engine array_program io sonata plot models)
  if(TARGET ranvier_${folder})
    list(APPEND libraries ranvier_${folder})
  endif()
endforeach()

add_library(ranvier_all INTERFACE)
set_target_properties(ranvier_all PROPERTIES EXPORT_NAME ranvier)
target_link_libraries(ranvier_all INTERFACE ${libraries})
add_library(ranvier::ranvier ALIAS ranvier_all)

# "X::Y" in what a library links means that the package X must be found again by the user of the installed one.
set(packages)
foreach(library ${libraries})
  get_target_property(linked ${library} INTERFACE_LINK_LIBRARIES)
  string(REGEX MATCHALL "[A-Za-z0-9_]+::" namespaces "${linked}")
  list(APPEND packages ${namespaces})
endforeach()
list(TRANSFORM packages REPLACE "::" "")
list(REMOVE_DUPLICATES packages)
list(REMOVE_ITEM packages ranvier)
set(RANVIER_DEPENDENCIES)
foreach(package ${packages})
  string(APPEND RANVIER_DEPENDENCIES "find_dependency(${package})\n")
endforeach()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ranvier)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/ranvierConfig.cmake.in ${PROJECT_BINARY_DIR}/package/ranvierConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/ranvierConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS ranvier_all ${libraries} EXPORT ranvierTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(EXPORT ranvierTargets NAMESPACE ranvier:: DESTINATION ${package_folder} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/package/ranvierConfig.cmake ${PROJECT_BINARY_DIR}/package/ranvierConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT library)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ranvier DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library
        FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT library)
# The program is a component of its own ("program", src/cli), so that the libraries can be installed before it is built.
add_custom_target(ranvier_libraries DEPENDS ${libraries})
