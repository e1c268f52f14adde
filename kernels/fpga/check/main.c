// assay-board-check: tries a plugin of assay_fpga.h against every rule of the header, and with calls that it must refuse. Each trial runs in
// a process of its own, so one that crashes, hangs or ends the process fails alone.
//
//   assay-board-check PLUGIN [BOARD] [OPTIONS]
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE = 60, LINE = 512 };

static void answer(int pipe_end, board *tried, const trial *one) {
  alarm(DEADLINE);
  const char *problem = one->holds(tried);
  if (!problem) problem = "";
  if (write(pipe_end, problem, strnlen(problem, LINE - 1) + 1) < 0) _exit(1);
  _exit(0);
}

// What came of a trial, in words; empty when it holds.
static void run(board *tried, const trial *one, char problem[LINE]) {
  int ends[2];
  memset(problem, 0, LINE);
  fflush(stdout);
  if (pipe(ends) != 0) {
    snprintf(problem, LINE, "no pipe");
    return;
  }
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    answer(ends[1], tried, one);
  }
  close(ends[1]);
  const ssize_t count = child < 0 ? -1 : read(ends[0], problem, LINE - 1);
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  if (child < 0) {
    snprintf(problem, LINE, "no process");
  } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
    snprintf(problem, LINE, "it did not end within %d s", DEADLINE);
  } else if (WIFSIGNALED(status)) {
    snprintf(problem, LINE, "it crashed with signal %d", WTERMSIG(status));
  } else if (count <= 0) {
    snprintf(problem, LINE, "it ended the process with exit code %d", WEXITSTATUS(status));
  }
}

static int run_all(board *tried, const trial *trials, int count) {
  int failed = 0;
  for (int i = 0; i < count; i++) {
    char problem[LINE];
    run(tried, &trials[i], problem);
    printf("%s  %s%s%s\n", problem[0] ? "FAIL" : "ok  ", trials[i].sentence, problem[0] ? ": " : "", problem);
    failed += problem[0] != 0;
  }
  return failed;
}

int main(int count, char **arguments) {
  if (count < 2 || count > 4 || !strcmp(arguments[1], "--help")) {
    fprintf(count == 2 ? stdout : stderr, "assay-board-check PLUGIN [BOARD] [OPTIONS]\n"
            "Tries board BOARD (default 0) of a plugin of assay_fpga.h, opened with OPTIONS, against every rule of the header.\n"
            "Exit codes: 0 every rule holds; 1 one does not; 2 wrong usage.\n");
    return count == 2 ? 0 : 2;
  }
  if (!strchr(arguments[1], '/')) {
    fprintf(stderr, "assay-board-check: give the path of the file, such as ./%s\n", arguments[1]);
    return 2;
  }
  board tried = {.path = arguments[1], .options = count > 3 ? arguments[3] : NULL};
  if (count > 2) tried.index = (uint32_t)strtoul(arguments[2], NULL, 10);
  signal(SIGPIPE, SIG_IGN);
  printf("rules\n");
  int failed = run_all(&tried, rules, rule_count);
  printf("calls that are refused\n");
  failed += run_all(&tried, faults, fault_count);
  printf("%d trials, %d failed\n", rule_count + fault_count, failed);
  return failed ? 1 : 0;
}
