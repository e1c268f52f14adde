import AssayCore
import Synchronization

/// What a dispatcher knows of its devices: which kernels passed their self-test and which devices are not to be used again.
final class DeviceHealth: @unchecked Sendable {
  private struct Key: Hashable {
    let device: String
    let kernel: String
    let operation: Operation
  }

  private let lock = ConditionLock()
  /// Nil inside means admitted.
  private var admissions: [Key: String?] = [:]
  private var testing: Set<Key> = []
  private var retired: [String: String] = [:]
  private let changes = Atomic<Int>(0)

  /// Changes whenever a device or kernel stops being used: plans made before are then out of date.
  var generation: Int { changes.load(ordering: .acquiring) }

  /// Why a kernel must not be used; nil when it may. The first question about a kernel runs `test`, its self-test; others wait.
  func refusal(_ candidate: Plan.Candidate, test: () -> String?) -> String? {
    let key = Key(device: candidate.device.id, kernel: candidate.kernel.id, operation: candidate.kernel.operation)
    lock.lock()
    while testing.contains(key) { lock.wait() }
    if let reason = retired[candidate.device.id] {
      lock.unlock()
      return reason
    }
    if let admission = admissions[key] {
      lock.unlock()
      return admission
    }
    testing.insert(key)
    lock.unlock()
    let refusal = test()
    lock.withLock {
      testing.remove(key)
      admissions[key] = .some(refusal)
      lock.wakeAll()
    }
    return refusal
  }

  /// Stops using one kernel.
  func refuse(_ candidate: Plan.Candidate, because reason: String) {
    let key = Key(device: candidate.device.id, kernel: candidate.kernel.id, operation: candidate.kernel.operation)
    lock.withLock { admissions[key] = .some(reason) }
    changes.wrappingAdd(1, ordering: .releasing)
  }

  /// Stops using a device.
  func retire(_ device: Device, because reason: String) {
    guard !device.isHost else { return }
    lock.withLock { retired[device.id] = retired[device.id] ?? reason }
    changes.wrappingAdd(1, ordering: .releasing)
  }

  /// Why a device is not used any more; nil when it is.
  func retirement(_ device: Device) -> String? {
    lock.withLock { retired[device.id] }
  }
}
