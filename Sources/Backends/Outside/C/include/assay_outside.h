// Code from outside this build: drivers, plugins and libraries that are opened at run time. It may crash in a constructor, hang,
// end the process, or change what belongs to the whole process. Here is what stands between it and us.
//
// - A probe: a child process opens the code first and asks it everything that the host will ask, with a deadline. The child is this
//   very program, started again: a constructor of ours answers before `main` and ends the child, so a program needs no helper beside
//   it, and a library none beside its own file.
// - A guard: what belongs to the whole process is noted before such code runs here, and put back after.
#ifndef ASSAY_OUTSIDE_H
#define ASSAY_OUTSIDE_H

#include <fenv.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#pragma clang assume_nonnull begin

// asking

/// Asks a child process about `kind` ("opencl", "openblas", "fpga") with up to two arguments, either of which may be null.
/// Returns 0 when it was opened there and answered every question within `nanoseconds`; else -1 and, in `reason`, what happened:
/// "it crashes (SIGSEGV) when it is loaded", cut to `capacity` bytes with the terminating zero. Where there are no probes (any
/// system but Linux) the answer is always 0.
int assay_probe(const char *kind, const char *_Nullable first, const char *_Nullable second, int64_t nanoseconds, char *reason,
                size_t capacity);

// answering

/// A child's side of a probe.
typedef struct assay_probe_child {
  int descriptor;
  const char *_Nullable first;
  const char *_Nullable second;
} assay_probe_child;

/// What a child does: asks everything, saying before each question what it asks. Null when all is well, else why not, a clause that
/// is told to the user.
typedef const char *_Nullable (*assay_probe_answer)(assay_probe_child *child);

/// To be called in a constructor of an object file that the program is sure to contain: when this process is the probe of `kind`, answers it and ends. Else returns at once.
void assay_probe_serve(const char *kind, assay_probe_answer answer);

/// Says what is asked next, "when it is loaded": the words that a crash, a hang or an exit is told with.
void assay_probe_step(const assay_probe_child *child, const char *words);

// guarding

enum { ASSAY_GUARD_SIGNALS = 65 };

/// What belongs to the whole process or to the calling thread, as it was.
typedef struct assay_guard {
  struct sigaction handlers[ASSAY_GUARD_SIGNALS];
  struct itimerval timer;
  unsigned mask;
  int directory;
  sigset_t blocked;
  fenv_t arithmetic;
} assay_guard;

/// Notes signal handlers, the alarm timer, the file mode mask and the working directory, and of the calling thread the signals that are
/// blocked and how arithmetic rounds.
void assay_guard_enter(assay_guard *guard);

/// Puts back what has changed since. Returns 0 when nothing had, else 1 and, in `changes`, a list in words: "the handler of SIGINT,
/// the working directory", cut to `capacity` bytes with the terminating zero.
int assay_guard_leave(assay_guard *guard, char *changes, size_t capacity);

#pragma clang assume_nonnull end

#endif
