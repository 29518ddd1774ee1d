# The agent's images, cross-compiled as part of the normal build: one command an object, with its
# headers as dependencies. Objects are made once a core, boards share them.
find_program(MCUPROF_ARM_GCC arm-none-eabi-gcc REQUIRED)
find_program(MCUPROF_ARM_OBJCOPY arm-none-eabi-objcopy REQUIRED)
set(MCUPROF_CMSIS_NN "" CACHE PATH
  "Folder of a CMSIS-NN that was built and installed, to link instead of mcuprof's kernels")

set(mcuprof_firmware_flags
  -std=gnu11 -O2 -g3 -mthumb -ffreestanding -fno-common -ffunction-sections -fdata-sections
  -fno-strict-aliasing -fwrapv -ffp-contract=off -fstack-usage -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wundef -Werror
  -I${PROJECT_SOURCE_DIR})

# The emulator of the virtual board has no double precision, so the M7 does without it too.
set(mcuprof_flags_cortex-m7 -mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard -DMCUPROF_CORE_M7)
set(mcuprof_flags_cortex-m4 -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard)
set(mcuprof_flags_cortex-m3 -mcpu=cortex-m3)
set(mcuprof_flags_cortex-m0 -mcpu=cortex-m0)
set(mcuprof_kernels_cortex-m7 dsp)
set(mcuprof_kernels_cortex-m4 dsp)
set(mcuprof_kernels_cortex-m3 portable)
set(mcuprof_kernels_cortex-m0 portable)
set(mcuprof_library_number_portable 1)
set(mcuprof_library_number_dsp 2)
set(mcuprof_library_number_cmsis_nn 3)

# mcuprof_firmware_objects(OUT FOLDER FLAGS source...): objects of the sources, in build folder FOLDER.
function(mcuprof_firmware_objects out folder flags)
  set(objects)
  foreach(source ${ARGN})
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE name)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${folder}/${name}.o)
    cmake_path(GET object PARENT_PATH object_folder)
    file(MAKE_DIRECTORY ${object_folder})
    add_custom_command(OUTPUT ${object}
      COMMAND ${MCUPROF_CCACHE} ${MCUPROF_ARM_GCC} ${mcuprof_firmware_flags} ${flags}
        -MD -MF ${object}.d -MT ${object} -c ${source} -o ${object}
      DEPENDS ${source} DEPFILE ${object}.d
      COMMENT "Cross-compiling ${folder}/${name}" VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(${out} ${objects} PARENT_SCOPE)
endfunction()

# What all boards with one core have in common: agent, program, kernels. Sets mcuprof_objects_<core>,
# mcuprof_library_<core> and mcuprof_link_<core>.
function(mcuprof_firmware_core core)
  set(library ${mcuprof_kernels_${core}})
  set(flags ${mcuprof_flags_${core}})
  set(link)
  if(MCUPROF_CMSIS_NN)
    # A prefix may hold one core only; boards with another keep mcuprof's kernels.
    find_file(MCUPROF_CMSIS_NN_${core} libcmsis-nn.a NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH
      PATHS ${MCUPROF_CMSIS_NN}/lib/${core})
    if(MCUPROF_CMSIS_NN_${core})
      set(library cmsis_nn)
      list(APPEND flags -isystem ${MCUPROF_CMSIS_NN}/include)
      set(link ${MCUPROF_CMSIS_NN_${core}})
    endif()
    message(STATUS "Agents for ${core}: kernels of ${library}")
  endif()
  mcuprof_kernel_sources(${library} kernels)
  file(GLOB common CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*.c ${CMAKE_CURRENT_SOURCE_DIR}/layers/*.c
    ${CMAKE_CURRENT_SOURCE_DIR}/kernels/*.c ${CMAKE_CURRENT_SOURCE_DIR}/agent/*.c)
  list(REMOVE_ITEM common ${CMAKE_CURRENT_SOURCE_DIR}/agent/image_header.c)
  mcuprof_firmware_objects(objects ${core} "${flags}" ${common} ${kernels})
  set(mcuprof_objects_${core} ${objects} PARENT_SCOPE)
  set(mcuprof_library_${core} ${library} PARENT_SCOPE)
  set(mcuprof_link_${core} ${link} PARENT_SCOPE)
endfunction()

# mcuprof_firmware(BOARD CORE STACK source...): <board>/agent.elf and agent.bin, from the file
# targets/boards/nucleo-BOARD.toml. STACK is of the kernels, in bytes.
function(mcuprof_firmware board core stack)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${board})
  set(board_file ${PROJECT_SOURCE_DIR}/targets/boards/nucleo-${board}.toml)
  set(script ${folder}/agent.ld)
  set(flags ${mcuprof_flags_${core}} -DMCUPROF_BOARD_NAME=\"nucleo-${board}\"
    -DMCUPROF_KERNEL_LIBRARY=${mcuprof_library_number_${mcuprof_library_${core}}})
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/boards/)
  mcuprof_firmware_objects(objects ${board} "${flags}" ${ARGN}
    ${CMAKE_CURRENT_SOURCE_DIR}/agent/image_header.c)
  add_custom_command(OUTPUT ${script}
    COMMAND mcuprof-linker-script ${board_file} ${stack} ${MCUPROF_HANDLER_STACK} ${script}
    DEPENDS mcuprof-linker-script ${board_file}
    COMMENT "Making the linker script of ${board}" VERBATIM)
  add_custom_command(OUTPUT ${folder}/agent.elf ${folder}/agent.bin
    COMMAND ${MCUPROF_ARM_GCC} ${mcuprof_flags_${core}} -mthumb -nostartfiles -static
      -Wl,--gc-sections -Wl,--build-id=sha1 -Wl,--fatal-warnings -Wl,-Map=${folder}/agent.map
      -T ${script} ${objects} ${mcuprof_objects_${core}} ${mcuprof_link_${core}}
      -nostdlib -lm -lc -lgcc -o ${folder}/agent.elf
    COMMAND ${MCUPROF_ARM_OBJCOPY} -O binary ${folder}/agent.elf ${folder}/agent.bin
    DEPENDS ${script} ${objects} ${mcuprof_objects_${core}} ${mcuprof_link_${core}}
    COMMENT "Linking the agent for ${board}" VERBATIM)
  add_custom_target(mcuprof_agent_${board} ALL DEPENDS ${folder}/agent.elf)
  add_dependencies(mcuprof_agents mcuprof_agent_${board})
  install(FILES ${folder}/agent.elf DESTINATION ${CMAKE_INSTALL_DATADIR}/mcuprof/firmware/${board})
endfunction()
