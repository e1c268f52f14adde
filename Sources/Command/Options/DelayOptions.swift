import ArgumentParser

/// How long rows from a pipe may wait for one another: an option of commands that answer row by row.
struct DelayOptions: UnrecordedOptions {
  @Option(
    help: "The longest time, in milliseconds, that a row from a pipe waits for others before its result is written.")
  var maxDelay = 20.0

  func validate() throws {
    guard (0...60_000).contains(maxDelay) else { throw ValidationError("--max-delay takes 0 to 60000 milliseconds.") }
  }

  /// The longest delay.
  var longest: Duration { .microseconds(Int64((maxDelay * 1000).rounded())) }
}
