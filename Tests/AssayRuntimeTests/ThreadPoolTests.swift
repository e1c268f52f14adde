import AssayCore
import BackendCPU
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8]) func everyChunkRunsOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    for chunks in [0, 1, 2, 7, 1_000] {
      let counts = Guarded([Int](repeating: 0, count: chunks))
      pool.run(chunks: chunks) { chunk in counts.withLock { $0[chunk] += 1 } }
      #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test func callersOnSeveralThreadsShareAPool() async {
    let pool = ThreadPool(threads: 4)
    final class Total: Sendable { let count = Atomic<Int>(0) }
    let total = Total()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<50 { pool.run(chunks: 13) { _ in total.count.wrappingAdd(1, ordering: .relaxed) } }
        }
      }
    }
    #expect(total.count.load(ordering: .relaxed) == 8 * 50 * 13)
  }

  @Test func idleThreadsDoNotKeepTheirPool() {
    for _ in 0..<20 {
      weak var dropped: ThreadPool?
      do {
        let pool = ThreadPool(threads: 3)
        dropped = pool
        pool.run(chunks: 8) { _ in }
      }
      #expect(dropped == nil)
    }
  }
}
