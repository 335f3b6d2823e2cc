internal import Definitions
internal import Instruments

/// Reads a file again that was written of an instrument, and finds what would come back lost or changed
/// without being listed yet.
///
/// Conditions are compared by being there: what they say is translated by rules, which tests cover.
struct ReturnCheck {
  private let listed: [String: Set<String>]
  private var losses: [NotCarried] = []

  /// What is to be listed besides what the writer listed.
  static func losses(
    of instrument: Instrument, _ wordings: [Instrument], in outcome: ExportOutcome,
    as format: ExportFormat
  ) -> [NotCarried] {
    var check = ReturnCheck(outcome.notCarried)
    do throws(ImportProblem) {
      let imported = try ForeignImport.read(
        ForeignFile(name: instrument.id, bytes: outcome.bytes), as: format.format,
        // The day and the language are not what is looked at.
        options: ImportOptions(date: "2000-01-01", language: instrument.language))
      check.compare(instrument, wordings, with: imported)
    } catch {
      check.note(
        "form", of: instrument.id, because: "it cannot be read again: \(error.description)")
    }
    return check.losses
  }

  private init(_ notCarried: [NotCarried]) {
    listed = Dictionary(grouping: notCarried, by: \.item).mapValues { Set($0.map(\.what)) }
  }

  private mutating func note(_ what: String, of item: String, because why: String) {
    losses.append(NotCarried(item: item, what: what, why: why))
  }

  private func isListed(_ whats: Set<String>, of item: String) -> Bool {
    !whats.isDisjoint(with: listed[item] ?? [])
  }

  // MARK: The instrument

  private mutating func compare(
    _ instrument: Instrument, _ wordings: [Instrument], with imported: ImportOutcome
  ) {
    let id = instrument.id
    var problems = Problems()
    guard let file = imported.files.first(where: { $0.path == "\(id).yaml" }),
      let back = Instrument.load(file.bytes, file: file.path, problems: &problems)
    else { return note("form", of: id, because: "it comes back under another name") }
    for (what, own, returned) in [
      ("title", instrument.title, back.title), ("language", instrument.language, back.language),
      ("instructions", instrument.instructions ?? "", back.instructions ?? ""),
    ] where own != returned && !isListed([what], of: id) {
      note(what, of: id, because: "it comes back as '\(returned.prefix(80))'")
    }
    for item in instrument.items { compare(item, with: back) }
    let ids = Set(back.items.map(\.id))
    let own = instrument.items.map(\.id).filter(ids.contains)
    let known = Set(own)
    if own != back.items.map(\.id).filter(known.contains) {
      note("order", of: id, because: "its items come back in another order")
    }
    for wording in wordings { compare(wording, of: back, imported) }
  }

  private mutating func compare(_ item: Item, with back: Instrument) {
    guard let returned = back.item(item.id) else {
      if back.score(item.id) != nil {
        note("type", of: item.id, because: "it comes back as a score")
      } else if !isListed(["item", "calculation", "ranking"], of: item.id) {
        note("item", of: item.id, because: "it does not come back")
      }
      return
    }
    for (own, other) in zip(item.aspects, returned.aspects)
    where own.value != other.value && !isListed(own.excuses, of: item.id) {
      note(own.name, of: item.id, because: "it comes back as '\(other.value.prefix(80))'")
    }
  }

  // MARK: Translations

  private mutating func compare(
    _ wording: Instrument, of back: Instrument, _ imported: ImportOutcome
  ) {
    let what = "translation \(wording.language)"
    guard !isListed([what], of: back.id) else { return }
    let path = "overlays/imported/\(back.id).\(wording.language).yaml"
    var problems = Problems()
    guard let file = imported.files.first(where: { $0.path == path }),
      let overlay = Overlay.load(
        file.bytes, file: path, instrument: { $0 == back.id ? back : nil }, problems: &problems)
    else {
      let why = imported.notCarried.first { $0.what == what }?.why
      return note(what, of: back.id, because: "it does not come back: \(why ?? "it is refused")")
    }
    let worded = back.worded(by: overlay)
    if worded.title != wording.title || worded.instructions != wording.instructions {
      note(what, of: back.id, because: "its title or instructions come back in other words")
    }
    for item in wording.items {
      guard let returned = worded.item(item.id) else { continue }
      for (own, other) in zip(item.aspects, returned.aspects)
      where own.isWorded && own.value != other.value && !isListed(own.excuses, of: item.id) {
        note(what, of: item.id, because: "it comes back as '\(other.value.prefix(80))'")
      }
    }
  }
}

extension ExportFormat {
  /// The same format as one that can be read.
  fileprivate var format: ForeignFormat {
    switch self {
    case .redcap: .redcap
    case .fhir: .fhir
    }
  }
}

/// One side of an item, as a text to compare.
private struct Aspect {
  var name: String
  var value: String
  /// Whether translations have it in other words.
  var isWorded = false
  /// What in the list says already that it changes.
  var excuses: Set<String>
}

extension Item {
  /// What has to come back of an item; the same sides in the same order for each.
  fileprivate var aspects: [Aspect] {
    var range = ""
    var labels = ""
    var unit = ""
    var length = ""
    switch kind {
    case .slider(let scale):
      range = "\(scale.range) \(scale.step)"
      labels = scale.labels.map { "\($0.value) \($0.label)" }.joined(separator: ", ")
    case .number(let numbers):
      range = [numbers.least, numbers.most].map { $0.map { "\($0)" } ?? "–" }
        .joined(separator: " to ")
      if numbers.isWhole { range += ", whole" }
      unit = numbers.unit ?? ""
    case .text(let limit), .own(let limit): length = "\(limit.longest)"
    default: break
    }
    var options = (options ?? []).map { "\($0.value) \($0.label ?? String($0.value))" }
    if case .multiple(let set) = kind, let exclusive = set.exclusive {
      options.append("\(exclusive) alone")
    }
    return [
      Aspect(
        name: "text", value: text, isWorded: true, excuses: ["text", "earlier answer in a text"]),
      Aspect(
        name: "grid", value: stem ?? "", isWorded: true,
        excuses: ["grid", "earlier answer in a text"]),
      Aspect(name: "type", value: kind.name, excuses: ["type", "own words", "ranking"]),
      Aspect(
        name: "options", value: options.joined(separator: ", "), isWorded: true,
        excuses: ["options"]),
      Aspect(name: "range", value: range, excuses: ["range", "step"]),
      Aspect(name: "labels", value: labels, isWorded: true, excuses: ["labels"]),
      Aspect(name: "unit", value: unit, isWorded: true, excuses: ["unit"]),
      Aspect(name: "length", value: length, excuses: ["length"]),
      Aspect(name: "required", value: requirement.rawValue, excuses: ["required: no"]),
      Aspect(
        name: "branching", value: showIf == nil ? "always shown" : "shown on a condition",
        excuses: ["branching"]),
    ]
  }
}
