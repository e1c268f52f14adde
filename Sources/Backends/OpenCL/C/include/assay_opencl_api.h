// The part of the OpenCL 1.2 API that Assay uses: types, constants and a table of functions (The OpenCL Specification,
// version 1.2, Khronos 2012; every later version includes it). Declared here so that building needs no OpenCL package;
// `scripts/opencl/check-declarations` compares every line with Khronos' own headers.
#ifndef ASSAY_OPENCL_API_H
#define ASSAY_OPENCL_API_H

#include <stddef.h>
#include <stdint.h>

typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint64_t cl_ulong;
typedef cl_uint cl_bool;
typedef cl_ulong cl_bitfield;
typedef cl_bitfield cl_device_type;
typedef cl_bitfield cl_device_fp_config;
typedef cl_bitfield cl_command_queue_properties;
typedef cl_bitfield cl_mem_flags;
typedef cl_bitfield cl_map_flags;
typedef cl_uint cl_platform_info;
typedef cl_uint cl_device_info;
typedef cl_uint cl_program_info;
typedef cl_uint cl_program_build_info;
typedef cl_uint cl_kernel_work_group_info;
typedef cl_uint cl_event_info;
typedef intptr_t cl_context_properties;

typedef struct _cl_platform_id *cl_platform_id;
typedef struct _cl_device_id *cl_device_id;
typedef struct _cl_context *cl_context;
typedef struct _cl_command_queue *cl_command_queue;
typedef struct _cl_mem *cl_mem;
typedef struct _cl_program *cl_program;
typedef struct _cl_kernel *cl_kernel;
typedef struct _cl_event *cl_event;

#define CL_SUCCESS 0
#define CL_MEM_OBJECT_ALLOCATION_FAILURE -4
#define CL_OUT_OF_RESOURCES -5
#define CL_OUT_OF_HOST_MEMORY -6
#define CL_INVALID_COMMAND_QUEUE -36
#define CL_INVALID_BUFFER_SIZE -61
#define CL_PLATFORM_NOT_FOUND_KHR -1001

#define CL_FALSE 0
#define CL_TRUE 1

#define CL_PLATFORM_VERSION 0x0901
#define CL_PLATFORM_NAME 0x0902

#define CL_DEVICE_TYPE_CPU (1 << 1)
#define CL_DEVICE_TYPE_GPU (1 << 2)
#define CL_DEVICE_TYPE_ALL 0xFFFFFFFF

#define CL_DEVICE_TYPE 0x1000
#define CL_DEVICE_MAX_COMPUTE_UNITS 0x1002
#define CL_DEVICE_MAX_MEM_ALLOC_SIZE 0x1010
#define CL_DEVICE_GLOBAL_MEM_SIZE 0x101F
#define CL_DEVICE_ENDIAN_LITTLE 0x1026
#define CL_DEVICE_AVAILABLE 0x1027
#define CL_DEVICE_COMPILER_AVAILABLE 0x1028
#define CL_DEVICE_NAME 0x102B
#define CL_DEVICE_VENDOR 0x102C
#define CL_DRIVER_VERSION 0x102D
#define CL_DEVICE_VERSION 0x102F
#define CL_DEVICE_DOUBLE_FP_CONFIG 0x1032
#define CL_DEVICE_HOST_UNIFIED_MEMORY 0x1035

#define CL_FP_DENORM (1 << 0)
#define CL_FP_INF_NAN (1 << 1)
#define CL_FP_ROUND_TO_NEAREST (1 << 2)
#define CL_FP_FMA (1 << 5)
#define CL_FP_SOFT_FLOAT (1 << 6)

#define CL_MEM_READ_WRITE (1 << 0)
#define CL_MEM_READ_ONLY (1 << 2)
#define CL_MEM_USE_HOST_PTR (1 << 3)
#define CL_MEM_ALLOC_HOST_PTR (1 << 4)
#define CL_MEM_COPY_HOST_PTR (1 << 5)

#define CL_MAP_READ (1 << 0)
#define CL_MAP_WRITE (1 << 1)

#define CL_PROGRAM_BINARY_SIZES 0x1165
#define CL_PROGRAM_BINARIES 0x1166
#define CL_PROGRAM_BUILD_LOG 0x1183

#define CL_KERNEL_WORK_GROUP_SIZE 0x11B0

#define CL_EVENT_COMMAND_EXECUTION_STATUS 0x11D3
#define CL_COMPLETE 0x0

#pragma clang assume_nonnull begin

