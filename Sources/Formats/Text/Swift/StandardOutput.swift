import Glibc
import Synchronization

/// Where standard output is.
public enum StandardOutput {
  private static let place = Atomic<Int32>(STDOUT_FILENO)

  /// The descriptor to write to.
  public static var descriptor: Int32 { place.load(ordering: .acquiring) }

  /// Moves standard output to a descriptor that only ``descriptor`` knows, and leaves /dev/null in its place: what drivers and plugins
  /// print then never mixes with results. For a program to call at its start, once. Nothing changes where that is not possible.
  public static func makePrivate() {
    let own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 64)
    let nothing = Glibc.open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { if nothing >= 0 { close(nothing) } }
    guard own >= 0, nothing >= 0, dup2(nothing, STDOUT_FILENO) == STDOUT_FILENO else {
      if own >= 0 { close(own) }
      return
    }
    place.store(own, ordering: .releasing)
  }

  /// The descriptor that `number` means to whoever started the program.
  static func place(of number: Int32) -> Int32 { number == STDOUT_FILENO ? descriptor : number }
}
