// Waiting for a command with a deadline, which OpenCL itself does not offer: a callback signals a latch. Some drivers never
// call back when the command had already ended, so the event is also asked, at first and from time to time. An event that
// reports an error does not prove that nothing runs any more: only queues that were finished do, which has a deadline too.
#include "assay_opencl.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

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

static latch *new_latch(void) {
  latch *shared = calloc(1, sizeof *shared);
  if (!shared) return NULL;
  pthread_mutex_init(&shared->mutex, NULL);
  prepare_condition(&shared->ended);
  atomic_init(&shared->holders, 2);
  return shared;
}

static void signal_end(latch *shared, cl_int status) {
  pthread_mutex_lock(&shared->mutex);
  shared->has_ended = 1;
  shared->status = status;
  pthread_cond_signal(&shared->ended);
  pthread_mutex_unlock(&shared->mutex);
  let_go(shared);
}

static void event_ended(cl_event event, cl_int status, void *user) {
  (void)event;
  signal_end(user, status);
}

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
  latch *shared = new_latch();
  if (!shared) {
    *status = CL_OUT_OF_HOST_MEMORY;
    return ASSAY_OPENCL_NO_WAIT;
  }
  *status = functions->clSetEventCallback(event, CL_COMPLETE, event_ended, shared);
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

// What the finishing thread needs; the queues stay alive because a caller that gives up on them never releases them.
typedef struct finish {
  latch *shared;
  cl_int (*clFinish)(cl_command_queue queue);
  int count;
  cl_command_queue queues[ASSAY_OPENCL_MOST_QUEUES];
} finish;

static void *finish_queues(void *context) {
#if defined(__linux__)
  prctl(PR_SET_NAME, "assay-finish");
#endif
  const finish work = *(finish *)context;
  free(context);
  cl_int status = CL_SUCCESS;
  for (int i = 0; i < work.count; i++) {
    const cl_int one = work.clFinish(work.queues[i]);
    if (status == CL_SUCCESS) status = one;
  }
  signal_end(work.shared, status);
  return NULL;
}

// A thread that no signal of the caller's process lands on.
static int start_detached(void *(*body)(void *), void *context) {
  sigset_t all, before;
  pthread_t thread;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int failed = pthread_create(&thread, NULL, body, context);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!failed) pthread_detach(thread);
  return !failed;
}

assay_opencl_wait_result assay_opencl_finish(const assay_opencl_functions *functions, const cl_command_queue *queues,
                                             int32_t count, int64_t nanoseconds, cl_int *status) {
  *status = CL_OUT_OF_HOST_MEMORY;
  if (count > ASSAY_OPENCL_MOST_QUEUES) return ASSAY_OPENCL_NO_WAIT;
  latch *shared = new_latch();
  if (!shared) return ASSAY_OPENCL_NO_WAIT;
  finish *work = calloc(1, sizeof *work);
  if (work) {
    *work = (finish){.shared = shared, .clFinish = functions->clFinish, .count = count};
    for (int i = 0; i < count; i++) work->queues[i] = queues[i];
  }
  if (!work || !start_detached(finish_queues, work)) {
    free(work);
    atomic_store(&shared->holders, 1);
    let_go(shared);
    return ASSAY_OPENCL_NO_WAIT;
  }
  const int64_t deadline = now() + nanoseconds;
  pthread_mutex_lock(&shared->mutex);
  while (!shared->has_ended && now() < deadline) sleep_until(shared, deadline);
  const int has_ended = shared->has_ended;
  if (has_ended) *status = shared->status;
  pthread_mutex_unlock(&shared->mutex);
  let_go(shared);
  return has_ended ? ASSAY_OPENCL_ENDED : ASSAY_OPENCL_DEADLINE;
}