/// The functions of one loaded OpenCL library, named as the specification names them.
typedef struct assay_opencl_functions {
  cl_int (*clGetPlatformIDs)(cl_uint entries, cl_platform_id _Nullable *_Nullable platforms, cl_uint *_Nullable count);
  cl_int (*clGetPlatformInfo)(cl_platform_id platform, cl_platform_info name, size_t size, void *_Nullable value,
                              size_t *_Nullable needed);
  cl_int (*clGetDeviceIDs)(cl_platform_id platform, cl_device_type type, cl_uint entries,
                           cl_device_id _Nullable *_Nullable devices, cl_uint *_Nullable count);
  cl_int (*clGetDeviceInfo)(cl_device_id device, cl_device_info name, size_t size, void *_Nullable value,
                            size_t *_Nullable needed);
  cl_context _Nullable (*_Nonnull clCreateContext)(const cl_context_properties *_Nullable properties, cl_uint count,
                                          const cl_device_id _Nullable *_Nonnull devices,
                                          void (*_Nullable notify)(const char *_Nullable message,
                                                                   const void *_Nullable info, size_t size,
                                                                   void *_Nullable user),
                                          void *_Nullable user, cl_int *error);
  cl_int (*clReleaseContext)(cl_context context);
  cl_command_queue _Nullable (*_Nonnull clCreateCommandQueue)(cl_context context, cl_device_id device,
                                                     cl_command_queue_properties properties, cl_int *error);
  cl_int (*clReleaseCommandQueue)(cl_command_queue queue);
  cl_mem _Nullable (*_Nonnull clCreateBuffer)(cl_context context, cl_mem_flags flags, size_t size, void *_Nullable host,
                                     cl_int *error);
  cl_int (*clReleaseMemObject)(cl_mem memory);
  cl_program _Nullable (*_Nonnull clCreateProgramWithSource)(cl_context context, cl_uint count,
                                                    const char *_Nullable *_Nonnull strings,
                                                    const size_t *_Nullable lengths, cl_int *error);
  cl_program _Nullable (*_Nonnull clCreateProgramWithBinary)(cl_context context, cl_uint count,
                                                    const cl_device_id _Nullable *_Nonnull devices,
                                                    const size_t *lengths,
                                                    const unsigned char *_Nullable *_Nonnull binaries,
                                                    cl_int *_Nullable status, cl_int *error);
  cl_int (*clBuildProgram)(cl_program program, cl_uint count, const cl_device_id _Nullable *_Nullable devices,
                           const char *options,
                           void (*_Nullable notify)(cl_program _Nullable program, void *_Nullable user),
                           void *_Nullable user);
  cl_int (*clGetProgramInfo)(cl_program program, cl_program_info name, size_t size, void *_Nullable value,
                             size_t *_Nullable needed);
  cl_int (*clGetProgramBuildInfo)(cl_program program, cl_device_id device, cl_program_build_info name, size_t size,
                                  void *_Nullable value, size_t *_Nullable needed);
  cl_int (*clReleaseProgram)(cl_program program);
  cl_kernel _Nullable (*_Nonnull clCreateKernel)(cl_program program, const char *name, cl_int *error);
  cl_int (*clGetKernelWorkGroupInfo)(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name, size_t size,
                                     void *_Nullable value, size_t *_Nullable needed);
  cl_int (*clReleaseKernel)(cl_kernel kernel);
  cl_int (*clSetKernelArg)(cl_kernel kernel, cl_uint index, size_t size, const void *_Nullable value);
  cl_int (*clEnqueueNDRangeKernel)(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions,
                                   const size_t *_Nullable offset, const size_t *global, const size_t *_Nullable local,
                                   cl_uint waits, const cl_event _Nullable *_Nullable wait_list,
                                   cl_event _Nullable *_Nullable event);
  cl_int (*clEnqueueWriteBuffer)(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
                                 const void *data, cl_uint waits, const cl_event _Nullable *_Nullable wait_list,
                                 cl_event _Nullable *_Nullable event);
  cl_int (*clEnqueueReadBuffer)(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
                                void *data, cl_uint waits, const cl_event _Nullable *_Nullable wait_list,
                                cl_event _Nullable *_Nullable event);
  void *_Nullable (*_Nonnull clEnqueueMapBuffer)(cl_command_queue queue, cl_mem buffer, cl_bool blocking,
                                        cl_map_flags flags, size_t offset, size_t size, cl_uint waits,
                                        const cl_event _Nullable *_Nullable wait_list,
                                        cl_event _Nullable *_Nullable event, cl_int *error);
  cl_int (*clEnqueueUnmapMemObject)(cl_command_queue queue, cl_mem memory, void *mapped, cl_uint waits,
                                    const cl_event _Nullable *_Nullable wait_list, cl_event _Nullable *_Nullable event);
  cl_int (*clFlush)(cl_command_queue queue);
  cl_int (*clFinish)(cl_command_queue queue);
  cl_int (*clSetEventCallback)(cl_event event, cl_int status,
                               void (*notify)(cl_event _Nullable event, cl_int status, void *_Nullable user),
                               void *_Nullable user);
  cl_int (*clGetEventInfo)(cl_event event, cl_event_info name, size_t size, void *_Nullable value,
                           size_t *_Nullable needed);
  cl_int (*clReleaseEvent)(cl_event event);
} assay_opencl_functions;

#pragma clang assume_nonnull end

#endif
