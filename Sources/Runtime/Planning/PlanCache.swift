import AssayCore

/// Plans by operation and batch size: a validator asks for the same few sizes thousands of times a second.
final class PlanCache: Sendable {
  private struct Key: Hashable {
    let operation: Operation
    let rows: Int
  }

  private struct State {
    var generation = 0
    var plans: [Key: Plan] = [:]
  }

  private static let capacity = 1_024
  private let state = Guarded(State())

  /// The plan made for this size since devices last changed; nil when there is none.
  func plan(_ operation: Operation, rows: Int, generation: Int) -> Plan? {
    state.withLock { $0.generation == generation ? $0.plans[Key(operation: operation, rows: rows)] : nil }
  }

  /// Keeps a plan; when too many sizes were asked for, starts over.
  func keep(_ plan: Plan, rows: Int, generation: Int) {
    state.withLock { state in
      if state.generation != generation || state.plans.count >= Self.capacity {
        state = State(generation: generation)
      }
      state.plans[Key(operation: plan.operation, rows: rows)] = plan
    }
  }
}
