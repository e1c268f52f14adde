// Starts this program again as a probe, listens to it, and says in words how it ended.
#define _GNU_SOURCE
#include "probe.h"
#include "assay_outside.h"

#include <stdio.h>

#if defined(__linux__)
#include <errno.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// the child's environment

// The file that this code lies in when that is a shared object and not the program: the child must load it too, which the
// program alone might not. Null for the program.
static const char *shared_object(void) {
  Dl_info info;
  struct link_map *map = NULL;
  if (!dladdr1((const void *)&assay_probe, &info, (void **)&map, RTLD_DL_LINKMAP) || !map) return NULL;
  // The program's own entry has no name.
  return map->l_name && map->l_name[0] ? info.dli_fname : NULL;
}

static int is_ours(const char *variable, const char *name) {
  const size_t length = strlen(name);
  return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static char *joined(const char *name, const char *value) {
  char *variable = NULL;
  return asprintf(&variable, "%s=%s", name, value) < 0 ? NULL : variable;
}

static void free_environment(char **environment, size_t first_own) {
  if (!environment) return;
  for (size_t i = first_own; environment[i]; i++) free(environment[i]);
  free(environment);
}

// The caller's variables and ours; those from *first_own on are allocated. Null without memory.
static char **make_environment(const char *kind, const char *first, const char *second, size_t *first_own) {
  const char *const names[] = {PROBE_KIND, PROBE_FIRST, PROBE_SECOND, "LD_PRELOAD"};
  const char *const values[] = {kind, first, second, shared_object()};
  enum { OWN = sizeof names / sizeof names[0] };
  size_t count = 0;
  while (environ && environ[count]) count++;
  char **environment = calloc(count + OWN + 1, sizeof *environment);
  if (!environment) return NULL;
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    int replaced = 0;
    for (size_t j = 0; j < OWN; j++) replaced |= (j < 3 || values[j]) && is_ours(environ[i], names[j]);
    if (!replaced) environment[used++] = environ[i];
  }
  *first_own = used;
  for (size_t j = 0; j < OWN; j++) {
    if (!values[j]) continue;
    environment[used] = joined(names[j], values[j]);
    if (!environment[used++]) {
      free_environment(environment, *first_own);
      return NULL;
    }
  }
  return environment;
}

// the child

