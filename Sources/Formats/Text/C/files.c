#define _GNU_SOURCE
#include "CAssayText.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 64, FREE = 0, CHANGING = 1, KEPT = 2 };

/* Fixed memory, because a signal's handler may neither allocate nor wait. */
static struct {
  atomic_int state;
  pid_t owner;
  char path[PATH_MAX];
} slots[SLOTS];

/* A child that was forked from us has a copy of the list and must leave its parent's files alone. */
void assay_text_remove_now(void) {
  pid_t self = getpid();
  for (int slot = 0; slot < SLOTS; slot++)
    if (atomic_load(&slots[slot].state) == KEPT && slots[slot].owner == self) unlink(slots[slot].path);
}

/* Whether a file is being changed that must not stay half changed, and the signal that came meanwhile. */
static atomic_int holding, held;

static void end_by_signal(int number) {
  if (atomic_load(&holding)) {
    atomic_store(&held, number);
    return;
  }
  int error = errno;
  assay_text_remove_now();
  errno = error;
  signal(number, SIG_DFL);
  raise(number); /* Ends the process when the handler returns. */
}

void assay_text_hold_signals(void) { atomic_store(&holding, 1); }

void assay_text_release_signals(void) {
  atomic_store(&holding, 0);
  int number = atomic_exchange(&held, 0);
  if (number) raise(number);
}

/* Where files are mapped that others may shorten. */
static struct {
  atomic_uintptr_t start, end;
} mappings[SLOTS];

static void end_by_shortened_file(int number, siginfo_t *information, void *context) {
  (void)context;
  static const char message[] = "assay: an input was shortened by another program while it was read.\n";
  uintptr_t place = (uintptr_t)information->si_addr;
  for (int slot = 0; slot < SLOTS; slot++) {
    if (place < atomic_load(&mappings[slot].start) || place >= atomic_load(&mappings[slot].end)) continue;
    assay_text_remove_now();
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
    _exit(3);
  }
  signal(number, SIG_DFL); /* Not ours: the access is repeated, and ends the process. */
}

void assay_text_mapped(const void *start, size_t length) {
  for (int slot = 0; slot < SLOTS; slot++) {
    uintptr_t expected = 0;
    if (!atomic_compare_exchange_strong(&mappings[slot].start, &expected, (uintptr_t)start)) continue;
    atomic_store(&mappings[slot].end, (uintptr_t)start + length);
    return;
  }
}

void assay_text_unmapped(const void *start) {
  for (int slot = 0; slot < SLOTS; slot++) {
    if (atomic_load(&mappings[slot].start) != (uintptr_t)start) continue;
    atomic_store(&mappings[slot].end, 0);
    atomic_store(&mappings[slot].start, 0);
  }
}

int assay_text_will_remove(const char *path) {
  if (strlen(path) >= PATH_MAX) return -1;
  for (int slot = 0; slot < SLOTS; slot++) {
    int expected = FREE;
    if (!atomic_compare_exchange_strong(&slots[slot].state, &expected, CHANGING)) continue;
    strcpy(slots[slot].path, path);
    slots[slot].owner = getpid();
    atomic_store(&slots[slot].state, KEPT);
    return slot;
  }
  return -1;
}

void assay_text_will_stay(int slot) {
  if (slot >= 0 && slot < SLOTS) atomic_store(&slots[slot].state, FREE);
}

void assay_text_remove_at_end(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  atexit(assay_text_remove_now);
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
    struct sigaction action;
    /* Who started us may have chosen that a signal is ignored, as nohup does. */
    if (sigaction(numbers[index], NULL, &action) != 0 || action.sa_handler != SIG_DFL) continue;
    memset(&action, 0, sizeof action);
    action.sa_handler = end_by_signal;
    action.sa_flags = SA_RESTART;
    sigaction(numbers[index], &action, NULL);
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = end_by_shortened_file;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, NULL);
}

int assay_text_is_mount_point(int descriptor) {
#ifdef STATX_ATTR_MOUNT_ROOT
  struct statx facts;
  return statx(descriptor, "", AT_EMPTY_PATH, 0, &facts) == 0 && (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
  return 0;
#endif
}

int assay_text_has_access_list(int descriptor) {
  return fgetxattr(descriptor, "system.posix_acl_access", NULL, 0) > 0;
}

int assay_text_reserve(int descriptor, int64_t bytes) {
  if (bytes == 0 || fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, bytes) == 0) return 1;
  /* A file system that cannot promise room is asked when it is written. */
  return errno == EOPNOTSUPP || errno == ENOSYS;
}

int assay_text_wait(int descriptor, int64_t nanoseconds) {
  struct pollfd wish = {.fd = descriptor, .events = POLLIN};
  struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  return ppoll(&wish, 1, &time, NULL);
}

int assay_text_memory_file(const void *bytes, size_t size) {
  const int descriptor = memfd_create("assay", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  size_t written = 0;
  while (written < size) {
    const ssize_t count = write(descriptor, (const char *)bytes + written, size - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int reason = errno;
      close(descriptor);
      errno = reason;
      return -1;
    }
    written += (size_t)count;
  }
  lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}
