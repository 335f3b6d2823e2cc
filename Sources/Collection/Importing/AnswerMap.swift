package import Definitions
package import Foundation
import LocalTime

/// How the columns of a table from elsewhere become answers of a study: which column says who, when
/// and which occasion, and which columns are which items.
package struct AnswerMap: Hashable, Sendable {
  /// Who numbered the people: the same number of another source is somebody else.
  package let source: String
  /// The column that says who: a pseudonym of the study, or the source's own number.
  package let participant: String
  /// What people need who are not in the study; `nil` where nobody new may come.
  package let newcomers: Newcomers?
  /// Which occasion a row is.
  package let occasion: OccasionSource
  /// The column of the moment of answering.
  package let date: String
  /// How dates are written: `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss` and what stands between; `nil` for
  /// ISO 8601.
  package let dateFormat: String?
  /// The zone whose clocks the dates show.
  package let zone: TimeZone
  /// Cells that stand for no answer.
  package let missing: Set<String>
  /// What separates cells.
  package let delimiter: UInt8
  /// The columns that are items.
  package let items: [ItemSource]

  /// What is known of the people who are not in the study yet.
  package struct Newcomers: Hashable, Sendable {
    /// Their time zone, an IANA name.
    package let zone: String
    /// Their site; may be left open where there is only one.
    package let site: String?
    /// Their language; the study's first by default.
    package let language: String?
    /// The parts of the consent that they agreed to where they were asked.
    package let agreed: Set<String>
  }

  /// Where the occasion of a row is said.
  package enum OccasionSource: Hashable, Sendable {
    /// All rows are of one.
    case all(Wave)
    /// By a column; what is `nil` is left out.
    case column(String, [String: Wave?])
  }

  /// An occasion of the plan.
  package struct Wave: Hashable, Sendable {
    /// Its id in the study file.
    package let plan: String
    /// Which repetition, from 0.
    package let index: Int
  }

  /// A column whose cells are answers to an item.
  package struct ItemSource: Hashable, Sendable {
    package let instrument: String
    package let item: String
    package let column: String
    /// What cells mean, by their text; others stand for themselves.
    package let recode: [String: String]
    /// Further cells that stand for no answer.
    package let missing: Set<String>
    /// Where the map names it.
    package let place: Place
  }
}

extension AnswerMap {
  /// Reads a map; reports every mistake in it.
  package static func load(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> AnswerMap? {
    let before = problems.errorCount
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &problems),
      var reader = MappingReader(root, describing: "a map of answers", problems: &problems)
    else { return nil }
    let source = reader.optionalString("source", problems: &problems)?.value ?? ""
    let participant = reader.string("participant", problems: &problems)?.value
    let newcomers = reader.optionalMapping(
      "enrol", describing: "what new people need", problems: &problems
    ).flatMap { Self.newcomers($0, problems: &problems) }
    let occasion = reader.node("occasion", problems: &problems).flatMap {
      occasionSource($0, problems: &problems)
    }
    let date = reader.mapping("date", describing: "the date of a row", problems: &problems)
      .flatMap { dateSource($0, problems: &problems) }
    let missing = reader.optionalStrings("missing", problems: &problems)?.map(\.value) ?? []
    let delimiter = reader.optionalString("delimiter", problems: &problems)
    if let delimiter, !Self.delimiters.keys.contains(delimiter.value) {
      problems.report(
        at: delimiter.place, found: "the delimiter \(quoted(delimiter.value))",
        expected: "',', ';' or tab")
    }
    let items = reader.mapping("items", describing: "the items by instrument", problems: &problems)
      .map { itemSources($0, problems: &problems) }
    reader.finish(problems: &problems)
    guard problems.errorCount == before, let participant, let occasion, let date, let items else {
      return nil
    }
    return AnswerMap(
      source: source, participant: participant, newcomers: newcomers, occasion: occasion,
      date: date.column, dateFormat: date.format, zone: date.zone, missing: Set(missing + [""]),
      delimiter: delimiter.flatMap { delimiters[$0.value] } ?? UInt8(ascii: ","), items: items)
  }

  private static let delimiters: [String: UInt8] = [
    ",": UInt8(ascii: ","), ";": UInt8(ascii: ";"), "tab": UInt8(ascii: "\t"),
  ]

  private static func newcomers(
    _ mapping: MappingReader, problems: inout Problems
  ) -> Newcomers? {
    var reader = mapping
    let zone = reader.string("zone", problems: &problems)
    if let zone { _ = checked(zone, problems: &problems) }
    let site = reader.optionalString("site", problems: &problems)
    let language = reader.optionalString("language", problems: &problems)
    let agreed = reader.strings("agreed", problems: &problems)
    reader.finish(problems: &problems)
    guard let zone, let agreed else { return nil }
    return Newcomers(
      zone: zone.value, site: site?.value, language: language?.value,
      agreed: Set(agreed.map(\.value)))
  }

