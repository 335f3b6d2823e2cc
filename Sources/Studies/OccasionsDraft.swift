import Definitions
import Expressions
import Instruments
import LocalTime

/// The occasions of a study just read, with the places of the names in them.
struct OccasionsDraft {
  private(set) var plans: [OccasionPlan] = []
  /// Where each instrument is named.
  private(set) var instruments: [Located<String>] = []
  /// Whether ``instruments`` are all that the file means to name.
  private(set) var namesAllInstruments = true
  /// The names of all occasions, those included whose plan could not be read.
  private var names: [Located<String>] = []
  /// Where each occasion names the one it follows.
  private var anchors: [String: Located<String>] = [:]
  /// Names of occasions that happen more than once.
  private var repeating: Set<String> = []
  /// Where each occasion names the part of the consent that it rests on.
  private var consentParts: [Located<String>] = []
  /// The conditions of occasions, to be checked once the instruments are known.
  private(set) var conditions: [LocatedExpression] = []

  /// 3,660 daily prompts are ten years; more is a slip of the keyboard.
  static let repetitionLimit = 3660

  static func read(
    _ study: inout MappingReader, phases: [Phase], problems: inout Problems
  ) -> OccasionsDraft {
    var draft = OccasionsDraft()
    guard let nodes = study.list("occasions", problems: &problems) else {
      draft.namesAllInstruments = false
      return draft
    }
    if nodes.isEmpty {
      problems.report(
        at: study.place(of: "occasions"), found: "no occasion", expected: "at least one occasion")
    }
    for node in nodes { draft.add(node, phases: phases, problems: &problems) }
    StudyReader.refuseTwins(draft.names, of: "occasion", problems: &problems)
    for anchor in draft.anchors.values.sorted(by: { $0.place < $1.place }) {
      draft.requireSingle(anchor, problems: &problems)
    }
    draft.refuseCircles(problems: &problems)
    return draft
  }

  /// Reports a name that is no occasion, or one that happens more than once.
  func requireSingle(_ name: Located<String>, problems: inout Problems) {
    let known = names.map(\.value)
    if !known.contains(name.value) {
      problems.report(
        at: name.place, found: "the occasion \(quoted(name.value))",
        expected: "one of \(known.joined(separator: ", "))",
        suggestion: nearestName(to: name.value, among: known))
    } else if repeating.contains(name.value) {
      problems.report(
        at: name.place, found: "\(quoted(name.value)), which happens more than once",
        expected: "an occasion that happens once, so that its opening is one moment")
    }
  }

  /// Reports parts that the consent does not have.
  func check(against consent: Consent, problems: inout Problems) {
    let known = consent.parts.map(\.id)
    for part in consentParts where !known.contains(part.value) {
      problems.report(
        at: part.place, found: "the consent part \(quoted(part.value))",
        expected: "one of \(known.joined(separator: ", "))",
        suggestion: nearestName(to: part.value, among: known))
    }
  }

  /// Reports an occasion with a name that is taken.
  func refuse(_ id: String, because reason: String, problems: inout Problems) {
    for name in names where name.value == id {
      problems.report(
        at: name.place, found: "the name \(quoted(id)), where \(reason)",
        expected: "another name for the occasion")
    }
  }

  /// Reports each occasion that, by its anchors, comes after itself.
  private func refuseCircles(problems: inout Problems) {
    for name in names {
      var seen: Set<String> = [name.value]
      var next = anchors[name.value]
      while let anchor = next, seen.insert(anchor.value).inserted { next = anchors[anchor.value] }
      guard let last = next, last.value == name.value, let start = anchors[name.value] else {
        continue
      }
      problems.report(
        at: start.place, found: "an occasion that comes after itself",
        expected: "occasions that lead back to enrolment")
    }
  }

  // MARK: One occasion

