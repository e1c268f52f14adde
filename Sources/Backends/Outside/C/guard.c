// Notes what belongs to the whole process and puts it back.
#define _GNU_SOURCE
#include "assay_outside.h"

#include <fcntl.h>
#include <fenv.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <pmmintrin.h>
#endif

void assay_guard_enter(assay_guard *guard) {
  memset(guard, 0, sizeof *guard);
  for (int signal = 1; signal < ASSAY_GUARD_SIGNALS; signal++) sigaction(signal, NULL, &guard->handlers[signal]);
  getitimer(ITIMER_REAL, &guard->timer);
  guard->mask = umask(0);
  umask((mode_t)guard->mask);
  guard->directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  pthread_sigmask(SIG_SETMASK, NULL, &guard->blocked);
  fegetenv(&guard->arithmetic);
}

// Whether two handlers do the same; padding of the struct is not compared.
static int is_same(const struct sigaction *a, const struct sigaction *b) {
  return a->sa_handler == b->sa_handler && a->sa_flags == b->sa_flags;
}

static int has_moved(int directory) {
  struct stat before, now;
  if (directory < 0 || fstat(directory, &before) != 0) return 0;
  return stat(".", &now) != 0 || before.st_dev != now.st_dev || before.st_ino != now.st_ino;
}

// Whether two sets hold the same signals; bits that are no signal are not compared.
static int has_same_signals(const sigset_t *a, const sigset_t *b) {
  for (int signal = 1; signal < ASSAY_GUARD_SIGNALS; signal++) {
    if (sigismember(a, signal) != sigismember(b, signal)) return 0;
  }
  return 1;
}

// What decides the bits of arithmetic: rounding and, where numbers near zero can be flushed, whether they are; flags that were raised
// do not count.
static unsigned arithmetic(void) {
#if defined(__x86_64__)
  return _mm_getcsr() & (_MM_ROUND_MASK | _MM_FLUSH_ZERO_MASK | _MM_DENORMALS_ZERO_MASK);
#else
  return (unsigned)fegetround();
#endif
}

static void note(char *changes, size_t capacity, const char *what, const char *name) {
  const size_t used = strlen(changes);
  snprintf(changes + used, capacity - used, "%s%s%s", used ? ", " : "", what, name);
}

static const char *name_of(int signal, char number[16]) {
#if defined(__GLIBC__)
  const char *abbreviation = sigabbrev_np(signal);
  if (abbreviation) {
    snprintf(number, 16, "SIG%s", abbreviation);
    return number;
  }
#endif
  snprintf(number, 16, "signal %d", signal);
  return number;
}

int assay_guard_leave(assay_guard *guard, char *changes, size_t capacity) {
  int signals = 0;
  changes[0] = 0;
  for (int signal = 1; signal < ASSAY_GUARD_SIGNALS; signal++) {
    struct sigaction now;
    if (sigaction(signal, NULL, &now) != 0 || is_same(&now, &guard->handlers[signal])) continue;
    char number[16];
    sigaction(signal, &guard->handlers[signal], NULL);
    note(changes, capacity, signals++ ? "" : "the handlers of ", name_of(signal, number));
  }
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  const int was_set = guard->timer.it_value.tv_sec || guard->timer.it_value.tv_usec;
  const int is_set = timer.it_value.tv_sec || timer.it_value.tv_usec;
  if (was_set != is_set) {
    setitimer(ITIMER_REAL, &guard->timer, NULL);
    note(changes, capacity, "the alarm timer", "");
  }
  const unsigned mask = umask((mode_t)guard->mask);
  if (mask != guard->mask) note(changes, capacity, "the file mode mask", "");
  if (has_moved(guard->directory) && fchdir(guard->directory) == 0) note(changes, capacity, "the working directory", "");
  if (guard->directory >= 0) close(guard->directory);
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, &guard->blocked, &blocked);
  if (!has_same_signals(&blocked, &guard->blocked)) note(changes, capacity, "the signals that are blocked", "");
  const unsigned changed = arithmetic();
  fesetenv(&guard->arithmetic);
  if (changed != arithmetic()) note(changes, capacity, "how arithmetic rounds or takes small numbers", "");
  return changes[0] != 0;
}
