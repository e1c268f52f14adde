// An OpenCL driver (cl_khr_icd) of one platform and one device that computes nothing, broken on demand as actions.h says. An answer
// instead of an action is an error code: "clGetDeviceIDs:-1".
#include "actions.h"

#include <stddef.h>

enum {
  // From cl.h, cl_icd.h and cl_ext.h.
  SUCCESS = 0,
  DEVICE_NOT_FOUND = -1,
  INVALID_VALUE = -30,
  PLATFORM_EXTENSIONS = 0x0904,
  PLATFORM_ICD_SUFFIX = 0x0920,
  FUNCTIONS = 256,
};

typedef struct object {
  void *const *dispatch;
} object;

static int status_in(const char *place) {
  const char *action = fault_in(place);
  return action ? (int)strtol(action, NULL, 10) : 0;
}

#define STRIKE(place)                            \
  fault_act(place);                              \
  if (status_in(place) != 0) return status_in(place)

static int give_text(const char *text, size_t size, void *value, size_t *needed) {
  const char *lie = fault_in("text");
  const size_t length = strlen(text) + 1;
  if (needed) *needed = lie && !strcmp(lie, "huge") ? SIZE_MAX / 2 : length;
  if (!value) return SUCCESS;
  if (size < length) return INVALID_VALUE;
  memset(value, 'x', lie && !strcmp(lie, "endless") ? size : 0);
  if (!lie || strcmp(lie, "endless")) memcpy(value, text, length);
  return SUCCESS;
}

static int get_platform_info(object *platform, unsigned name, size_t size, void *value, size_t *needed) {
  (void)platform;
  // The loader asks for these two itself, before anybody asks about a platform.
  if (name == PLATFORM_EXTENSIONS) return give_text("cl_khr_icd", size, value, needed);
  if (name == PLATFORM_ICD_SUFFIX) return give_text("FAULTY", size, value, needed);
  STRIKE("clGetPlatformInfo");
  return give_text("Faulty", size, value, needed);
}

static int get_device_ids(object *platform, uint64_t type, unsigned entries, object **devices, unsigned *count) {
  static object device;
  (void)type;
  STRIKE("clGetDeviceIDs");
  device.dispatch = platform->dispatch;
  const char *lie = fault_in("devices");
  if (lie && !strcmp(lie, "none")) return DEVICE_NOT_FOUND;
  if (count) *count = lie && !strcmp(lie, "many") ? UINT32_MAX : 1;
  if (devices && entries > 0) devices[0] = lie && !strcmp(lie, "null") ? NULL : &device;
  return SUCCESS;
}

static int get_device_info(object *device, unsigned name, size_t size, void *value, size_t *needed) {
  (void)device;
  (void)name;
  STRIKE("clGetDeviceInfo");
  return give_text("", size, value, needed);
}

static int get_platform_ids(unsigned entries, object **platforms, unsigned *count) {
  static void *dispatch[FUNCTIONS];
  static object platform;
  STRIKE("clIcdGetPlatformIDsKHR");
  dispatch[1] = (void *)get_platform_info;
  dispatch[2] = (void *)get_device_ids;
  dispatch[3] = (void *)get_device_info;
  platform.dispatch = dispatch;
  if (count) *count = 1;
  if (platforms && entries > 0) platforms[0] = &platform;
  return SUCCESS;
}

__attribute__((constructor)) static void load(void) { fault_act("constructor"); }

__attribute__((destructor)) static void unload(void) { fault_act("destructor"); }

void *clGetExtensionFunctionAddress(const char *name) {
  fault_act("clGetExtensionFunctionAddress");
  if (!strcmp(name, "clIcdGetPlatformIDsKHR")) return (void *)get_platform_ids;
  if (!strcmp(name, "clGetPlatformInfo")) return (void *)get_platform_info;
  return NULL;
}
