import AssayCore
import BackendOutside

/// The devices of one OpenCL library, listed when first asked for.
final class Installation: @unchecked Sendable {
  typealias Entry = (device: DiscoveredDevice, runner: DeviceRunner)
  typealias Load = @Sendable () throws(OpenCLLibrary.Missing) -> OpenCLLibrary

  /// What came of listing.
  private struct Listing {
    var entries: Result<[Entry], OpenCLLibrary.Missing>

    /// Adds a fact to every device.
    mutating func note(_ fact: String) {
      entries = entries.map { entries in
        entries.map { entry in
          var device = entry.device
          device.device = device.device.adding(fact)
          return Entry(device: device, runner: entry.runner)
        }
      }
    }
  }

  /// Drivers are asked by one thread at a time: PoCL 3.1 gives half-made devices to those that ask while another thread's first
  /// call still makes them.
  private static let discovery = ConditionLock()

  private let probe: @Sendable () -> String?
  private let list: @Sendable () -> Listing
  private let lock = ConditionLock()
  private var listed: Listing?

  /// Devices of the library that `load` gives, unless `probe` says why it must not be opened here.
  init(
    probe: @escaping @Sendable () -> String? = { nil }, load: @escaping Load, cache: ProgramCache,
    limits: Limits = Limits(),
    clock: @escaping @Sendable () -> Int64 = { monotonicNanoseconds() }, copies: Bool = false
  ) {
    self.probe = probe
    list = {
      let (entries, changes) = Outside.keepingProcessState {
        Result { () throws(OpenCLLibrary.Missing) -> [Entry] in
          let library = try load()
          return try library.devices().enumerated().map { index, found in
            var device = DiscoveredDevice(library, platform: found.platform, device: found.device, index: index)
            if copies { device.sharesHostMemory = false }
            return (device, DeviceRunner(library, device, cache: cache, limits: limits, clock: clock))
          }
        }
      }
      var listing = Listing(entries: entries)
      // Drivers with a compiler inside do that as a rule: worth a fact, and no warning.
      if let changes { listing.note("put back after it was opened: \(changes)") }
      return listing
    }
  }

  private var listing: Listing {
    lock.withLock {
      if let listed { return listed }
      if let trouble = probe() {
        let refused = Listing(entries: .failure(.init(reason: trouble)))
        listed = refused
        return refused
      }
      let listing =
        answer(within: Outside.deadline, threadNamed: "assay-opencl") { [list] in
          Self.discovery.withLock { list() }
        } ?? Listing(entries: .failure(.init(reason: "its drivers did not answer within \(Outside.deadlineInWords)")))
      listed = listing
      return listing
    }
  }

  var entries: [Entry] { (try? listing.entries.get()) ?? [] }

  var absence: String? {
    if case .failure(let missing) = listing.entries { missing.reason } else { nil }
  }

  /// Shuts the devices down that were listed.
  func shutDown() {
    // One that was never asked for its devices has nothing to give back.
    guard let listing = lock.withLock({ listed }), let entries = try? listing.entries.get() else { return }
    for entry in entries { entry.runner.shutDown() }
  }

  func entry(_ device: Device) -> Entry? {
    entries.first { $0.device.device.id == device.id }
  }
}
