// OpenCL at run time: the library is opened when asked for, so a machine without a driver runs everything else.
#ifndef ASSAY_OPENCL_H
#define ASSAY_OPENCL_H

#include "assay_opencl_api.h"

#pragma clang assume_nonnull begin

/// Opens the system's OpenCL library and fills `functions`. Returns null on success, else a sentence that says what is
/// missing. The library stays open until the process ends: drivers do not survive being closed.
const char *_Nullable assay_opencl_open(assay_opencl_functions *functions);

/// The kind of the probe that asks OpenCL what discovery asks; its first argument stands for OCL_ICD_VENDORS. See assay_outside.h.
const char *assay_opencl_probe(void);

typedef enum assay_opencl_wait_result {
  /// The command ended; `status` is CL_COMPLETE or the command's negative error code.
  ASSAY_OPENCL_ENDED,
  /// The deadline passed and the command is still on the device.
  ASSAY_OPENCL_DEADLINE,
  /// The wait could not be set up; `status` is the error code.
  ASSAY_OPENCL_NO_WAIT
} assay_opencl_wait_result;

/// Waits until the command of `event` has ended, at most `nanoseconds`.
assay_opencl_wait_result assay_opencl_wait(const assay_opencl_functions *functions, cl_event event, int64_t nanoseconds,
                                           cl_int *status);

/// How many queues assay_opencl_finish takes at most.
#define ASSAY_OPENCL_MOST_QUEUES 4

/// Waits, at most `nanoseconds`, until nothing of the `count` queues is on the device any more, whatever their commands' events say.
/// ENDED: `status` is CL_SUCCESS, or the first error of clFinish, and then it is not known whether the device still writes.
/// DEADLINE: a thread still waits for the queues, which must not be released.
assay_opencl_wait_result assay_opencl_finish(const assay_opencl_functions *functions,
                                             const cl_command_queue _Nonnull *_Nonnull queues, int32_t count,
                                             int64_t nanoseconds, cl_int *status);

/// One file of kernel text, which ends with a zero byte, by the name that `#include` gives it.
typedef struct assay_opencl_text {
  const char *name;
  const char *text;
} assay_opencl_text;

/// The kernel text in this build, the same files that the C kernels are compiled from.
const assay_opencl_text *assay_opencl_texts(int32_t *count);

/// 1 for each operation, by id, whose kernel text provides an OpenCL kernel.
const uint8_t *assay_opencl_provided(void);

#pragma clang assume_nonnull end

#endif
