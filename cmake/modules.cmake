# With LANDFALL_UNITY: most of a file's time is the templates and inline functions of its headers, which a unit pays for
# once. IAM's 99 files take 19 s as one unit, 60 s as eleven with a precompiled header.
set(LANDFALL_UNITY_FILES 50)  # more than one core should find work in the largest modules
function(landfall_unity TARGET)
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ${LANDFALL_UNITY} UNITY_BUILD_BATCH_SIZE ${LANDFALL_UNITY_FILES})
  if(LANDFALL_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)  # it takes a .cc that a unit includes for a header
    target_compile_options(${TARGET} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# landfall_module(NAME FOLDER [SHALLOW] [COLD] [EXCEPT folders...] [LINK libraries...])
#
# Everything in FOLDER: x.cc goes into the static library landfall_NAME, x_test.cc into the test program NAME_test,
# x_fuzz.cc each into a fuzz target (with LANDFALL_FUZZ), x_bench.cc each into a benchmark. Nothing is listed by hand:
# a new file needs no change here. COLD: what no request waits for; -O1 in a release. SHALLOW: not the folders in it; EXCEPT: not those of these names.
function(landfall_module NAME FOLDER)
  cmake_parse_arguments(ARG "SHALLOW;COLD" "" "LINK;EXTRA_SOURCES;EXCEPT" ${ARGN})
  if(ARG_SHALLOW)
    file(GLOB all CONFIGURE_DEPENDS ${FOLDER}/*.cc)
  else()
    file(GLOB_RECURSE all CONFIGURE_DEPENDS ${FOLDER}/*.cc)
  endif()
  foreach(folder ${ARG_EXCEPT})
    list(FILTER all EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${FOLDER}/${folder}/")
  endforeach()
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzzers ${all})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")

  if(sources OR ARG_EXTRA_SOURCES)
    add_library(landfall_${NAME} STATIC ${sources} ${ARG_EXTRA_SOURCES})
    set(scope PUBLIC)
    landfall_unity(landfall_${NAME})
    if(ARG_COLD)
      target_compile_options(landfall_${NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
    endif()
  else()
    add_library(landfall_${NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(landfall_${NAME} ${scope} ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/gen)
  target_link_libraries(landfall_${NAME} ${scope} ${ARG_LINK})

  if(tests AND NOT LANDFALL_FUZZ)
    add_executable(${NAME}_test ${tests})
    target_link_libraries(${NAME}_test PRIVATE landfall_${NAME} GTest::gtest_main GTest::gmock)
    landfall_unity(${NAME}_test)
    target_compile_options(${NAME}_test PRIVATE $<$<CONFIG:Release>:-O0>)
    add_test(NAME ${NAME} COMMAND ${NAME}_test)
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 120)
  endif()
  set(benches ${all})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  foreach(bench ${benches})  # built when asked for by name
    get_filename_component(name ${bench} NAME_WE)
    add_executable(${name} EXCLUDE_FROM_ALL ${bench})
    target_link_libraries(${name} PRIVATE landfall_${NAME})
  endforeach()
  if(LANDFALL_FUZZ)  # clang only: -fsanitize=fuzzer
    foreach(fuzzer ${fuzzers})
      get_filename_component(name ${fuzzer} NAME_WE)
      if(TARGET ${name})  # a folder inside another module's folder
        continue()
      endif()
      add_executable(${name} ${fuzzer})
      target_link_libraries(${name} PRIVATE landfall_${NAME})
      target_link_options(${name} PRIVATE -fsanitize=fuzzer)
      set_property(GLOBAL APPEND PROPERTY LANDFALL_FUZZERS ${name})
    endforeach()
  endif()
endfunction()
