// Opens the OpenCL library and looks its functions up.
#include "assay_opencl.h"

#include <dlfcn.h>

static void *open_library(void) {
#if defined(__APPLE__)
  static const char *const names[] = {"/System/Library/Frameworks/OpenCL.framework/OpenCL"};
#else
  static const char *const names[] = {"libOpenCL.so.1", "libOpenCL.so"};
#endif
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library) return library;
  }
  return NULL;
}

const char *assay_opencl_open(assay_opencl_functions *functions) {
  void *library = open_library();
  if (!library) return "the OpenCL library (libOpenCL.so.1) is not installed";
// POSIX gives a function's address as void *; the copy through memory is the conversion that C allows.
#define FIND(name)                                                                                  \
  {                                                                                                 \
    void *symbol = dlsym(library, #name);                                                           \
    if (!symbol) return "the OpenCL library lacks " #name ", so it is older than OpenCL 1.2";        \
    __builtin_memcpy(&functions->name, &symbol, sizeof symbol);                                     \
  }
  FIND(clGetPlatformIDs)
  FIND(clGetPlatformInfo)
  FIND(clGetDeviceIDs)
  FIND(clGetDeviceInfo)
  FIND(clCreateContext)
  FIND(clReleaseContext)
  FIND(clCreateCommandQueue)
  FIND(clReleaseCommandQueue)
  FIND(clCreateBuffer)
  FIND(clReleaseMemObject)
  FIND(clCreateProgramWithSource)
  FIND(clCreateProgramWithBinary)
  FIND(clBuildProgram)
  FIND(clGetProgramInfo)
  FIND(clGetProgramBuildInfo)
  FIND(clReleaseProgram)
  FIND(clCreateKernel)
  FIND(clGetKernelWorkGroupInfo)
  FIND(clReleaseKernel)
  FIND(clSetKernelArg)
  FIND(clEnqueueNDRangeKernel)
  FIND(clEnqueueWriteBuffer)
  FIND(clEnqueueReadBuffer)
  FIND(clEnqueueMapBuffer)
  FIND(clEnqueueUnmapMemObject)
  FIND(clFlush)
  FIND(clFinish)
  FIND(clSetEventCallback)
  FIND(clGetEventInfo)
  FIND(clReleaseEvent)
#undef FIND
  return NULL;
}
