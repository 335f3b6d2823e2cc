import Delimited
import Foundation

/// What a study has collected of one participant, for that participant: as one JSON document and as
/// tables that a spreadsheet opens.
///
/// It holds no identities: a copy that goes astray tells nothing about who it is of. The arm is not
/// in it either, because who knows it may answer differently.
package struct OwnData: Hashable, Sendable {
  /// One file.
  package struct File: Hashable, Sendable {
    package let name: String
    package let bytes: [UInt8]
  }

  /// `my-data.json` and the tables.
  package let files: [File]

  init(_ document: OwnDataDocument) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    files =
      [File(name: "my-data.json", bytes: Array(try encoder.encode(document)) + [0x0A])]
      + [
        Self.table(
          "occasions",
          ["occasion", "index", "opens_utc", "opens_local", "zone", "closes_utc", "state"],
          document.occasions.map {
            [
              .text($0.occasion), .integer($0.index), .text($0.opensUtc), .text($0.opensLocal),
              .text($0.zone), .text($0.closesUtc), .text($0.state),
            ]
          }),
        Self.table(
          "answers",
          [
            "occasion", "index", "instrument", "item", "question", "answer", "missing_because",
            "answered_utc",
          ],
          document.occasions.flatMap { occasion in
            occasion.answers.map {
              [
                .text(occasion.occasion), .integer(occasion.index), .text($0.instrument),
                .text($0.item), Self.cell($0.question), $0.cell, Self.cell($0.missingBecause),
                .text($0.answeredUtc),
              ]
            }
          }),
        Self.table(
          "scores", ["occasion", "index", "instrument", "score", "value", "answered", "items"],
          document.occasions.flatMap { occasion in
            occasion.scores.map {
              [
                .text(occasion.occasion), .integer(occasion.index), .text($0.instrument),
                .text($0.score), $0.value.map { .number($0) } ?? .missing, .integer($0.answered),
                .integer($0.items),
              ]
            }
          }),
        Self.table(
          "consents", ["version", "part", "agreed", "decided_utc"],
          document.consents.map {
            [
              .integer($0.version), .text($0.part), .text($0.agreed ? "yes" : "no"),
              .text($0.decidedUtc),
            ]
          }),
      ] + document.logs.tables
  }

  /// A table whose cells no spreadsheet runs: what begins like a formula gets an apostrophe. It is
  /// meant to be looked at; the JSON has every text as it was written.
  static func table(
    _ name: String, _ header: [String], _ rows: [[DelimitedWriter.Cell]]
  ) -> File {
    var writer = DelimitedWriter(lineEnding: .carriageReturnLineFeed, escapesFormulas: true)
    writer.append(texts: header)
    for row in rows { writer.append(row: row) }
    return File(name: "\(name).csv", bytes: writer.bytes)
  }

  static func cell(_ text: String?) -> DelimitedWriter.Cell {
    text.map { .text($0) } ?? .missing
  }
}
