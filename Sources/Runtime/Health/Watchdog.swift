package import AssayCore

/// Calls devices with a deadline, outside a dispatcher: measurements and tests must not hang with a device. One that did not answer
/// in time is not called again.
package final class Watchdog: Sendable {
  private let deadline: Duration
  private let runners = Runners()
  private let hung = Guarded<[String: String]>([:])

  /// A watchdog that gives every call `deadline`.
  package init(deadline: Duration = .seconds(120)) {
    self.deadline = deadline
  }

  /// `kernel` of `device` with a deadline; kernels of the host, which cannot hang alone, as they are. Whatever a call that hangs was
  /// given must not be used by anybody else afterwards.
  package func watch(_ kernel: any Kernel, on device: Device) -> any Kernel {
    device.isHost ? kernel : Watched(base: kernel, device: device, watchdog: self)
  }

  /// Why `device` is not called any more; nil when it is.
  package func complaint(about device: Device) -> String? {
    hung.withLock { $0[device.id] }
  }

  private struct Watched: Kernel {
    let base: any Kernel
    let device: Device
    let watchdog: Watchdog

    var operation: Operation { base.operation }
    var id: String { base.id }

    func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
      if let reason = watchdog.complaint(about: device) { throw KernelFailure(reason, retiresDevice: true) }
      let batch = batch.owningItsMemory()
      let outcome = watchdog.runners.run(deadline: watchdog.deadline.nanoseconds) { [base] in
        try base.run(batch, rows: rows, into: results)
      }
      switch outcome {
      case .returned: return
      case .failed(let error): throw error
      case .timedOut:
        let reason = "\(operation.name) did not end within \(watchdog.deadline); the device is not asked again"
        watchdog.hung.withLock { $0[device.id] = reason }
        throw KernelFailure(reason, retiresDevice: true)
      }
    }
  }
}