  private mutating func add(
    _ node: DefinitionNode, phases: [Phase], problems: inout Problems
  ) {
    guard var reader = MappingReader(node, describing: "an occasion", problems: &problems) else {
      namesAllInstruments = false
      return
    }
    let name = reader.string("id", problems: &problems)
    let id = StudyReader.identifier(name, problems: &problems)
    if let name { names.append(name) }
    let timing = TimingDraft.read(&reader, phases: phases, problems: &problems)
    let openFor = StudyReader.span(
      reader.string("open_for", problems: &problems), problems: &problems)
    let grace = StudyReader.span(
      reader.optionalString("grace", problems: &problems), allowingZero: true, problems: &problems)
    let reminders = reminders(&reader, timing: timing, openFor: openFor, problems: &problems)
    let condition = reader.optionalNode("only_if").flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    let part = reader.optionalString("consent", problems: &problems)
    let used = reader.strings("instruments", problems: &problems)
    reader.finish(knowing: TimingDraft.fields, problems: &problems)
    if let condition { conditions.append(condition) }
    if let part { consentParts.append(part) }
    if let used {
      StudyReader.refuseTwins(used, of: "instrument", problems: &problems)
      instruments += used
      if used.isEmpty {
        problems.report(
          at: reader.place(of: "instruments"), found: "an empty list",
          expected: "at least one instrument")
      }
    } else {
      namesAllInstruments = false
    }
    if let name {
      anchors[name.value] = timing?.anchor ?? Self.anchor(in: reader)
      if timing?.isRepeated == true { repeating.insert(name.value) }
    }
    warnOfOverlap(timing, openFor, at: reader, problems: &problems)
    guard let id, let timing = timing?.timing, let openFor, let used else { return }
    plans.append(
      OccasionPlan(
        id: id, timing: timing, openFor: openFor, grace: grace ?? .zero, reminders: reminders,
        condition: condition?.expression, consentPart: part?.value,
        instruments: used.map(\.value)))
  }

  /// When participants are reminded: spans from the opening, in order, within the window.
  private func reminders(
    _ reader: inout MappingReader, timing: TimingDraft?, openFor: Span?, problems: inout Problems
  ) -> [Span] {
    let texts = reader.optionalStrings("remind", problems: &problems) ?? []
    if case .event = timing?.timing, reader.has("remind") {
      problems.report(
        at: reader.place(of: "remind"), found: "reminders of an event",
        expected: "reminders only of what is planned")
    }
    var reminders: [Span] = []
    for text in texts {
      guard let span = StudyReader.span(text, problems: &problems) else { continue }
      if let openFor, span.usualSeconds >= openFor.usualSeconds {
        problems.report(
          at: text.place, found: "a reminder after \(span) in a window of \(openFor)",
          expected: "reminders within the window")
      } else if let last = reminders.last, span.usualSeconds <= last.usualSeconds {
        problems.report(
          at: text.place, found: "\(span) after \(last)", expected: "reminders in order, each once")
      } else {
        reminders.append(span)
      }
    }
    return reminders
  }

  /// The occasion that another counts from, where the rest of its timing could not be read.
  private static func anchor(in reader: MappingReader) -> Located<String>? {
    // Days, prompts and events count from enrolment alone.
    guard
      reader.has("at") || reader.has("every") || !TimingDraft.counting.contains(where: reader.has),
      let start = reader.scalar(at: reader.has("at") ? "at" : "from")
    else { return nil }
    let words = start.text.split(separator: " ")
    guard words.count == 3, words[1] == "after", words[2] != "enrolment" else { return nil }
    let offset = start.text.unicodeScalars.distance(
      from: start.text.startIndex, to: words[2].startIndex)
    return Located(String(words[2]), at: start.node.place(atOffset: offset))
  }

  /// Two open windows of one occasion are allowed, but seldom meant.
  private func warnOfOverlap(
    _ timing: TimingDraft?, _ openFor: Span?, at reader: MappingReader, problems: inout Problems
  ) {
    let interval: Span? =
      switch timing?.timing {
      case .wave(let wave): wave.interval
      case .random(let prompts) where prompts.perDay > 1: Span(seconds: prompts.apart)
      default: nil
      }
    guard let interval, let openFor, openFor.shortestSeconds > interval.shortestSeconds else {
      return
    }
    problems.report(
      .warning, at: reader.place(of: "open_for"),
      found: "a window of \(openFor), longer than the \(interval) to the next one",
      expected: "windows that do not overlap")
  }
}

extension TimingDraft {
  /// Whether it opens more than once, or at a moment that is not planned to the minute.
  fileprivate var isRepeated: Bool {
    if case .wave(let wave) = timing { wave.times > 1 } else { true }
  }
}

extension Span {
  /// How long it usually is, with months of 30 days: for comparing spans of one file.
  var usualSeconds: Int { (months * 30 + days) * 86_400 + seconds }
}
