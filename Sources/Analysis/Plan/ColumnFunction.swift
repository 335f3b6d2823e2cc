import Definitions

/// A function of a column that looks beyond its own row: `lag(need)`, `within(minutes)`,
/// `days_since(enrolment)`.
struct ColumnFunction: Hashable, Sendable {
  enum Kind: String, CaseIterable, Sendable {
    /// A person's deviations from their own mean over the table.
    case within
    /// That mean less the mean of all persons' means.
    case between
    /// The value at the planned occasion of the same kind before this one.
    case lag
    /// The value at the next one.
    case lead
    /// Days from an event to the session's start, or to the planned opening of one that was missed.
    case daysSince = "days_since"
  }

  let kind: Kind
  /// The column, score or exposure that it is a function of; an event for ``Kind/daysSince``.
  let argument: String
  /// Where the argument stands in the column's source, in Unicode scalars.
  let offset: Int

  /// The event that every study has.
  static let enrolment = "enrolment"
}

/// What a plan says about a column, in the words of the expression language.
///
/// The language knows no functions of other rows: each call is read as a name that is equally long, so
/// that places in messages stay right.
struct ColumnSource {
  /// What the parser reads.
  private(set) var text: String
  /// The functions by the name that stands for each.
  private(set) var functions: [String: ColumnFunction] = [:]

  /// Reads the calls whose argument is a single name; any other is left for the parser to refuse.
  init(_ source: String) {
    var scalars = Array(source.unicodeScalars)
    var start = 0
    while start < scalars.count {
      guard Self.isLetter(scalars[start]) else {
        start += 1
        continue
      }
      let end = Self.end(of: scalars, from: start, while: Self.isNamePart)
      defer { start = max(end, start + 1) }
      let word = String(String.UnicodeScalarView(scalars[start..<end]))
      guard let kind = ColumnFunction.Kind(rawValue: word), end < scalars.count,
        scalars[end] == "("
      else { continue }
      let first = Self.end(of: scalars, from: end + 1) { $0 == " " }
      let last = Self.end(of: scalars, from: first) { Self.isNamePart($0) || $0 == "-" }
      let close = Self.end(of: scalars, from: last) { $0 == " " }
      guard first < last, Self.isLetter(scalars[first]), close < scalars.count,
        scalars[close] == ")"
      else { continue }
      let argument = String(String.UnicodeScalarView(scalars[first..<last]))
      for place in end...close where !Self.isNamePart(scalars[place]) { scalars[place] = "_" }
      let name = String(String.UnicodeScalarView(scalars[start...close]))
      functions[name] = ColumnFunction(kind: kind, argument: argument, offset: first)
    }
    text = String(String.UnicodeScalarView(scalars))
  }

  /// The name of a function that the text still calls, with an argument that is no single name.
  static func unreadCall(in text: String) -> (kind: ColumnFunction.Kind, offset: Int)? {
    let scalars = Array(text.unicodeScalars)
    var start = 0
    while start < scalars.count {
      let end = end(of: scalars, from: start, while: isNamePart)
      let word = String(String.UnicodeScalarView(scalars[start..<end]))
      if let kind = ColumnFunction.Kind(rawValue: word), end < scalars.count, scalars[end] == "(" {
        return (kind, start)
      }
      start = max(end, start + 1)
    }
    return nil
  }

  private static func end(
    of scalars: [Unicode.Scalar], from start: Int, while isPart: (Unicode.Scalar) -> Bool
  ) -> Int {
    scalars[min(start, scalars.count)...].firstIndex { !isPart($0) } ?? scalars.count
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && scalar.properties.isAlphabetic
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "."
  }
}
