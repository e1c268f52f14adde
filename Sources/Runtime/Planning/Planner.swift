import AssayCore

/// Turns devices, a policy and measurements into plans.
struct Planner: Sendable {
  let backends: [any Backend]
  let policy: Policy
  let profile: HardwareProfile?

  /// The plan for `rows` rows of `operation`. `admit` says why a kernel must not be used, nil when it may; only kernels that come first
  /// are asked about, since a self-test takes time.
  func plan(
    _ operation: Operation, rows: Int, admit: (Plan.Candidate) -> String?
  ) throws(AssayError) -> Plan {
    var refusals: [RowsReceipt.Fallback] = []
    /// `candidates` without those that are refused before the first that is not.
    func fromFirstUsable(_ candidates: [Plan.Candidate]) -> [Plan.Candidate] {
      Array(
        candidates.drop { candidate in
          guard let reason = admit(candidate) else { return false }
          refusals.append(
            .init(device: candidate.device.id, kernel: candidate.kernel.id, rows: rows, reason: reason))
          return true
        })
    }
    /// The same of every device: each will be asked first for rows of its own.
    func usable(_ candidates: [Plan.Candidate]) -> [Plan.Candidate] {
      let devices = candidates.reduce(into: [Device]()) { if !$0.contains($1.device) { $0.append($1.device) } }
      let kept = devices.map { device in fromFirstUsable(candidates.filter { $0.device == device }) }
      return candidates.filter { candidate in
        kept.joined().contains { $0.device == candidate.device && $0.kernel.id == candidate.kernel.id }
      }
    }
    func host() throws(AssayError) -> [Plan.Candidate] {
      let host = fromFirstUsable(hostCandidates(operation, rows: rows))
      guard !host.isEmpty else {
        throw AssayError(.unavailable, "No kernel of this build computes \(operation).", advice: "See `assay devices`.")
      }
      return host
    }
    /// What stands behind other devices: asked about when its turn comes.
    let behind = hostCandidates(operation, rows: rows)
    var chain: [[Plan.Candidate]] = []
    switch policy {
    case .automatic: break
    case .prefer(let names):
      for name in names {
        let named = candidates(operation, on: name, rows: rows)
        if named.isEmpty {
          refusals.append(.init(device: name, kernel: "", rows: rows, reason: absence(of: operation, on: name)))
        }
        let admitted = usable(named)
        if !admitted.isEmpty { chain.append(admitted) }
      }
    case .require(let name, let strict):
      let named = candidates(operation, on: name, rows: rows)
      let admitted = usable(named)
      if admitted.isEmpty {
        if named.isEmpty {
          let reason = absence(of: operation, on: name)
          refusals.append(.init(device: name, kernel: "", rows: rows, reason: reason))
        }
        if strict {
          throw AssayError(
            .unavailable, "\(name) does not compute \(operation): \(refusals.last?.reason ?? "not supported").",
            advice: "Leave out --strict to run the rest on the CPU.")
        }
      }
      return Plan(
        operation: operation,
        assignments: admitted.isEmpty
          ? [.init(rows: 0..<rows, candidates: try host())] : share(operation, rows, among: admitted, host: behind),
        refusals: refusals)
    }
    if chain.isEmpty {
      let accelerators = usable(acceleratorCandidates(operation, rows: rows))
      return Plan(
        operation: operation, assignments: split(rows, host: try host(), accelerators: accelerators),
        refusals: refusals)
    }
    let order = Self.inTurn(chain.flatMap { $0 } + behind)
    return Plan(operation: operation, assignments: [.init(rows: 0..<rows, candidates: order)], refusals: refusals)
  }

  /// Shares rows out among the devices of a named backend, in proportion to their measured rates, evenly when one was not measured.
  /// A device takes a CPU thread's chunk at least. Behind each stand the others, then the host.
  private func share(
    _ operation: Operation, _ rows: Int, among named: [Plan.Candidate], host: [Plan.Candidate]
  ) -> [Plan.Assignment] {
    let devices = named.reduce(into: [Device]()) { if !$0.contains($1.device) { $0.append($1.device) } }
      .prefix(max(1, rows / operation.chunk))
    let chains = devices.map { device in
      let own = named.filter { $0.device == device }
      return (candidates: Self.inTurn(own + named + host), rate: own.first.flatMap { rate($0, rows: rows) })
    }
    let isMeasured = chains.allSatisfy { $0.rate != nil }
    return Self.divide(rows, among: chains.map { ($0.candidates, isMeasured ? $0.rate ?? 1 : 1) })
  }

  /// Each candidate where it first stands, a portable one at the end.
  private static func inTurn(_ candidates: [Plan.Candidate]) -> [Plan.Candidate] {
    endingPortable(
      candidates.reduce(into: []) { order, candidate in
        if !order.contains(where: { $0.device == candidate.device && $0.kernel.id == candidate.kernel.id }) {
          order.append(candidate)
        }
      })
  }

  /// Every kernel for `operation` of the backend or device called `name`, fastest first.
  func candidates(_ operation: Operation, on name: String, rows: Int) -> [Plan.Candidate] {
    sorted(all(operation).filter { $0.device.backend == name || $0.device.id == name }, rows: rows)
  }

