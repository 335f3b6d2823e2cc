package import Archives

/// Why an export is not read. No content is in it: it has counts and kinds only.
package struct LogProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// There is nothing in it.
    case empty
    /// It is of a shape that no reader knows; the case says what it looks like.
    case unknownShape(Shape)
    /// It ends in the middle of a value.
    case truncated
    /// There is no memory for it.
    case noMemory
    /// All that may be conversations is larger than one may be.
    case oversized
    /// The zip is refused.
    case archive(ArchiveProblem)
    /// A zip holds a zip that holds a zip.
    case nestedTooDeep
    /// A zip holds exports of more than one service.
    case severalSources(LogSource, LogSource)
  }

  /// What a file of unknown shape looks like.
  package enum Shape: Hashable, Sendable {
    case array, object, table, archive, other
  }

  /// What is wrong.
  package let kind: Kind

  /// A problem of a kind.
  package init(_ kind: Kind) { self.kind = kind }

  /// One sentence: what was found, what was expected.
  package var description: String {
    switch kind {
    case .unreadable: "the file cannot be read"
    case .empty: "found an empty file, expected an export of an AI service"
    case .unknownShape(let shape):
      "found \(shape.description), expected an export of "
        + LogSource.allCases.map(\.title).joined(separator: ", ")
    case .truncated:
      "found a file that ends in the middle of a conversation, expected a whole one: "
        + "download the export again"
    case .noMemory: "there is not enough memory for the file"
    case .oversized:
      "found only elements larger than a conversation may be, expected an export of "
        + "conversations: ask the service for the export again"
    case .archive(let problem): problem.description
    case .nestedTooDeep: "found a zip within a zip within a zip, expected at most two"
    case .severalSources(let one, let other):
      "found conversations of \(one.title) and of \(other.title) in one archive, expected one"
    }
  }
}

extension LogProblem.Shape {
  fileprivate var description: String {
    switch self {
    case .array: "a JSON array whose elements are no conversations"
    case .object: "a JSON object that holds no conversations"
    case .table: "a table in a zip"
    case .archive: "a zip without a file of conversations"
    case .other: "a file that is no JSON, no CSV and no zip"
    }
  }
}
