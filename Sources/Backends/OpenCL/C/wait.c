// Waiting for a command with a deadline, which OpenCL itself does not offer: a callback signals a latch. Some drivers never
// call back when the command had already ended, so the event is also asked, at first and from time to time.
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
#else
static void prepare_condition(pthread_cond_t *condition) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &monotonic);
  pthread_condattr_destroy(&monotonic);
}
#endif

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct timespec time_point(int64_t nanoseconds) {
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

// Sleeps until the latch is signalled or the clock reads `point`.
static void sleep_until(latch *shared, int64_t point) {
#if defined(__APPLE__)
  const int64_t left = point - now();
  const struct timespec time = time_point(left > 0 ? left : 0);
  pthread_cond_timedwait_relative_np(&shared->ended, &shared->mutex, &time);
#else
  const struct timespec time = time_point(point);
  pthread_cond_timedwait(&shared->ended, &shared->mutex, &time);
#endif
}

// Whether the event says that its command has ended, with CL_COMPLETE or an error in `status`.
static int has_ended(const assay_opencl_functions *functions, cl_event event, cl_int *status) {
  cl_int seen = 1;
  if (functions->clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof seen, &seen, NULL) != CL_SUCCESS) return 0;
  if (seen > CL_COMPLETE) return 0;
  *status = seen;
  return 1;
}

assay_opencl_wait_result assay_opencl_wait(const assay_opencl_functions *functions, cl_event event, int64_t nanoseconds,
                                           cl_int *status) {
  enum { INTERVAL = 20000000 };
  if (has_ended(functions, event, status)) return ASSAY_OPENCL_ENDED;
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
  const int64_t deadline = now() + nanoseconds;
  assay_opencl_wait_result result = ASSAY_OPENCL_DEADLINE;
  pthread_mutex_lock(&shared->mutex);
  for (int64_t time = now(); result == ASSAY_OPENCL_DEADLINE && time < deadline; time = now()) {
    if (!shared->has_ended) sleep_until(shared, time + INTERVAL < deadline ? time + INTERVAL : deadline);
    if (shared->has_ended) {
      *status = shared->status;
      result = ASSAY_OPENCL_ENDED;
    } else {
      // Unlocked: a driver may hold a lock of its own around its callback and this query.
      pthread_mutex_unlock(&shared->mutex);
      if (has_ended(functions, event, status)) result = ASSAY_OPENCL_ENDED;
      pthread_mutex_lock(&shared->mutex);
    }
  }
  pthread_mutex_unlock(&shared->mutex);
  let_go(shared);
  return result;
}
