import CAssayText

/// The temporary files of the process.
public enum TemporaryFiles {
  /// From now on they are removed when the process ends by `exit`, or by SIGINT, SIGTERM or SIGHUP where these end it: for programs
  /// that leave those signals to the system.
  public static func removeAtEnd() { assay_text_remove_at_end() }

  /// Removes them: for programs that end past `exit`.
  public static func removeNow() { assay_text_remove_now() }
}
