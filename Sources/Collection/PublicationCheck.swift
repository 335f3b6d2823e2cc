import Definitions
import Foundation
import Instruments
import Storage
import Studies

/// Whether a changed study can follow the one that runs: reports what would orphan data, each with
/// what to do instead.
struct PublicationCheck {
  let folder: StudyFolder
  let current: StudyVersion
  /// The versions, by number, whose participants would follow the new one.
  let following: [Int: StudyVersion]
  let data: CollectedData
  private(set) var problems = Problems()
  private let fields: MappingReader?

  init(
    of folder: StudyFolder, after current: StudyVersion, following: [Int: StudyVersion],
    data: CollectedData
  ) {
    self.folder = folder
    self.current = current
    self.following = following
    self.data = data
    let file = folder.url.map { "\($0.relativePath)/study.yaml" } ?? "study.yaml"
    var unread = Problems()
    fields = DefinitionNode.parse(folder.study.source, file: file, problems: &unread).flatMap {
      MappingReader($0, describing: "a study", problems: &unread)
    }
    checkHead()
    checkConsent()
    checkArms()
    checkOccasions()
    checkTimings()
    checkInstruments()
  }

  private mutating func report(
    _ field: String, found: String, expected: String, suggestion: String? = nil
  ) {
    problems.report(
      at: fields?.place(of: field) ?? .whole("study.yaml"), found: found, expected: expected,
      suggestion: suggestion)
  }

  // MARK: The head of the file

  private mutating func checkHead() {
    let (new, old) = (folder.study, current.study)
    if new.id != old.id {
      report(
        "id", found: "the id \(quoted(new.id))",
        expected: "\(quoted(old.id)), which the data have; another study needs another folder")
    }
    if !Self.numbers(old.version).lexicographicallyPrecedes(Self.numbers(new.version)) {
      report(
        "version", found: "the version \(new.version) after \(old.version)",
        expected: "a higher version, so that data can be told apart",
        suggestion: Self.next(after: old.version))
    }
    keep("sites", data.sites, among: new.sites, who: "people belong to")
    keep("languages", data.languages, among: new.languages, who: "people read")
  }

  private mutating func keep(_ field: String, _ used: Set<String>, among: [String], who: String) {
    for name in used.sorted() where !among.contains(name) {
      report(
        field, found: "\(field) without \(quoted(name)), which \(who)",
        expected: "\(quoted(name)) to stay")
    }
  }

  private static func numbers(_ version: String) -> [Int] {
    version.split(separator: ".").map { Int($0) ?? 0 }
  }

  private static func next(after version: String) -> String {
    var parts = numbers(version)
    if let last = parts.indices.last { parts[last] += 1 }
    return parts.map(String.init).joined(separator: ".")
  }

  // MARK: Consent and arms

  private mutating func checkConsent() {
    let (new, old) = (folder.study.consent, current.study.consent)
    if new.version < old.version {
      report(
        "consent", found: "version \(new.version) of the consent after version \(old.version)",
        expected: "version \(old.version), or \(old.version + 1) to ask again")
    }
    guard new.version == old.version else { return }
    let changed = current.definitions.consentTexts.filter { language, text in
      folder.consentTexts[language].map { $0.contentHash != text.contentHash } ?? false
    }
    for language in changed.keys.sorted() {
      report(
        "consent", found: "another consent text in \(language) under version \(new.version)",
        expected: "version \(old.version + 1), which asks people again; or the text as it was")
    }
    let terms = { (consent: Consent) in consent.parts.map { "\($0.id) \($0.isRequired)" } }
    if terms(new) != terms(old) {
      report(
        "consent", found: "other parts of the consent under version \(new.version)",
        expected: "version \(old.version + 1), which asks people again; or the parts as they were")
    }
  }

  private mutating func checkArms() {
    let (new, old) = (folder.study, current.study)
    guard data.hasAllocations, new.arms != old.arms || new.allocation != old.allocation else {
      return
    }
    report(
      new.allocation == old.allocation ? "arms" : "allocation",
      found: "other arms or another allocation, where people have been randomised",
      expected: "arms and allocation as they were; another comparison is another study")
  }