// Starts the child: its standard descriptors on /dev/null, the pipe's end at PROBE_DESCRIPTOR, nothing else open, signals as a
// new program expects them, in a process group of its own. 0, or an errno.
static int start(char **environment, int pipe_end, pid_t *child) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, pipe_end, PROBE_DESCRIPTOR);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, PROBE_DESCRIPTOR + 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  char *arguments[] = {(char *)"assay-probe", NULL};
  const int error = posix_spawn(child, "/proc/self/exe", &files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

// No wait status: those are not negative.
enum { UNKNOWN_STATUS = -1 };

// What was heard of a child.
typedef struct report {
  char line[PROBE_LINE];  ///< the line that is coming in
  size_t length;
  char step[PROBE_LINE];  ///< what it asked last
  char problem[PROBE_LINE];
  int is_well, is_over;
} report;

static void take(report *heard, const char *bytes, size_t count) {
  for (size_t i = 0; i < count && !heard->is_over; i++) {
    if (heard->length < sizeof heard->line - 1) heard->line[heard->length++] = bytes[i];
    if (bytes[i]) continue;
    heard->line[heard->length] = 0;
    const char *words = heard->line + 1;
    switch (heard->line[0]) {
    case PROBE_STEP: snprintf(heard->step, sizeof heard->step, "%s", words); break;
    case PROBE_PROBLEM: snprintf(heard->problem, sizeof heard->problem, "%s", words); heard->is_over = 1; break;
    case PROBE_WELL: heard->is_well = heard->is_over = 1; break;
    }
    heard->length = 0;
  }
}

// Reads what has come; 0 when nothing more can come.
static int hear(int descriptor, report *heard) {
  char bytes[PROBE_LINE];
  const ssize_t count = read(descriptor, bytes, sizeof bytes);
  if (count > 0) take(heard, bytes, (size_t)count);
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

// Whether the child has ended. A program that ignores SIGCHLD, or waits for every child itself, never learns how.
static int end_of(pid_t child, int *status) {
  const pid_t ended = waitpid(child, status, WNOHANG);
  if (ended < 0 && errno == ECHILD) *status = UNKNOWN_STATUS;
  return ended == child || (ended < 0 && errno == ECHILD);
}

// Listens until the child has said all, has ended, or its time is over. 1 when it has ended, with its wait status.
static int listen_to(int descriptor, pid_t child, int64_t nanoseconds, report *heard, int *status) {
  const int64_t deadline = now() + nanoseconds;
  int is_open = 1;
  while (!heard->is_over && now() < deadline) {
    struct pollfd poll_for = {.fd = descriptor, .events = POLLIN};
    const int ready = is_open ? poll(&poll_for, 1, 10) : poll(NULL, 0, 10);
    if (ready > 0) {
      is_open = hear(descriptor, heard);
    } else if (end_of(child, status)) {
      // What it said before it ended has arrived by now.
      while (!heard->is_over && hear(descriptor, heard) && poll(&poll_for, 1, 0) > 0) {}
      return 1;
    }
  }
  return 0;
}

// Says in words how a child ended that had not said all.
static void say_end(int has_ended, int status, const report *heard, int64_t nanoseconds, char *reason, size_t capacity) {
  const char *step = heard->step[0] ? heard->step : "when the program is started again to try it";
  if (!has_ended) {
    snprintf(reason, capacity, "it does not answer within %lld s %s", (long long)(nanoseconds / 1000000000), step);
  } else if (status == UNKNOWN_STATUS) {
    snprintf(reason, capacity, "it ends the process %s", step);
  } else if (WIFSIGNALED(status)) {
    const char *name = sigabbrev_np(WTERMSIG(status));
    snprintf(reason, capacity, "it crashes (SIG%s) %s", name ? name : "?", step);
  } else {
    snprintf(reason, capacity, "it ends the process with exit code %d %s", WEXITSTATUS(status), step);
  }
}

int assay_probe(const char *kind, const char *first, const char *second, int64_t nanoseconds, char *reason, size_t capacity) {
  if (!probe_is_served(kind) || getauxval(AT_SECURE)) {
    snprintf(reason, capacity, "this program cannot be started again to try it");
    return -1;
  }
  size_t first_own = 0;
  int ends[2];
  char **environment = make_environment(kind, first, second, &first_own);
  if (!environment || pipe2(ends, O_CLOEXEC) != 0) {
    free_environment(environment, first_own);
    snprintf(reason, capacity, "there is no memory or no descriptor left to try it with");
    return -1;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  pid_t child = 0;
  const int error = start(environment, ends[1], &child);
  free_environment(environment, first_own);
  close(ends[1]);
  if (error) {
    close(ends[0]);
    snprintf(reason, capacity, "no process could be started to try it in: %s", strerror(error));
    return -1;
  }
  report heard = {0};
  int status = 0;
  const int has_ended = listen_to(ends[0], child, nanoseconds, &heard, &status);
  close(ends[0]);
  kill(-child, SIGKILL);
  if (!has_ended) while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
  if (heard.is_well) return 0;
  if (heard.is_over) {
    snprintf(reason, capacity, "%s", heard.problem);
  } else {
    say_end(has_ended, status, &heard, nanoseconds, reason, capacity);
  }
  return -1;
}

#else

int assay_probe(const char *kind, const char *first, const char *second, int64_t nanoseconds, char *reason, size_t capacity) {
  (void)kind;
  (void)first;
  (void)second;
  (void)nanoseconds;
  (void)reason;
  (void)capacity;
  return 0;
}

#endif
