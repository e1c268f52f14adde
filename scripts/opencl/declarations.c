// Compiled, never linked: Assay's OpenCL declarations against Khronos' headers. A type or constant that differs is a
// redefinition, a function that differs an incompatible assignment; `scripts/opencl/check-declarations` makes both errors.
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "assay_opencl_api.h"

void assay_opencl_check_declarations(assay_opencl_functions *functions);

void assay_opencl_check_declarations(assay_opencl_functions *functions) {
#define CHECK(name) functions->name = name;
  CHECK(clGetPlatformIDs)
  CHECK(clGetPlatformInfo)
  CHECK(clGetDeviceIDs)
  CHECK(clGetDeviceInfo)
  CHECK(clCreateContext)
  CHECK(clReleaseContext)
  CHECK(clCreateCommandQueue)
  CHECK(clReleaseCommandQueue)
  CHECK(clCreateBuffer)
  CHECK(clReleaseMemObject)
  CHECK(clCreateProgramWithSource)
  CHECK(clCreateProgramWithBinary)
  CHECK(clBuildProgram)
  CHECK(clGetProgramInfo)
  CHECK(clGetProgramBuildInfo)
  CHECK(clReleaseProgram)
  CHECK(clCreateKernel)
  CHECK(clGetKernelWorkGroupInfo)
  CHECK(clReleaseKernel)
  CHECK(clSetKernelArg)
  CHECK(clEnqueueNDRangeKernel)
  CHECK(clEnqueueWriteBuffer)
  CHECK(clEnqueueReadBuffer)
  CHECK(clEnqueueMapBuffer)
  CHECK(clEnqueueUnmapMemObject)
  CHECK(clFlush)
  CHECK(clFinish)
  CHECK(clSetEventCallback)
  CHECK(clGetEventInfo)
  CHECK(clReleaseEvent)
}
