import CAssayOutside

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Code from outside this build: drivers, plugins and libraries that are opened at run time. It may crash when it is loaded, hang, end the
/// process, or change what belongs to the whole process, so a child process tries it first (see `assay_outside.h`).
package enum Outside {
  /// The variable that says how many seconds outside code may take to be opened and to tell of its devices.
  private static let variable = "ASSAY_DISCOVERY_SECONDS"

  /// What the variable says; nil when that is not a number of seconds.
  private static let seconds: Int64? = {
    guard let text = getenv(variable).map({ String(cString: $0) }), !text.isEmpty else { return 20 }
    return Int64(text).flatMap { (1...600).contains($0) ? $0 : nil }
  }()

  /// How long outside code may take, in a probe and again in this process, in nanoseconds.
  package static var deadline: Int64 { (seconds ?? 20) * 1_000_000_000 }

  /// ``deadline`` in words.
  package static var deadlineInWords: String { "\(seconds ?? 20) s" }

  /// Why the code that the probe of `kind` opens must not be opened here, a clause such as "it crashes (SIGSEGV) when it is loaded"; nil
  /// when a child process has opened it and got all its answers.
  package static func trouble(_ kind: UnsafePointer<CChar>, _ first: String? = nil, _ second: String? = nil) -> String?
  {
    guard seconds != nil else { return "\(variable) is not a number of seconds from 1 to 600" }
    var reason = [CChar](repeating: 0, count: 512)
    guard assay_probe(kind, first, second, deadline, &reason, reason.count) != 0 else { return nil }
    return words(reason)
  }

  /// Calls `body`, which calls outside code, and puts back what belongs to the whole process or this thread: signal handlers, the alarm
  /// timer, the file mode mask, the working directory, blocked signals, the rounding of arithmetic. `changes` says in words what had changed; nil when nothing had.
  package static func keepingProcessState<R>(_ body: () -> R) -> (result: R, changes: String?) {
    var guardian = assay_guard()
    assay_guard_enter(&guardian)
    let result = body()
    var changes = [CChar](repeating: 0, count: 512)
    guard assay_guard_leave(&guardian, &changes, changes.count) != 0 else { return (result, nil) }
    return (result, words(changes))
  }

  /// The text in an array of characters.
  private static func words(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
