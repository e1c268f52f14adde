// A probe's child: this program, started again with ASSAY_PROBE in its environment, answers in a constructor and ends before `main`.
#define _GNU_SOURCE
#include "assay_outside.h"
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)
#include <fcntl.h>
#include <fenv.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>

// The kinds that this program would answer, were it a child: without the constructor the child would run `main`.
enum { MOST_KINDS = 16 };
static const char *kinds[MOST_KINDS];
static atomic_int kind_count;

int probe_is_served(const char *kind) {
  for (int i = 0; i < kind_count && i < MOST_KINDS; i++) {
    if (kinds[i] && !strcmp(kinds[i], kind)) return 1;
  }
  return 0;
}

static void say(const assay_probe_child *child, char kind, const char *words) {
  char line[PROBE_LINE];
  const int length = snprintf(line, sizeof line, "%c%s", kind, words);
  // One write, shorter than PIPE_BUF, with its zero: lines arrive whole.
  const size_t count = (size_t)length < sizeof line ? (size_t)length + 1 : sizeof line;
  line[count - 1] = 0;
  if (write(child->descriptor, line, count) < 0) _exit(PROBE_LOST);
}

void assay_probe_step(const assay_probe_child *child, const char *words) { say(child, PROBE_STEP, words); }

void assay_probe_serve(const char *kind, assay_probe_answer answer) {
  const char *asked = secure_getenv(PROBE_KIND);
  if (!asked || strcmp(asked, kind) != 0) {
    const int place = atomic_fetch_add(&kind_count, 1);
    if (place < MOST_KINDS) kinds[place] = kind;
    return;
  }
  // Away from the descriptors that careless code closes or writes to.
  assay_probe_child child = {
    .descriptor = fcntl(PROBE_DESCRIPTOR, F_DUPFD_CLOEXEC, 200),
    .first = getenv(PROBE_FIRST),
    .second = getenv(PROBE_SECOND),
  };
  if (child.descriptor < 0) _exit(PROBE_LOST);
  close(PROBE_DESCRIPTOR);
  // What it starts is not a probe; a crash ends it, whatever handlers a runtime has installed, and leaves no core; and it does not
  // outlive who asked.
  unsetenv(PROBE_KIND);
  for (int number = 1; number < ASSAY_GUARD_SIGNALS; number++) signal(number, SIG_DFL);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const pid_t own = getpid();
  const char *problem = answer(&child);
  // Outside code that goes on as a process of its own, as daemons do, has ended the one that asked: that is not for it to call well.
  if (getpid() != own) _exit(PROBE_LOST);
#if defined(__GLIBC__)
  // The host computes on the thread that loads it, before anybody could put that back.
  if (!problem && fegetexcept() != 0) problem = "it leaves arithmetic on the thread that loads it with traps";
#endif
  say(&child, problem ? PROBE_PROBLEM : PROBE_WELL, problem ? problem : "");
  _exit(0);
}

#else

void assay_probe_step(const assay_probe_child *child, const char *words) {
  (void)child;
  (void)words;
}

void assay_probe_serve(const char *kind, assay_probe_answer answer) {
  (void)kind;
  (void)answer;
}

#endif
