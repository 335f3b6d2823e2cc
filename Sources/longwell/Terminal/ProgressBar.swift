import Foundation

/// A one-line progress bar on standard error; where nobody watches, a line at each tenth.
struct ProgressBar: Sendable {
  private let label: String
  private let isMoving: Bool
  private var lastShown = -1

  init(_ label: String) {
    self.label = label
    self.isMoving = Console.isWatched
  }

  /// Shows how much is done.
  ///
  /// - Parameters:
  ///   - done: steps done, from 0 to `total`.
  ///   - total: all steps, above 0.
  mutating func show(_ done: Int, of total: Int) {
    let steps = isMoving ? 100 : 10
    let step = total > 0 ? done * steps / total : steps
    guard step != lastShown else { return }
    lastShown = step
    let percent = step * 100 / steps
    guard isMoving else {
      Console.raw("\(label): \(percent) %")
      return
    }
    let filled = percent * 30 / 100
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    write("\r\(label) \(bar) \(percent) %\(done == total ? "\n" : "")")
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
