import Delimited
import Statistics

/// The conditional modes of the random effects (BLUPs) as a CSV file: one row for each level and term.
enum ConditionalModesFile {
  /// The file's bytes: group, level, term, value, and its conditional standard deviation.
  static func bytes(_ modes: [ConditionalModes]) -> [UInt8] {
    var writer = DelimitedWriter()
    writer.append(texts: ["group", "level", "term", "value", "sd"])
    for group in modes {
      for (row, level) in group.levels.enumerated() {
        for (column, term) in group.terms.enumerated() {
          let variance = group.conditionalCovariance(ofLevel: row)[column, column]
          writer.append(row: [
            .text(group.group), .text(level), .text(term), .number(group.values[row, column]),
            .number(variance.squareRoot()),
          ])
        }
      }
    }
    return writer.bytes
  }
}
