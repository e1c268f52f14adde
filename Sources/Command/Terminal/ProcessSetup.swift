import Assay
import AssayIO
import Glibc

/// What a process does before anything else, so that no file is torn whatever its parent left it with.
enum ProcessSetup {
  /// Opens what is closed of the standard streams, keeps standard output from drivers and plugins and their `exit` from us, takes refused writes as errors, and has temporary files removed at the end.
  static func begin() {
    HeldMemory.begin()
    openStandardStreams()
    StandardOutput.makePrivate()
    ForeignExit.refuse()
    // A reader that went away, or a file that may grow no more, is an error of the write and not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    TemporaryFiles.removeAtEnd()
  }

  /// Refuses arguments that are not UTF-8: they would name other files than those that are meant.
  static func checkArguments() throws(AssayError) {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index], String(validatingCString: argument) == nil else { continue }
      throw AssayError(
        .usage, "Argument \(index) is not UTF-8: \(String(cString: argument)).", advice: "Rename the file.")
    }
  }

  /// Otherwise the first file that is opened would be standard output, or standard error.
  ///
  /// Closed input and output are opened the wrong way round, so that whoever reads or writes them is told; messages are dropped.
  private static func openStandardStreams() {
    let ways = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    for (descriptor, way) in ways where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", way) }
  }
}