  // MARK: Occasions and instruments

  private mutating func checkOccasions() {
    let names = folder.study.occasions.map(\.id)
    let known = Set(current.study.occasions.map(\.id))
    for plan in data.plans.sorted() where plan != Screening.occasion {
      guard let new = folder.study.occasion(plan) else {
        report(
          "occasions", found: "no occasion \(quoted(plan)), which people have answered",
          expected: "the occasion under its name; 'only_if: false' stops asking it",
          suggestion: nil)
        let renamed = names.filter { !known.contains($0) }
        if let name = nearestName(to: plan, among: renamed) {
          report(
            "occasions", found: "an occasion \(quoted(name)), perhaps for \(quoted(plan))",
            expected: "the name that its data have", suggestion: plan)
        }
        continue
      }
      if let old = current.study.occasion(plan), old.isEvent != new.isEvent {
        report(
          "occasions", found: "\(quoted(plan)), which was \(Self.kind(old)), as \(Self.kind(new))",
          expected: "another name for what is another occasion")
      }
    }
  }

  /// Refuses a timing by which the numbers of occasions that have opened mean other days: what is still
  /// to come could not be told from them.
  private mutating func checkTimings() {
    var reported: Set<String> = []
    for (publication, plans) in data.opened.sorted(by: { $0.key < $1.key }) {
      for plan in plans.sorted() {
        guard let old = following[publication]?.study.occasion(plan),
          let new = folder.study.occasion(plan), old.isEvent == new.isEvent,
          !new.timing.keepsNumbers(of: old.timing), reported.insert(plan).inserted
        else { continue }
        report(
          "occasions", found: "other days or prompts a day for \(quoted(plan)), which has begun",
          expected: "for those who take part, days left out or added at the end only, and what "
            + "changes as an occasion of another name on the days to come; or --for new")
      }
    }
  }

  private static func kind(_ plan: OccasionPlan) -> String {
    plan.isEvent ? "opened by participants" : "planned"
  }

  private mutating func checkInstruments() {
    for id in data.instruments.sorted() {
      guard let new = folder.instruments[id] else {
        report(
          "occasions", found: "no instrument \(quoted(id)), which people have answered",
          expected: "the instrument on some occasion, if only one with 'only_if: false'")
        continue
      }
      for item in data.items[id, default: []].sorted() {
        guard let now = new.item(item) else {
          problems.report(
            at: place(of: id), found: "no item \(quoted(item)), which people have answered",
            expected: "the item under its name; 'show_if' hides it",
            suggestion: nil)
          continue
        }
        guard let before = current.definitions.instruments[id]?.item(item) else { continue }
        if let mismatch = Self.mismatch(now, before) {
          problems.report(
            at: place(of: id), found: "the item \(quoted(item)) \(mismatch)",
            expected: "the response scale that its answers have; another question is another item")
        }
      }
    }
  }

  private func place(of instrument: String) -> Place {
    .whole(
      folder.url.map { "\($0.relativePath)/instruments/\(instrument).yaml" } ?? instrument)
  }

  /// What makes stored answers to an item mean something else, if anything does. Wordings may change,
  /// and so may what scores make of an answer, which is kept as given: see
  /// ``StudyDesk/rescore(instrument:version:now:)``.
  private static func mismatch(_ new: Item, _ old: Item) -> String? {
    if new.valueType != old.valueType { return "with another kind of answer" }
    switch (new.kind, old.kind) {
    case (.likert, .likert), (.slider, .slider):
      // An answer lies between the ends: 5 of 5 is another one than 5 of 7, and reversal turns on them.
      if new.range != old.range { return "between other ends" }
    default: break
    }
    let values = { (item: Item) in Set((item.options ?? []).map(\.value)) }
    if !values(old).isSubset(of: values(new)) { return "without options that people have chosen" }
    if let range = old.range, let wider = new.range,
      wider.lowerBound > range.lowerBound || wider.upperBound < range.upperBound
    {
      return "with a narrower range"
    }
    return nil
  }
}
