import Foundation

/// Seconds of repeated runs of one piece of work.
struct Measurement {
  var elapsed: [Double]
  var processor: [Double]
  /// The most memory that the process held, in bytes.
  var peakMemory: Double?

  /// Runs work a number of times after one run that does not count.
  static func of(_ work: () throws -> Void, runs: Int) rethrows -> Measurement {
    try work()
    var measurement = Measurement(elapsed: [], processor: [])
    let clock = ContinuousClock()
    for _ in 0..<runs {
      let start = clock.now
      let processorStart = processorSeconds()
      try work()
      measurement.processor.append(processorSeconds() - processorStart)
      measurement.elapsed.append(start.duration(to: clock.now).seconds)
    }
    return measurement
  }

  /// The median of the elapsed seconds.
  var median: Double { Self.median(elapsed) }
  /// The median of the processor seconds: what counts on a machine that others use too.
  var processorMedian: Double { Self.median(processor) }

  /// Median, range, processor time and memory: "12.3 ms (11.9 to 14.0; CPU 20.1 (19.8 to 20.5))".
  var text: String {
    "\(milliseconds(median)) ms \(Self.range(elapsed)); "
      + "CPU \(milliseconds(processorMedian)) \(Self.range(processor))"
      + (peakMemory.map { String(format: "; %.0f MB", $0 / 1e6) } ?? "")
  }

  private static func range(_ numbers: [Double]) -> String {
    guard numbers.count > 1, let low = numbers.min(), let high = numbers.max() else { return "" }
    return "(\(milliseconds(low)) to \(milliseconds(high)))"
  }

  private static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  /// Processor seconds of this process, or of the programs it has waited for.
  static func processorSeconds(ofChildren: Bool = false) -> Double {
    var usage = rusage()
    getrusage(
      __rusage_who_t(ofChildren ? RUSAGE_CHILDREN.rawValue : RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// Seconds as milliseconds with three significant digits.
func milliseconds(_ seconds: Double) -> String {
  let value = seconds * 1000
  return String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
}

/// A ratio in words: "174 ×".
func ratio(_ peer: Double, to ours: Double) -> String {
  let value = peer / ours
  return String(format: value < 10 ? "%.1f ×" : "%.0f ×", value)
}
