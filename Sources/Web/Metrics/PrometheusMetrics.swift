import Metrics
import Synchronization

/// Numbers about the running server, in the text format that Prometheus reads (version 0.0.4): a backend
/// of swift-metrics that is handed on as a value, not set for the whole process.
///
/// Counters count up, meters hold a level, timers and recorders become histograms. Names and labels are
/// the server's own words, never a path, an address or a name.
final class PrometheusMetrics: MetricsFactory, Sendable {
  /// What a family of numbers is.
  enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  /// The upper ends of the classes of a histogram, in seconds: pages take milliseconds, a full disk or a
  /// growing delay seconds.
  static let classes = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private struct Family {
    var kind: Kind
    /// By their labels as they are written.
    var series: [String: MetricSeries] = [:]
  }

  private let families = Mutex([String: Family]())

  private func series(
    _ name: String, _ labels: [(String, String)], _ kind: Kind
  ) -> MetricSeries {
    let text = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    return families.withLock { families in
      if let known = families[name]?.series[text] { return known }
      let series = MetricSeries(classes: kind == .histogram ? Self.classes : [])
      families[name, default: Family(kind: kind)].series[text] = series
      return series
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  /// Every number, by name and labels.
  var text: String {
    let families = families.withLock { $0 }
    var lines: [String] = []
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) \(family.kind.rawValue)")
      for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
        lines += Self.lines(name, labels, family.kind, series.values)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(
    _ name: String, _ labels: String, _ kind: Kind, _ values: MetricSeries.Values
  ) -> [String] {
    let braces = labels.isEmpty ? "" : "{\(labels)}"
    guard kind == .histogram else { return ["\(name)\(braces) \(number(values.sum))"] }
    var total = 0
    var lines = zip(classes, values.counts).map { end, count in
      total += count
      return "\(name)_bucket{\(comma(labels))le=\"\(number(end))\"} \(total)"
    }
    lines.append("\(name)_bucket{\(comma(labels))le=\"+Inf\"} \(values.count)")
    return lines + [
      "\(name)_sum\(braces) \(number(values.sum))", "\(name)_count\(braces) \(values.count)",
    ]
  }

  private static func comma(_ labels: String) -> String { labels.isEmpty ? "" : labels + "," }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }

  // MARK: swift-metrics

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions, .counter)
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions, .gauge)
  }

  func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    series(label, dimensions, aggregate ? .histogram : .gauge)
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions, .histogram)
  }

  // A series is kept: a number that goes missing would look like one that stands still.
  func destroyCounter(_: any CounterHandler) {}
  func destroyMeter(_: any MeterHandler) {}
  func destroyRecorder(_: any RecorderHandler) {}
  func destroyTimer(_: any TimerHandler) {}
}

/// One number, or one histogram.
final class MetricSeries: CounterHandler, MeterHandler, RecorderHandler, TimerHandler, Sendable {
  struct Values: Sendable {
    /// The level, or the sum of what was recorded.
    var sum = 0.0
    var count = 0
    /// How many fell into each class, those above the last apart.
    var counts: [Int]
  }

  private let classes: [Double]
  private let state: Mutex<Values>

  /// - Parameter classes: the upper ends of a histogram's classes; none for a plain number.
  init(classes: [Double]) {
    self.classes = classes
    state = Mutex(Values(counts: Array(repeating: 0, count: classes.count)))
  }

  var values: Values { state.withLock { $0 } }

  func increment(by amount: Int64) { state.withLock { $0.sum += Double(amount) } }
  func increment(by amount: Double) { state.withLock { $0.sum += amount } }
  func decrement(by amount: Double) { state.withLock { $0.sum -= amount } }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.sum = value } }
  func reset() { state.withLock { $0.sum = 0 } }
  func record(_ value: Int64) { record(Double(value)) }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func record(_ value: Double) {
    guard !classes.isEmpty else { return set(value) }
    state.withLock { state in
      state.sum += value
      state.count += 1
      if let index = classes.firstIndex(where: { value <= $0 }) { state.counts[index] += 1 }
    }
  }
}
