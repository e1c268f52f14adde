// What broken code does, for plugins and drivers that break on demand: ASSAY_FAULT is "PLACE:ACTION", and in that place the action is
// done. Actions that end or stop the process, and actions that change what belongs to all of it.
#ifndef FAULTS_ACTIONS_H
#define FAULTS_ACTIONS_H

#include <fcntl.h>
#include <fenv.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <pmmintrin.h>
#endif

// The action that is asked for in `place`; null for none.
static const char *fault_in(const char *place) {
  const char *fault = getenv("ASSAY_FAULT");
  const size_t length = strlen(place);
  return fault && strncmp(fault, place, length) == 0 && fault[length] == ':' ? fault + length + 1 : NULL;
}

static void fault_handler(int number) { (void)number; }

static void fault_change_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  const int numbers[] = {SIGINT, SIGTERM, SIGPIPE, SIGSEGV};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) signal(numbers[i], fault_handler);
}

// Goes on as another process, as a daemon does; the one that asked has ended, and well.
static void fault_daemon(void) {
  if (fork() != 0) _exit(0);
  setsid();
}

// As code that was compiled for speed does when it is loaded.
static void fault_change_arithmetic(void) {
  fesetround(FE_UPWARD);
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON);
#endif
}

static void fault_at_exit(void) { _exit(0); }

static void fault_act(const char *place) {
  const char *action = fault_in(place);
  if (!action) return;
  if (!strcmp(action, "crash")) *(volatile int *)(uintptr_t)(action[0] - 'c') = 1;
  if (!strcmp(action, "divide")) raise(SIGFPE);
  if (!strcmp(action, "abort")) abort();
  if (!strcmp(action, "kill")) kill(getpid(), SIGKILL);
  if (!strcmp(action, "exit")) exit(0);
  if (!strcmp(action, "quick-exit")) _exit(0);
  if (!strcmp(action, "hang")) for (;;) pause();
  if (!strcmp(action, "spin")) for (volatile int forever = 1; forever;) {}
  if (!strcmp(action, "close-all")) for (int i = 3; i < 1024; i++) close(i);
  if (!strcmp(action, "daemon")) fault_daemon();
  if (!strcmp(action, "print")) puts("{\"row\":1,\"accepted\":true}"), fflush(stdout);
  if (!strcmp(action, "write")) if (write(STDOUT_FILENO, "noise\n", 6) < 0) _exit(9);
  if (!strcmp(action, "signals")) fault_change_signals();
  if (!strcmp(action, "directory")) if (chdir("/") != 0) _exit(9);
  if (!strcmp(action, "alarm")) alarm(1);
  if (!strcmp(action, "mask")) umask(0777);
  if (!strcmp(action, "traps")) feenableexcept(FE_ALL_EXCEPT);
  if (!strcmp(action, "arithmetic")) fault_change_arithmetic();
  if (!strcmp(action, "at-exit")) atexit(fault_at_exit);
}

#endif
