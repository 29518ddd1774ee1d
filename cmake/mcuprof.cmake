# What every target of ours is built with.
add_library(mcuprof_options INTERFACE)
target_include_directories(mcuprof_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(mcuprof_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
# g++ 12 sees overlapping copies in "literal" + std::string that are not there (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(mcuprof_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(MCUPROF_SANITIZE)
  target_compile_options(mcuprof_options INTERFACE
    -fsanitize=${MCUPROF_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mcuprof_options INTERFACE -fsanitize=${MCUPROF_SANITIZE})
endif()
if(MCUPROF_FUZZ)
  target_compile_options(mcuprof_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# mcuprof_library(NAME [LINK lib...]): a static library of every source in the current folder.
function(mcuprof_library name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(${name} INTERFACE)
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC mcuprof_options ${arg_LINK})
endfunction()

# mcuprof_test(NAME [LINK lib...]): one GoogleTest program of every source in the current folder; each
# test case becomes a ctest of its own.
function(mcuprof_test name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE mcuprof_options mcuprof_test_support ${arg_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
