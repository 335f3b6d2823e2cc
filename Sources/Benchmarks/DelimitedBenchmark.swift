import Delimited
import Foundation

/// Reading a CSV file of 3 million rows into typed columns.
enum DelimitedBenchmark {
  static func run() throws {
    let growth = GrowthData(people: 100_000, occasions: 30, seed: 1)
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let bytes = growth.csv()
    try bytes.write(to: file)
    print("Reading a CSV file of \(bytes.count / 1_000_000) MB, \(growth.y.count) rows, 4 columns")
    let ours = try Measurement.of(
      {
        var options = DelimitedOptions()
        options.textColumns = ["id"]
        _ = try DelimitedText.readColumns(contentsOf: file, options: options)
      }, runs: 3)
    let bound = try Measurement.of(
      {
        let data = try Data(contentsOf: file, options: .mappedIfSafe)
        _ = data.reduce(into: 0) { $0 += $1 == 0x0A ? 1 : 0 }
      }, runs: 3)
    print("  \(ours.text)")
    print("  bound, counting its lines: \(bound.text)")
    let peer = try Peer.r(
      "library(data.table)", timed: "fread('\(file.path)')", packages: ["data.table"], runs: 3)
    print(
      peer.map {
        "  data.table::fread \($0.text): ours takes "
          + "\(ratio(ours.processorMedian, to: $0.processorMedian)) that in CPU"
      } ?? "  data.table::fread: not installed, skipped")
  }
}
