package import Definitions
import Foundation
import LocalTime

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
    let decimal = reader.optionalString("decimal", problems: &problems)
    if let decimal, ![",", "."].contains(decimal.value) {
      problems.report(
        at: decimal.place, found: "the decimal mark \(quoted(decimal.value))",
        expected: "',' or '.'")
    }
    let items = reader.mapping("items", describing: "the items by instrument", problems: &problems)
      .map { itemSources($0, problems: &problems) }
    reader.finish(problems: &problems)
    if case .wide = occasion, let date, let items {
      checkPlaceholders(dates: date.columns, items, problems: &problems)
    }
    guard problems.errorCount == before, let participant, let occasion, let date, let items else {
      return nil
    }
    return AnswerMap(
      source: source, participant: participant, newcomers: newcomers, occasion: occasion,
      dates: date.columns.map(\.value), skipsUnfinished: date.skipsUnfinished,
      dateLayout: date.layout, zone: date.zone,
      missing: Set(missing + [""]),
      delimiter: delimiter.flatMap { delimiters[$0.value] } ?? UInt8(ascii: ","),
      hasDecimalComma: decimal?.value == ",", items: items)
  }

  private static let delimiters: [String: UInt8] = [
    ",": UInt8(ascii: ","), ";": UInt8(ascii: ";"), "tab": UInt8(ascii: "\t"),
  ]

  /// In a wide table a name without the placeholder would give each occasion the same cell.
  private static func checkPlaceholders(
    dates: [Located<String>], _ items: [ItemSource], problems: inout Problems
  ) {
    let columns =
      dates.map { ($0.value, $0.place) }
      + items.flatMap { item in item.columns.map { ($0, item.place) } }
    for (column, place) in columns where !column.contains(placeholder) {
      problems.report(
        at: place, found: "\(quoted(column)), the same column for each wave",
        expected: "a name with \(placeholder), such as \(column)_\(placeholder)",
        suggestion: "bring in what was asked once by a map of its own")
    }
  }

  // MARK: People

  private static func newcomers(
    _ mapping: MappingReader, problems: inout Problems
  ) -> Newcomers? {
    var reader = mapping
    let zone = zone(of: &reader, problems: &problems)
    let site = optionalFact("site", of: &reader, problems: &problems)
    let language = optionalFact("language", of: &reader, problems: &problems)
    let agreed = reader.strings("agreed", problems: &problems)
    reader.finish(problems: &problems)
    guard let zone, let agreed else { return nil }
    return Newcomers(
      zone: zone, site: site, language: language, agreed: Set(agreed.map(\.value)))
  }

  private static func optionalFact(
    _ key: String, of reader: inout MappingReader, problems: inout Problems
  ) -> Fact? {
    reader.optionalNode(key).flatMap { fact($0, of: key, problems: &problems) }
  }

  /// `leiden`, or `{ column: site }`.
  private static func fact(
    _ node: DefinitionNode, of key: String, problems: inout Problems
  ) -> Fact? {
    guard case .mapping = node.content else {
      return node.string(expecting: "a \(key), or its column", problems: &problems).map {
        .same($0)
      }
    }
    guard var reader = MappingReader(node, describing: "the \(key)", problems: &problems) else {
      return nil
    }
    let column = reader.string("column", problems: &problems)
    reader.finish(problems: &problems)
    return column.map { .column($0.value) }
  }

  private static func zone(of reader: inout MappingReader, problems: inout Problems) -> Fact? {
    guard let node = reader.node("zone", problems: &problems),
      let zone = fact(node, of: "zone", problems: &problems)
    else { return nil }
    if case .same(let name) = zone {
      do throws(ZoneProblem) { _ = try timeZone(named: name) } catch {
        problems.report(
          at: node.place, found: "the zone \(quoted(name))",
          expected: "an IANA name such as Europe/Amsterdam", suggestion: error.suggestion)
      }
    }
    return zone
  }

  // MARK: Dates and occasions

  /// `{ column: ended, … }`, or `{ column: [ended, created], … }`.
  private static func dateSource(
    _ mapping: MappingReader, problems: inout Problems
  ) -> DateSource? {
    var reader = mapping
    let columns = reader.strings("column", problems: &problems)
    if let columns, columns.isEmpty {
      problems.report(
        at: reader.place(of: "column"), found: "no column", expected: "at least one")
    }
    let unfinished = reader.optionalChoice(
      "unfinished", of: Unfinished.self, problems: &problems)
    let layout = layout(of: &reader, problems: &problems)
    let zone = zone(of: &reader, problems: &problems)
    reader.finish(problems: &problems)
    guard let columns, let zone else { return nil }
    return DateSource(
      columns: columns, layout: layout, zone: zone, skipsUnfinished: unfinished?.value == .skip)
  }

  /// What is done with rows that have no date.
  private enum Unfinished: String, CaseIterable { case refuse, skip }

  private struct DateSource {
    var columns: [Located<String>]
    var layout: DateLayout?
    var zone: Fact
    var skipsUnfinished: Bool
  }

  private static func layout(
    of reader: inout MappingReader, problems: inout Problems
  ) -> DateLayout? {
    guard let format = reader.optionalString("format", problems: &problems) else { return nil }
    let layout = DateLayout(format.value)
    if layout == nil {
      problems.report(
        at: format.place, found: "the format \(quoted(format.value))",
        expected: "yyyy, MM or M, and dd or d once each, such as dd.MM.yyyy HH:mm")
    }
    return layout
  }

  private static func occasionSource(
    _ node: DefinitionNode, problems: inout Problems
  ) -> OccasionSource? {
    guard case .mapping = node.content else {
      return wave(node, problems: &problems).map { .all($0, number: nil) }
    }
    guard var reader = MappingReader(node, describing: "the occasion", problems: &problems)
    else { return nil }
    let number = reader.optionalString("number", problems: &problems)?.value
    if let id = reader.optionalNode("id") {
      reader.finish(problems: &problems)
      return wave(id, problems: &problems).map { .all($0, number: number) }
    }
    let column = reader.optionalString("column", problems: &problems)?.value
    let waves = reader.mapping(
      "waves", describing: "the occasions by cell or column", problems: &problems)
    let entries = waves?.entries ?? []
    reader.finish(problems: &problems)
    guard waves != nil else { return nil }
    var named: [String: Wave?] = [:]
    var parts: [Part] = []
    for entry in entries {
      let meant: Wave? = entry.value.isNothing ? nil : wave(entry.value, problems: &problems)
      named.updateValue(meant, forKey: entry.key.value)
      if let meant { parts.append(Part(key: entry.key.value, wave: meant)) }
    }
    if let column { return .column(column, named, number: number) }
    if number != nil {
      problems.report(
        at: node.place, found: "a number without a column of occasions",
        expected: "'column' beside it, or 'id' for the repetitions of one occasion")
    }
    return .wide(parts)
  }

  /// `week 3`, counted from 1 as people do, or `week` for the first.
  private static func wave(_ node: DefinitionNode, problems: inout Problems) -> Wave? {
    let expected = "an occasion of the study, such as baseline or week 3"
    guard let text = node.string(expecting: expected, problems: &problems) else { return nil }
    let parts = text.split(separator: " ")
    if parts.count == 1 { return Wave(plan: String(parts[0]), index: 0) }
    if parts.count == 2, let number = Int(parts[1]), repetitions.contains(number) {
      return Wave(plan: String(parts[0]), index: number - 1)
    }
    problems.report(at: node.place, found: quoted(text), expected: expected)
    return nil
  }

  /// How repetitions may be numbered: a bound that no study reaches, so that sums cannot overflow.
  static let repetitions = 1...100_000

  // MARK: Items

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
        if let source = itemSource(item, of: instrument.key.value, problems: &problems) {
          sources.append(source)
        }
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
          instrument: instrument, item: entry.key.value, cells: .column($0), recode: [:],
          missing: [], dateLayout: nil, place: entry.key.place)
      }
    }
    guard var reader = MappingReader(entry.value, describing: "an item", problems: &problems)
    else { return nil }
    let cells: Cells?
    if let boxes = reader.optionalMapping(
      "boxes", describing: "the columns by option", problems: &problems)
    {
      cells = .boxes(boxes.entries.compactMap { box($0, problems: &problems) })
    } else {
      cells = reader.string("column", problems: &problems).map { .column($0.value) }
    }
    let missing = reader.optionalStrings("missing", problems: &problems)?.map(\.value) ?? []
    let layout = layout(of: &reader, problems: &problems)
    let recodes = reader.optionalMapping(
      "recode", describing: "what cells mean", problems: &problems)
    reader.finish(problems: &problems)
    var recode: [String: String] = [:]
    for pair in recodes?.entries ?? [] {
      recode[pair.key.value] = pair.value.string(problems: &problems)
    }
    return cells.map {
      ItemSource(
        instrument: instrument, item: entry.key.value, cells: $0, recode: recode,
        missing: Set(missing), dateLayout: layout, place: entry.key.place)
    }
  }

  private static func box(_ entry: DefinitionNode.Entry, problems: inout Problems) -> Box? {
    guard let option = Int(entry.key.value) else {
      problems.report(
        at: entry.key.place, found: quoted(entry.key.value), expected: "the number of an option")
      return nil
    }
    return entry.value.string(expecting: "a column", problems: &problems).map {
      Box(option: option, column: $0)
    }
  }
}
