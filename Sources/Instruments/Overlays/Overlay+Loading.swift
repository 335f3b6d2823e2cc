package import Definitions

extension Overlay {
  /// Reads an overlay for an instrument; reports everything that is missing, superfluous or wrong.
  ///
  /// It must word everything that the instrument words, and may do nothing else.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes; any at all.
  ///   - file: the path that problems name: `…/<community>/<id>.<language>.yaml`.
  ///   - instrument: the one with the id that the file names; nil if there is none.
  /// - Returns: the overlay, or nil if an error was reported.
  package static func load(
    _ bytes: [UInt8], file: String, instrument find: (String) -> Instrument?,
    problems: inout Problems
  ) -> Overlay? {
    var local = Problems()
    defer { problems.append(local) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &local),
      var reader = MappingReader(root, describing: "an overlay", problems: &local)
    else { return nil }
    let id = reader.name("overlay", problems: &local)
    let base = id.flatMap { find($0.value) }
    if let id, base == nil {
      local.report(
        at: id.place, found: "the unknown instrument \(quoted(id.value))",
        expected: "the id of the instrument that is worded",
        suggestion: nearestName(to: id.value, among: ShippedInstruments.ids()))
    }
    let forVersion = reader.version("for_version", problems: &local)
    if let base, let forVersion, forVersion.value != base.version {
      local.report(
        at: forVersion.place, found: "the version \(forVersion.value)",
        expected: "\(base.version), the version of \(base.id) that is here")
    }
    let language = reader.language("language", problems: &local)
    let version = reader.version("version", problems: &local)
    let author = reader.nonEmpty("author", problems: &local)
    let licence = reader.nonEmpty("licence", problems: &local)
    let date = reader.nonEmpty("date", problems: &local)
    let method = reader.nonEmpty("method", problems: &local)
    let review = Overlay.Review.read(&reader, problems: &local)
    let title = reader.nonEmpty("title", problems: &local)
    let instructions = reader.optionalString("instructions", problems: &local)
    var words = OverlayWords(reading: &reader, problems: &local)
    reader.finish(problems: &local)
    checkDate(date, problems: &local)
    if let base {
      if (base.instructions == nil) != (instructions == nil) {
        local.report(
          at: instructions?.place ?? reader.place,
          found: instructions == nil ? "no instructions" : "instructions",
          expected: instructions == nil
            ? "the instructions in other words" : "none, as the instrument has none")
      }
      words.check(against: base, at: reader.place, problems: &local)
    }
    checkName(file, id: id, language: language, problems: &local)
    guard !local.hasErrors, let base, let language, let version, let author, let licence, let date,
      let method, let title
    else { return nil }
    return Overlay(
      instrument: base.id, language: language.value,
      provenance: Provenance(
        community: community(of: file), version: version.value, author: author.value,
        licence: licence.value, date: date.value, method: method.value, review: review,
        hash: hexadecimalHash(of: bytes)),
      source: bytes, title: title.value, instructions: instructions?.value,
      items: words.items.mapValues(\.value), stems: words.stems.mapValues(\.value),
      units: words.units.mapValues(\.value),
      labels: words.labels.mapValues { $0.mapValues(\.value) })
  }

  fileprivate static func checkDate(_ date: Located<String>?, problems: inout Problems) {
    guard let date, !CalendarText.isDate(date.value) else { return }
    problems.report(
      at: date.place, found: "the text \(quoted(date.value))",
      expected: "a date such as 2026-11-21")
  }

  /// The folder that a file lies in.
  private static func community(of file: String) -> String {
    file.split(separator: "/").dropLast().last.map(String.init) ?? ""
  }

  private static func checkName(
    _ file: String, id: Located<String>?, language: Located<String>?, problems: inout Problems
  ) {
    guard let id, let language, let name = file.split(separator: "/").last, name.hasSuffix(".yaml"),
      name != "\(id.value).\(language.value).yaml"
    else { return }
    problems.report(
      at: id.place, found: "the file \(quoted(name))",
      expected: "the name \(id.value).\(language.value).yaml")
  }
}

extension Overlay.Review {
  /// `reviewed: { by: …, date: 2026-11-21 }`, where it is there; reports what is wrong with it.
  fileprivate static func read(
    _ overlay: inout MappingReader, problems: inout Problems
  ) -> Overlay.Review? {
    guard
      var reader = overlay.optionalMapping(
        "reviewed", describing: "a review", problems: &problems)
    else { return nil }
    let by = reader.nonEmpty("by", problems: &problems)
    let date = reader.nonEmpty("date", problems: &problems)
    reader.finish(problems: &problems)
    Overlay.checkDate(date, problems: &problems)
    guard let by, let date else { return nil }
    return Overlay.Review(by: by.value, date: date.value)
  }
}

