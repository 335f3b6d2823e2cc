import Foundation

/// Seconds of repeated runs of one piece of work.
struct Measurement {
  var elapsed: [Double]
  var processor: [Double]

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

  /// Median, range and processor time: "12.3 ms (11.9 to 14.0; CPU 20.1)".
  var text: String {
    let low = elapsed.min() ?? .nan
    let high = elapsed.max() ?? .nan
    return "\(milliseconds(median)) ms (\(milliseconds(low)) to \(milliseconds(high)); "
      + "CPU \(milliseconds(Self.median(processor))))"
  }

  private static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
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
