// Waiting for a command with a deadline, which OpenCL itself does not offer: a callback signals a latch.
#include "assay_opencl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

// Shared by the waiter and the callback; whoever lets go last frees it, so a callback that comes after the deadline, or
// never, touches no memory that is gone.
typedef struct latch {
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  int has_ended;
  cl_int status;
  atomic_int holders;
} latch;

static void let_go(latch *shared) {
  if (atomic_fetch_sub(&shared->holders, 1) > 1) return;
  pthread_cond_destroy(&shared->ended);
  pthread_mutex_destroy(&shared->mutex);
  free(shared);
}

static void signal_end(cl_event event, cl_int status, void *user) {
  (void)event;
  latch *shared = user;
  pthread_mutex_lock(&shared->mutex);
  shared->has_ended = 1;
  shared->status = status;
  pthread_cond_signal(&shared->ended);
  pthread_mutex_unlock(&shared->mutex);
  let_go(shared);
}

#if defined(__APPLE__)
static void prepare_condition(pthread_cond_t *condition) { pthread_cond_init(condition, NULL); }
static struct timespec time_point(int64_t nanoseconds) {
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}
static int wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *left) {
  return pthread_cond_timedwait_relative_np(condition, mutex, left);
}
#else
static void prepare_condition(pthread_cond_t *condition) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &monotonic);
  pthread_condattr_destroy(&monotonic);
}
static struct timespec time_point(int64_t nanoseconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const int64_t fraction = now.tv_nsec + nanoseconds % 1000000000;
  return (struct timespec){
    .tv_sec = now.tv_sec + nanoseconds / 1000000000 + fraction / 1000000000, .tv_nsec = fraction % 1000000000};
}
static int wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *point) {
  return pthread_cond_timedwait(condition, mutex, point);
}
#endif

assay_opencl_wait_result assay_opencl_wait(const assay_opencl_functions *functions, cl_event event, int64_t nanoseconds,
                                           cl_int *status) {
  latch *shared = calloc(1, sizeof *shared);
  if (!shared) {
    *status = CL_OUT_OF_HOST_MEMORY;
    return ASSAY_OPENCL_NO_WAIT;
  }
  pthread_mutex_init(&shared->mutex, NULL);
  prepare_condition(&shared->ended);
  atomic_init(&shared->holders, 2);
  *status = functions->clSetEventCallback(event, CL_COMPLETE, signal_end, shared);
  if (*status != CL_SUCCESS) {
    atomic_store(&shared->holders, 1);
    let_go(shared);
    return ASSAY_OPENCL_NO_WAIT;
  }
  const struct timespec point = time_point(nanoseconds);
  pthread_mutex_lock(&shared->mutex);
  while (!shared->has_ended) {
    if (wait_until(&shared->ended, &shared->mutex, &point) != 0) break;
  }
  const int has_ended = shared->has_ended;
  *status = shared->status;
  pthread_mutex_unlock(&shared->mutex);
  let_go(shared);
  return has_ended ? ASSAY_OPENCL_ENDED : ASSAY_OPENCL_DEADLINE;
}
