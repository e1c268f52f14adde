import Glibc

/// Ends of the process that are not the command's: a driver or plugin that calls `exit`. The command itself ends without `exit`, so that
/// whoever gets here is somebody else, and so that what drivers and plugins registered for the end cannot change how it went.
enum ForeignExit {
  /// Makes every call of `exit` in this process, whatever its argument, end it with the status of a device that is not there.
  static func refuse() {
    atexit {
      Terminal.tell("assay: a driver, plugin or library ended the process; its results are not complete.\n")
      ExitStatus.unavailable.end()
    }
  }
}