  /// The kernels of the host: SIMD before portable unless measurements say otherwise.
  private func hostCandidates(_ operation: Operation, rows: Int) -> [Plan.Candidate] {
    Self.endingPortable(sorted(all(operation).filter(\.device.isHost), rows: rows))
  }

  /// Accelerators that were measured for this operation, each with its fastest kernel: none that is simulated, and none on the
  /// host's own cores, which are planned for already.
  private func acceleratorCandidates(_ operation: Operation, rows: Int) -> [Plan.Candidate] {
    all(operation).reduce(into: []) { fastest, candidate in
      guard !candidate.device.isHost, !candidate.device.isSimulated, !candidate.device.sharesHostCores,
        let rate = rate(candidate, rows: rows)
      else { return }
      guard let index = fastest.firstIndex(where: { $0.device == candidate.device }) else {
        return fastest.append(candidate)
      }
      if rate > self.rate(fastest[index], rows: rows) ?? 0 { fastest[index] = candidate }
    }
  }

  private func all(_ operation: Operation) -> [Plan.Candidate] {
    backends.flatMap { backend in
      backend.devices.flatMap { device in
        backend.kernels(for: operation, on: device).map { Plan.Candidate(device: device, kernel: $0) }
      }
    }
  }

  func absence(of operation: Operation, on name: String) -> String {
    for backend in backends where backend.name == name || backend.devices.contains(where: { $0.id == name }) {
      if let absence = backend.absence { return absence }
      for device in backend.devices where backend.name == name || device.id == name {
        if let absence = backend.absence(of: operation, on: device) { return absence }
      }
    }
    let isThere = backends.contains { $0.name == name || $0.devices.contains { $0.id == name } }
    return isThere ? "it has no kernel for this operation" : "there is no backend or device of that name"
  }

  /// Measured rows per second of a kernel at a batch size; nil when the profile has none, or one that cannot be: a profile is
  /// outside data, and shares are made from rates.
  private func rate(_ candidate: Plan.Candidate, rows: Int) -> Double? {
    profile?.rowsPerSecond(
      operation: candidate.kernel.operation, device: candidate.device.id, kernel: candidate.kernel.id, rows: rows
    ).flatMap { $0 > 0 && $0 < 1e18 ? $0 : nil }
  }

  /// By measured speed when every kernel was measured; else in the order of their backends, wider ones first, portable
  /// last, and behind them those that are meant for more rows.
  private func sorted(_ candidates: [Plan.Candidate], rows: Int) -> [Plan.Candidate] {
    let simdFirst =
      candidates.filter { $0.device.backend != "portable" } + candidates.filter { $0.device.backend == "portable" }
    let rated = simdFirst.enumerated().map {
      (offset: $0.offset, candidate: $0.element, rate: rate($0.element, rows: rows))
    }
    guard rated.allSatisfy({ $0.rate != nil }) else {
      return simdFirst.filter { $0.kernel.fewestRows <= rows } + simdFirst.filter { $0.kernel.fewestRows > rows }
    }
    return rated.sorted { ($0.rate ?? 0, -$0.offset) > ($1.rate ?? 0, -$1.offset) }.map(\.candidate)
  }

  /// The same candidates with the portable ones as the last resort too: a portable kernel may be the fastest, and it must also
  /// be the one that is still there when all others have failed.
  private static func endingPortable(_ candidates: [Plan.Candidate]) -> [Plan.Candidate] {
    guard let last = candidates.last, last.device.backend != "portable",
      let portable = candidates.first(where: { $0.device.backend == "portable" })
    else { return candidates }
    return candidates + [portable]
  }

  /// Splits rows between the host and accelerators in proportion to their measured rates. A device that would get less than a
  /// twentieth gets nothing: the join would cost more.
  private func split(
    _ rows: Int, host: [Plan.Candidate], accelerators: [Plan.Candidate]
  ) -> [Plan.Assignment] {
    var shares: [(candidates: [Plan.Candidate], rate: Double)] = accelerators.compactMap { accelerator in
      rate(accelerator, rows: rows).map { ([accelerator] + host, $0) }
    }
    if let best = host.first {
      // Without a measurement of the host, nothing shows that leaving it pays.
      guard let hostRate = rate(best, rows: rows) else { return [.init(rows: 0..<rows, candidates: host)] }
      shares.append((host, hostRate))
    }
    let total = shares.reduce(0) { $0 + $1.rate }
    shares.removeAll { $0.rate < total / 20 }
    return Self.divide(rows, among: shares)
  }

  /// Row ranges in proportion to rates.
  private static func divide(
    _ rows: Int, among shares: [(candidates: [Plan.Candidate], rate: Double)]
  ) -> [Plan.Assignment] {
    let kept = shares.reduce(0) { $0 + $1.rate }
    var assignments: [Plan.Assignment] = []
    var first = 0
    for (index, share) in shares.enumerated() {
      let end = index == shares.count - 1 ? rows : min(rows, first + Int(Double(rows) * share.rate / kept))
      if end > first || rows == 0 { assignments.append(.init(rows: first..<end, candidates: share.candidates)) }
      first = end
    }
    return assignments
  }
}