/// The words of an overlay by what they stand for, with their places.
struct OverlayWords {
  private(set) var items: [String: Located<String>] = [:]
  private(set) var stems: [String: Located<String>] = [:]
  private(set) var units: [String: Located<String>] = [:]
  private(set) var labels: [String: [Int: Located<String>]] = [:]

  init(reading reader: inout MappingReader, problems: inout Problems) {
    items = Self.texts(reader.node("items", problems: &problems), problems: &problems)
    stems = Self.texts(reader.optionalNode("stems"), problems: &problems)
    units = Self.texts(reader.optionalNode("units"), problems: &problems)
    let scales = reader.optionalNode("labels")?.entries(
      expecting: "a mapping from scales to labels", problems: &problems)
    for scale in scales ?? [] {
      let entries = scale.value.integerEntries(
        expecting: "a mapping from numbers to labels", problems: &problems)
      var labels: [Int: Located<String>] = [:]
      for entry in entries ?? [] {
        guard let label = entry.value.string(expecting: "a label", problems: &problems) else {
          continue
        }
        labels[entry.key.value] = Located(label, at: entry.key.place)
      }
      self.labels[scale.key.value] = labels
    }
  }

  private static func texts(
    _ node: DefinitionNode?, problems: inout Problems
  ) -> [String: Located<String>] {
    let entries = node?.entries(expecting: "a mapping from items to texts", problems: &problems)
    var texts: [String: Located<String>] = [:]
    for entry in entries ?? [] {
      guard let text = entry.value.string(expecting: "a text", problems: &problems) else {
        continue
      }
      texts[entry.key.value] = Located(text, at: entry.key.place)
    }
    return texts
  }

  /// Reports what the instrument words and the overlay does not, and the other way round.
  mutating func check(against base: Instrument, at place: Place, problems: inout Problems) {
    var original: [String: String] = [:]
    var firstRows: [String: String] = [:]
    var itemUnits: [String: String] = [:]
    var scales: [String: [Int: String]] = [:]
    var stem: String?
    for item in base.items {
      original[item.id] = item.text
      if let above = item.stem, above != stem { firstRows[item.id] = above }
      stem = item.stem
      if case .number(let range) = item.kind, let unit = range.unit { itemUnits[item.id] = unit }
      let labels = item.kind.labels
      if !labels.isEmpty { scales[item.scaleName ?? item.id] = labels }
    }
    Self.compare(items, with: original, "item", at: place, problems: &problems)
    Self.compare(stems, with: firstRows, "text above the grid of", at: place, problems: &problems)
    Self.compare(units, with: itemUnits, "unit of", at: place, problems: &problems)
    for name in Set(scales.keys).union(labels.keys).sorted() {
      let words = labels[name] ?? [:]
      for (number, label) in words.sorted(by: { $0.key < $1.key })
      where words.contains(where: { $0.key < number && $0.value.value == label.value })
        && Set((scales[name] ?? [:]).values).count == scales[name]?.count
      {
        problems.report(
          at: label.place, found: "the label \(quoted(label.value)) twice in one scale",
          expected: "a label of its own for each number")
      }
      Self.compare(
        Dictionary(
          uniqueKeysWithValues: (labels[name] ?? [:]).map { ("\(name) \($0.key)", $0.value) }),
        with: Dictionary(
          uniqueKeysWithValues: (scales[name] ?? [:]).map { ("\(name) \($0.key)", $0.value) }),
        "label", at: place, problems: &problems)
    }
  }

  private static func compare(
    _ words: [String: Located<String>], with original: [String: String], _ noun: String,
    at place: Place, problems: inout Problems
  ) {
    for name in original.keys.sorted() where words[name] == nil {
      problems.report(
        at: place, found: "no words for the \(noun) \(quoted(name))",
        expected: "a wording that is complete")
    }
    for (name, text) in words.sorted(by: { $0.key < $1.key }) {
      guard let source = original[name] else {
        problems.report(
          at: text.place, found: "words for the unknown \(noun) \(quoted(name))",
          expected: "words for what the instrument words",
          suggestion: nearestName(to: name, among: original.keys.sorted()))
        continue
      }
      if !text.value.contains(where: { !$0.isWhitespace }) {
        problems.report(at: text.place, found: "an empty text", expected: "a text")
      }
      if Piping.names(in: source).sorted() != Piping.names(in: text.value).sorted() {
        problems.report(
          at: text.place, found: "other answers between braces than in the original",
          expected: "the same names as in \(quoted(source))")
      }
    }
  }
}
