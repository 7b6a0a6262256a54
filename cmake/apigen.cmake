# landfall_service(NAME [DATA_PLANE] [EDGE libraries...] [LINK libraries...])
#
# One AWS service: src/services/NAME. tools/apigen writes build/gen/NAME/ from api/NAME.json and the names of the files
# in operations/ (file name = operation = it is implemented); a new handler needs no change here.
# Optional lists in the service's folder: operations.txt (operations served without a handler, as s3 in edge) and
# shapes.txt (shapes wanted though no implemented operation uses them); one name a line, # starts a comment.
# DATA_PLANE: operations/ holds functions of the service's own signature, which the tables do not call (s3).
# EDGE: there is a dataplane/ folder, which links these; it becomes landfall_NAME_dataplane, without the control plane.
# Makes: landfall_NAME (everything but tests, fuzzers, benchmarks, plus the tables) and NAME_test.
# Handlers are compiled several to a unit: keep helpers out of operations/ or give them a name of their own.
set(LANDFALL_APIGEN ${CMAKE_SOURCE_DIR}/tools/apigen/apigen.py)

function(landfall_service NAME)
  cmake_parse_arguments(ARG "DATA_PLANE" "" "LINK;EDGE" ${ARGN})
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/services/${NAME})
  set(gen ${CMAKE_BINARY_DIR}/gen/${NAME})
  set(model ${CMAKE_SOURCE_DIR}/api/${NAME}.json)

  file(GLOB handlers CONFIGURE_DEPENDS ${folder}/operations/*.cc)
  list(FILTER handlers EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")
  set(names "")
  foreach(handler ${handlers})
    get_filename_component(operation ${handler} NAME_WE)
    string(APPEND names "${operation}\n")
  endforeach()
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.operations)
  file(GENERATE OUTPUT ${list} CONTENT "${names}")

  set(options "")
  if(ARG_DATA_PLANE)
    list(APPEND options --data-plane ${list})
    set(no_handlers ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.no_handlers)
    file(GENERATE OUTPUT ${no_handlers} CONTENT "")
    set(handler_list ${no_handlers})
  else()
    set(handler_list ${list})
  endif()
  set(inputs ${model} ${list} ${LANDFALL_APIGEN})
  foreach(pair "operations.txt;--data-plane" "shapes.txt;--shapes")
    list(GET pair 0 file)
    list(GET pair 1 option)
    file(GLOB found CONFIGURE_DEPENDS ${folder}/${file})
    if(found)
      list(APPEND options ${option} ${found})
      list(APPEND inputs ${found})
    endif()
  endforeach()

  set(outputs ${gen}/shapes.h ${gen}/shapes_fwd.h ${gen}/operations.h ${gen}/errors.h ${gen}/tables.cc)
  add_custom_command(OUTPUT ${outputs}
    COMMAND Python3::Interpreter ${LANDFALL_APIGEN} service --model ${model} --name ${NAME} --operations ${handler_list} --out ${gen}
            ${options}
    DEPENDS ${inputs} COMMENT "apigen ${NAME}" VERBATIM)
  add_custom_target(gen_${NAME} DEPENDS ${outputs})
  set_property(GLOBAL APPEND PROPERTY LANDFALL_SERVICES ${NAME})

  set(except "")
  if(ARG_EDGE)
    landfall_module(${NAME}_dataplane services/${NAME}/dataplane LINK ${ARG_EDGE})
    set(except dataplane)
    list(APPEND ARG_LINK landfall_${NAME}_dataplane)
  endif()
  landfall_module(${NAME} services/${NAME} EXCEPT ${except} template LINK landfall_aws_protocol ${ARG_LINK} EXTRA_SOURCES ${gen}/tables.cc)
  add_dependencies(landfall_${NAME} gen_${NAME})
  if(NOT LANDFALL_UNITY)  # then handlers alone, which are short, are compiled several to a unit
    set_target_properties(landfall_${NAME} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
  if(NOT ARG_DATA_PLANE)  # a call a minute: what -O2 gains there, every build would pay for
    target_compile_options(landfall_${NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(NOT LANDFALL_UNITY)
    file(GLOB_RECURSE alone CONFIGURE_DEPENDS ${folder}/*.cc)
    list(FILTER alone EXCLUDE REGEX "/operations/[^/]*\\.cc$")
    set_source_files_properties(${alone} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  set_source_files_properties(${gen}/tables.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  # Half of a handler's compile time was these, read anew in each file. The tables have options of their own.
  if(NOT ARG_DATA_PLANE AND NOT LANDFALL_UNITY)
    target_precompile_headers(landfall_${NAME} PRIVATE <algorithm> <expected> <functional> <map> <memory> <optional> <ranges>
      <string> <string_view> <vector> <fmt/format.h> ${CMAKE_SOURCE_DIR}/src/codec/fields.h ${CMAKE_SOURCE_DIR}/src/gateway/call.h
      ${gen}/shapes.h ${gen}/errors.h)
    set_source_files_properties(${gen}/tables.cc PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
  # Thousands of small functions that no request waits for: EC2's take 32 s at -O2, 23 s like this.
  set_source_files_properties(${gen}/tables.cc PROPERTIES COMPILE_OPTIONS "-O1;-g0")
endfunction()

# After the last landfall_service: landfall_services, the list of them all, and gen_all, which makes every header.
function(landfall_service_list)
  get_property(names GLOBAL PROPERTY LANDFALL_SERVICES)
  set(gen ${CMAKE_BINARY_DIR}/gen)
  add_custom_command(OUTPUT ${gen}/services.h ${gen}/services.cc
    COMMAND Python3::Interpreter ${LANDFALL_APIGEN} services --out ${gen} ${names}
    DEPENDS ${LANDFALL_APIGEN} VERBATIM)
  add_custom_target(gen_services DEPENDS ${gen}/services.h ${gen}/services.cc)
  add_custom_target(gen_all DEPENDS gen_services)
  add_library(landfall_services STATIC ${gen}/services.cc)
  target_include_directories(landfall_services PUBLIC ${CMAKE_SOURCE_DIR}/src ${gen})
  foreach(name ${names})
    add_dependencies(gen_all gen_${name})
    add_dependencies(landfall_services gen_${name})
    target_link_libraries(landfall_services PUBLIC landfall_${name})
  endforeach()
  add_dependencies(landfall_services gen_services)
endfunction()

# landfall_test_models(TARGET FOLDER): tables of the operations that FOLDER/<service>.txt list, without handlers, under
# the services' own names, for tests of what is below the services. Never link it together with them.
function(landfall_test_models TARGET FOLDER)
  file(GLOB lists CONFIGURE_DEPENDS ${FOLDER}/*.txt)
  set(gen ${CMAKE_BINARY_DIR}/gen_${TARGET})
  set(empty ${CMAKE_CURRENT_BINARY_DIR}/${TARGET}.no_handlers)
  file(GENERATE OUTPUT ${empty} CONTENT "")
  set(names "")
  set(sources ${gen}/services.cc)
  foreach(list ${lists})
    get_filename_component(name ${list} NAME_WE)
    list(APPEND names ${name})
    set(folder ${gen}/${name})
    add_custom_command(
      OUTPUT ${folder}/shapes.h ${folder}/shapes_fwd.h ${folder}/operations.h ${folder}/errors.h ${folder}/tables.cc
      COMMAND Python3::Interpreter ${LANDFALL_APIGEN} service --model ${CMAKE_SOURCE_DIR}/api/${name}.json --name ${name}
              --operations ${empty} --data-plane ${list} --out ${folder}
      DEPENDS ${CMAKE_SOURCE_DIR}/api/${name}.json ${list} ${LANDFALL_APIGEN} ${empty} COMMENT "apigen ${name} (tests)" VERBATIM)
    list(APPEND sources ${folder}/tables.cc ${folder}/shapes.h)
    set_source_files_properties(${folder}/tables.cc PROPERTIES COMPILE_OPTIONS "-O0;-g0")
  endforeach()
  add_custom_command(OUTPUT ${gen}/services.h ${gen}/services.cc
    COMMAND Python3::Interpreter ${LANDFALL_APIGEN} services --out ${gen} ${names} DEPENDS ${LANDFALL_APIGEN} VERBATIM)
  add_library(${TARGET} STATIC EXCLUDE_FROM_ALL ${sources})
  target_include_directories(${TARGET} BEFORE PUBLIC ${gen})
  target_link_libraries(${TARGET} PUBLIC landfall_aws_protocol)
endfunction()
