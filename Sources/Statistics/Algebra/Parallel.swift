import Dispatch
import Synchronization

/// Runs numbered pieces of work on some threads; the results stand in the order of the numbers, so
/// that what is made of them does not depend on the number of threads.
func inParallel<Piece: Sendable>(
  _ count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Piece
) -> [Piece] {
  guard threads > 1, count > 1 else { return (0..<count).map(work) }
  let pieces = Mutex<[Piece?]>([Piece?](repeating: nil, count: count))
  let next = Mutex(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while true {
      let number = next.withLock { number in
        defer { number += 1 }
        return number
      }
      guard number < count else { return }
      let piece = work(number)
      pieces.withLock { $0[number] = piece }
    }
  }
  return pieces.withLock { $0.compactMap(\.self) }
}
