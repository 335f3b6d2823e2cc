import Definitions
import Expressions
import Instruments
import LocalTime

/// What a study says about keeping, giving, logging and leaving alone, just read.
struct RunningDraft {
  private(set) var retention: Retention?
  private(set) var incentives: [Incentive] = []
  private(set) var logs: LogPlan?
  private(set) var quietHours: QuietHours?
  private var quietPlace: Place?
  /// Where each text of the incentives is named.
  private(set) var texts: [Located<TextTemplate>] = []
  private var conditions: [LocatedExpression] = []

  static func read(
    _ study: inout MappingReader, languages: [String], consent: Consent?, problems: inout Problems
  ) -> RunningDraft {
    var draft = RunningDraft()
    draft.readRetention(&study, problems: &problems)
    for node in study.optionalList("incentives", problems: &problems) ?? [] {
      draft.readIncentive(node, languages: languages, problems: &problems)
    }
    draft.readLogs(&study, consent: consent, problems: &problems)
    if let times = study.optionalStrings("quiet_hours", problems: &problems) {
      let place = study.place(of: "quiet_hours")
      draft.quietPlace = place
      draft.quietHours = PromptsDraft.hours(times, at: place, problems: &problems)
        .map { QuietHours(hours: $0) }
    }
    return draft
  }

  /// Reports conditions that ask for something else than the compliance with planned occasions.
  func check(against plans: [OccasionPlan], problems: inout Problems) {
    let names = plans.filter { !$0.isEvent }.map { Expression.name(ofComplianceWith: $0.id) }
    let types = Dictionary(names.map { ($0, ValueType.number) }, uniquingKeysWith: { $1 })
    for condition in conditions {
      condition.check(names: types, expecting: .truth, problems: &problems)
    }
  }

  /// Warns of messages that would fall into quiet hours which end when the window has closed.
  func warnOfSilence(
    _ plans: [OccasionPlan], sending kinds: Set<MessageKind>, problems: inout Problems
  ) {
    guard let quietHours, let quietPlace else { return }
    for plan in plans {
      let delays =
        (kinds.contains(.opening) ? [Span.zero] : [])
        + (kinds.contains(.reminder) ? plan.reminders : [])
      for delay in delays {
        guard let silent = plan.silence(in: quietHours, after: delay) else { continue }
        let openings =
          silent.from == silent.to
          ? "at \(silent.from)" : "between \(silent.from) and \(silent.to)"
        let message = delay == .zero ? "opening" : "reminder after \(delay)"
        problems.report(
          .warning, at: quietPlace,
          found: "quiet hours until \(quietHours.hours.to), by when \(quoted(plan.id)) has closed"
            + " that opens \(openings): its \(message) is never announced",
          expected: "a window that lasts beyond them, or openings outside of them")
      }
    }
  }

  // MARK: Retention

  private mutating func readRetention(_ study: inout MappingReader, problems: inout Problems) {
    guard
      var reader = study.optionalMapping(
        "retention", describing: "the retention", problems: &problems)
    else { return }
    let identities = Self.spanAfterEnd("identities", &reader, problems: &problems)
    let data = Self.spanAfterEnd("data", &reader, problems: &problems)
    if !reader.has("identities"), !reader.has("data") {
      problems.report(
        at: reader.place, found: "a retention of nothing",
        expected: "identities: 90d after end, or data: 10y, or both")
    }
    reader.finish(problems: &problems)
    retention = Retention(identities: identities, data: data)
  }

  /// `90d` or `90d after end`, which mean the same.
  private static func spanAfterEnd(
    _ field: String, _ reader: inout MappingReader, problems: inout Problems
  ) -> Span? {
    guard let text = reader.optionalString(field, problems: &problems) else { return nil }
    let words = text.value.split(separator: " ")
    guard words.count == 1 || words.dropFirst() == ["after", "end"] else {
      problems.report(
        at: text.place, found: quoted(text.value),
        expected: "a span, counted from the end, such as 90d after end",
        suggestion: words.first.map { "\($0) after end" })
      return nil
    }
    return StudyReader.span(
      Located(String(words.first ?? ""), at: text.place), problems: &problems)
  }

  // MARK: Incentives

  private mutating func readIncentive(
    _ node: DefinitionNode, languages: [String], problems: inout Problems
  ) {
    guard var reader = MappingReader(node, describing: "an incentive", problems: &problems) else {
      return
    }
    let condition = reader.node("when", problems: &problems).flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    let path = reader.string("text", problems: &problems)
    reader.finish(problems: &problems)
    let text = StudyReader.template(path, languages: languages, problems: &problems)
    if let condition { conditions.append(condition) }
    guard let condition, let path, let text else { return }
    texts.append(Located(text, at: path.place))
    incentives.append(Incentive(condition: condition.expression, text: text))
  }

  // MARK: Logs

  private mutating func readLogs(
    _ study: inout MappingReader, consent: Consent?, problems: inout Problems
  ) {
    guard
      var reader = study.optionalMapping("logs", describing: "the logs", problems: &problems)
    else { return }
    let sources = reader.strings("sources", problems: &problems) ?? []
    StudyReader.refuseTwins(sources, of: "source", problems: &problems)
    for source in sources where !LogPlan.knownSources.contains(source.value) {
      problems.report(
        at: source.place, found: "the source \(quoted(source.value))",
        expected: "one of \(LogPlan.knownSources.joined(separator: ", "))",
        suggestion: nearestName(to: source.value, among: LogPlan.knownSources))
    }
    if reader.has("sources"), sources.isEmpty {
      problems.report(
        at: reader.place(of: "sources"), found: "no source", expected: "at least one")
    }
    let exposure = StudyReader.span(
      reader.optionalString("exposure", problems: &problems), problems: &problems)
    reader.finish(problems: &problems)
    if let consent {
      if !consent.parts.contains(where: { $0.id == LogPlan.consentPart }) {
        problems.report(
          at: study.place(of: "logs"), found: "logs that nobody is asked to agree to",
          expected: "a part of the consent with the id \(LogPlan.consentPart)")
      }
    }
    logs = LogPlan(sources: sources.map(\.value), exposure: exposure)
  }
}
