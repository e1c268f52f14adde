// What a probe's child asks of OpenCL: everything that discovery asks, so that a driver which does not survive it fails there.
#include "assay_opencl.h"
#include "assay_outside.h"

#include <stdlib.h>

enum { MOST_PLATFORMS = 64, MOST_DEVICES = 256 };

static void ask_about(const assay_opencl_functions *functions, cl_device_id device) {
  static const cl_device_info names[] = {
    CL_DEVICE_TYPE, CL_DEVICE_MAX_COMPUTE_UNITS, CL_DEVICE_MAX_MEM_ALLOC_SIZE, CL_DEVICE_GLOBAL_MEM_SIZE,
    CL_DEVICE_ENDIAN_LITTLE, CL_DEVICE_AVAILABLE, CL_DEVICE_COMPILER_AVAILABLE, CL_DEVICE_NAME, CL_DEVICE_VENDOR,
    CL_DRIVER_VERSION, CL_DEVICE_VERSION, CL_DEVICE_DOUBLE_FP_CONFIG, CL_DEVICE_HOST_UNIFIED_MEMORY,
  };
  char value[4096];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    size_t size = 0;
    functions->clGetDeviceInfo(device, names[i], 0, NULL, &size);
    functions->clGetDeviceInfo(device, names[i], sizeof value, value, NULL);
  }
}

static void ask_for_devices(const assay_probe_child *child, const assay_opencl_functions *functions,
                            cl_platform_id platform) {
  static cl_device_id devices[MOST_DEVICES];
  cl_uint count = 0;
  assay_probe_step(child, "when asked for its devices");
  if (functions->clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, NULL, &count) != CL_SUCCESS || count == 0) return;
  if (count > MOST_DEVICES) count = MOST_DEVICES;
  if (functions->clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, count, devices, NULL) != CL_SUCCESS) return;
  assay_probe_step(child, "when asked about a device");
  for (cl_uint i = 0; i < count; i++) {
    if (devices[i]) ask_about(functions, devices[i]);
  }
}

// Nothing that is merely missing is a problem here: discovery says that in its own words.
static const char *answer(assay_probe_child *child) {
  static assay_opencl_functions functions;
  static cl_platform_id platforms[MOST_PLATFORMS];
  if (child->first) setenv("OCL_ICD_VENDORS", child->first, 1);
  assay_probe_step(child, "when the OpenCL library is loaded");
  if (assay_opencl_open(&functions)) return NULL;
  assay_probe_step(child, "when asked for its platforms");
  cl_uint count = 0;
  if (functions.clGetPlatformIDs(0, NULL, &count) != CL_SUCCESS || count == 0) return NULL;
  if (count > MOST_PLATFORMS) count = MOST_PLATFORMS;
  if (functions.clGetPlatformIDs(count, platforms, NULL) != CL_SUCCESS) return NULL;
  for (cl_uint i = 0; i < count; i++) {
    if (!platforms[i]) continue;
    char value[4096];
    assay_probe_step(child, "when asked about a platform");
    functions.clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof value, value, NULL);
    functions.clGetPlatformInfo(platforms[i], CL_PLATFORM_VERSION, sizeof value, value, NULL);
    ask_for_devices(child, &functions, platforms[i]);
  }
  return NULL;
}

const char *assay_opencl_probe(void) { return "opencl"; }

__attribute__((constructor)) static void serve(void) { assay_probe_serve(assay_opencl_probe(), answer); }