  private static func checked(
    _ zone: Located<String>, problems: inout Problems
  ) -> TimeZone? {
    do throws(ZoneProblem) {
      return try timeZone(named: zone.value)
    } catch {
      problems.report(
        at: zone.place, found: "the zone \(quoted(zone.value))",
        expected: "an IANA name such as Europe/Amsterdam", suggestion: error.suggestion)
      return nil
    }
  }

  private static func dateSource(
    _ mapping: MappingReader, problems: inout Problems
  ) -> (column: String, format: String?, zone: TimeZone)? {
    var reader = mapping
    let column = reader.string("column", problems: &problems)
    let format = reader.optionalString("format", problems: &problems)
    if let format, DateLayout(format.value) == nil {
      problems.report(
        at: format.place, found: "the format \(quoted(format.value))",
        expected: "yyyy, MM and dd once each, such as dd.MM.yyyy HH:mm")
    }
    let zone = reader.string("zone", problems: &problems).flatMap {
      checked($0, problems: &problems)
    }
    reader.finish(problems: &problems)
    guard let column, let zone else { return nil }
    return (column.value, format?.value, zone)
  }

  private static func occasionSource(
    _ node: DefinitionNode, problems: inout Problems
  ) -> OccasionSource? {
    guard case .mapping = node.content else {
      return wave(node, problems: &problems).map { .all($0) }
    }
    guard var reader = MappingReader(node, describing: "the occasion", problems: &problems)
    else { return nil }
    let column = reader.string("column", problems: &problems)
    let waves = reader.mapping("waves", describing: "the occasions by cell", problems: &problems)
    reader.finish(problems: &problems)
    guard let column, let waves else { return nil }
    var named: [String: Wave?] = [:]
    for entry in waves.entries {
      let meant: Wave? = entry.value.isNothing ? nil : wave(entry.value, problems: &problems)
      named.updateValue(meant, forKey: entry.key.value)
    }
    return .column(column.value, named)
  }

  /// `week 3`, counted from 1 as people do, or `week` for the first.
  private static func wave(_ node: DefinitionNode, problems: inout Problems) -> Wave? {
    let expected = "an occasion of the study, such as baseline or week 3"
    guard let text = node.string(expecting: expected, problems: &problems) else { return nil }
    let parts = text.split(separator: " ")
    if parts.count == 1 { return Wave(plan: String(parts[0]), index: 0) }
    if parts.count == 2, let number = Int(parts[1]), (1...100_000).contains(number) {
      return Wave(plan: String(parts[0]), index: number - 1)
    }
    problems.report(at: node.place, found: quoted(text), expected: expected)
    return nil
  }

  private static func itemSources(
    _ mapping: MappingReader, problems: inout Problems
  ) -> [ItemSource] {
    var sources: [ItemSource] = []
    for instrument in mapping.entries {
      guard
        let items = MappingReader(
          instrument.value, describing: "the items of \(instrument.key.value)",
          problems: &problems)
      else { continue }
      for item in items.entries {
        let source = itemSource(
          item, of: instrument.key.value, problems: &problems)
        if let source { sources.append(source) }
      }
    }
    return sources
  }

  private static func itemSource(
    _ entry: DefinitionNode.Entry, of instrument: String, problems: inout Problems
  ) -> ItemSource? {
    guard case .mapping = entry.value.content else {
      return entry.value.string(expecting: "a column", problems: &problems).map {
        ItemSource(
          instrument: instrument, item: entry.key.value, column: $0, recode: [:], missing: [],
          place: entry.key.place)
      }
    }
    guard var reader = MappingReader(entry.value, describing: "an item", problems: &problems)
    else { return nil }
    let column = reader.string("column", problems: &problems)
    let missing = reader.optionalStrings("missing", problems: &problems)?.map(\.value) ?? []
    let recodes = reader.optionalMapping(
      "recode", describing: "what cells mean", problems: &problems)
    reader.finish(problems: &problems)
    var recode: [String: String] = [:]
    for pair in recodes?.entries ?? [] {
      recode[pair.key.value] = pair.value.string(problems: &problems)
    }
    return column.map {
      ItemSource(
        instrument: instrument, item: entry.key.value, column: $0.value, recode: recode,
        missing: Set(missing), place: entry.key.place)
    }
  }
}
