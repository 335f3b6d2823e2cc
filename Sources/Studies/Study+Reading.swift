import Crypto
package import Definitions
import Foundation
import Instruments
import LocalTime

extension Study {
  /// Reads a study file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - file: its path, for the places of problems.
  ///   - problems: takes everything that is wrong, at once.
  /// - Returns: the study, or nil when anything about it is wrong.
  package static func load(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> Study? {
    StudyDraft.read(bytes, file: file, problems: &problems)?.study
  }
}

/// A study just read, with the places of what the study folder still has to prove.
///
/// A mistake in one field does not hide the others: what the folder has to prove is known, as far as
/// it could be read, also when there is no study.
struct StudyDraft {
  /// The study; nil when anything in its file is wrong.
  var study: Study?
  /// The languages that texts and instruments are needed in.
  let languages: [String]
  /// Where each instrument is named, occasion by occasion.
  let instruments: [Located<String>]
  /// Whether ``instruments`` are all that the file means to name.
  let namesAllInstruments: Bool
  /// The conditions of occasions, whose names are scores of these instruments.
  let conditions: [LocatedExpression]
  /// The numbers that people are balanced by when arms are drawn.
  let measures: [LocatedExpression]
  /// The instruments of the occasion that the draw follows, as far as it is known.
  let measuring: [String]
  /// Where each score stands that participants are shown.
  let shownScores: [Located<String>]
  /// The path of the consent text.
  let consentText: Located<TextTemplate>?
  /// The path of the text shown after a submission.
  let feedbackText: Located<TextTemplate>?
  /// The kinds of message that are sent, with the sources of their texts.
  let messages: [MessageKind: Located<MessageSource>]
  /// The paths of the incentives' texts.
  let incentiveTexts: [Located<TextTemplate>]
  /// The instrument of the screening, where there is one.
  let screening: String?
  /// The condition on its answers.
  let eligible: LocatedExpression?
  /// Whether the file says what happens when a participant is in distress.
  let declaresSafety: Bool
  /// The path of what participants in distress are shown.
  let safetyText: Located<TextTemplate>?
  /// The sites, and whose words they read.
  let sites: SitesDraft

  static func read(_ bytes: [UInt8], file: String, problems: inout Problems) -> StudyDraft? {
    var found = Problems()
    defer { problems.append(found) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &found),
      var reader = MappingReader(root, describing: "a study", problems: &found)
    else { return nil }
    let id = StudyReader.identifier(reader.string("id", problems: &found), problems: &found)
    let version = version(reader.string("version", problems: &found), problems: &found)
    let titleNode = reader.node("title", problems: &found)
    let languages = languages(
      reader.strings("languages", problems: &found), at: reader.place(of: "languages"),
      problems: &found)
    let titles = titleNode.flatMap {
      Self.titles($0, languages: languages ?? [], problems: &found)
    }
    let policy = policy(reader.string("timezone", problems: &found), problems: &found)
    let contact = contact(&reader, problems: &found)
    let ethics = ethics(&reader, problems: &found)
    let sites = SitesDraft.read(&reader, problems: &found)
    let enrolment = EnrolmentDraft.read(&reader, problems: &found)
    let textNode = reader.optionalNode("feedback")
    let consent = ConsentDraft.read(&reader, languages: languages ?? [], problems: &found)
    let arms = ArmsDraft.read(&reader, problems: &found)
    let phases = DaysDraft.phases(&reader, problems: &found)
    let occasions = OccasionsDraft.read(&reader, phases: phases, problems: &found)
    let feedback = FeedbackDraft.read(
      textNode, languages: languages ?? [], problems: &found)
    let messages = MessagesDraft.read(&reader, languages: languages ?? [], problems: &found)
    let running = RunningDraft.read(
      &reader, languages: languages ?? [], consent: consent?.consent, problems: &found)
    let cutoffs = reader.optionalChoice("cutoffs", of: Cutoffs.self, problems: &found)
    let safety = SafetyDraft.read(&reader, languages: languages ?? [], problems: &found)
    reader.finish(problems: &found)
    arms.check(against: occasions, problems: &found)
    running.check(against: occasions.plans, problems: &found)
    running.warnOfSilence(
      occasions.plans, sending: Set(messages.sources.keys), problems: &found)
    if let consent = consent?.consent {
      occasions.check(against: consent, problems: &found)
      arms.check(occasions.plans, against: consent, problems: &found)
    }
    if enrolment.instrument != nil {
      occasions.refuse(Screening.occasion, because: "the screening has it", problems: &found)
    }
    var draft = StudyDraft(
      languages: (languages ?? []).filter(isLanguageTag),
      instruments: enrolment.instrument.map { [$0] + occasions.instruments }
        ?? occasions.instruments,
      namesAllInstruments: occasions.namesAllInstruments, conditions: occasions.conditions,
      measures: arms.measures,
      measuring: occasions.plans.first { $0.id == arms.after?.value }?.instruments ?? [],
      shownScores: feedback.names, consentText: consent?.text, feedbackText: feedback.text,
      messages: messages.sources,
      incentiveTexts: running.texts, screening: enrolment.instrument?.value,
      eligible: enrolment.eligible, declaresSafety: safety.isDeclared,
      safetyText: safety.text, sites: sites)
    guard !found.hasErrors, let id, let version, let titles, let languages, let policy, let contact,
      let consent = consent?.consent
    else { return draft }
    draft.study = Study(
      id: id, version: version, title: titles.first, titles: titles.each, languages: languages,
      timeZonePolicy: policy,
      contact: contact, ethics: ethics, sites: sites.names, communities: sites.communities,
      communitiesOfSites: sites.communitiesOfSites, enrolment: enrolment.plan, consent: consent,
      arms: arms.arms,
      allocation: arms.allocation?.value, occasions: occasions.plans, phases: phases,
      feedback: feedback.text?.value, course: feedback.course,
      messages: messages.sources.mapValues(\.value), safety: safety.safety,
      usesExploratoryCutoffs: cutoffs != nil,
      retention: running.retention, incentives: running.incentives, logs: running.logs,
      quietHours: running.quietHours, contentHash: hexadecimalHash(of: bytes), source: bytes)
    return draft
  }

  /// One title for all, or one for each language of the study.
  private static func titles(
    _ node: DefinitionNode, languages: [String], problems: inout Problems
  ) -> (first: String, each: [String: String])? {
    guard case .mapping = node.content else {
      return node.string(expecting: "a text, or one for each language", problems: &problems).map {
        ($0, [:])
      }
    }
    let each = StudyReader.texts(
      node, describing: "a title", languages: languages, problems: &problems)
    return languages.first.flatMap { each[$0] }.map { ($0, each) }
  }

  /// What a study may say about categories and cut-offs of wordings that are not the published ones.
  private enum Cutoffs: String, CaseIterable { case exploratory }

  // MARK: The head of the file

  private static func version(_ text: Located<String>?, problems: inout Problems) -> String? {
    guard let text else { return nil }
    guard !VersionNumbers.areWritten(text.value) else { return text.value }
    let trimmed = text.value.hasPrefix("v") ? String(text.value.dropFirst()) : text.value
    problems.report(
      at: text.place, found: "the version \(quoted(text.value))",
      expected: "three numbers, such as 1.0.0",
      suggestion: [trimmed, trimmed + ".0", trimmed + ".0.0"].first(
        where: VersionNumbers.areWritten))
    return nil
  }

  private static func languages(
    _ tags: [Located<String>]?, at place: Place, problems: inout Problems
  ) -> [String]? {
    guard let tags else { return nil }
    if tags.isEmpty {
      problems.report(
        at: place, found: "no language", expected: "at least one, such as [en]")
    }
    StudyReader.refuseTwins(tags, of: "language", problems: &problems)
    for tag in tags where !isLanguageTag(tag.value) {
      problems.report(
        at: tag.place, found: quoted(tag.value), expected: "a language tag such as en or pt-BR")
    }
    var seen: Set<String> = []
    return tags.map(\.value).filter { seen.insert($0).inserted }
  }

  /// The shape of BCP 47 without its registry: `en`, `zh-Hant-TW`.
  private static func isLanguageTag(_ tag: String) -> Bool {
    let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
    guard let language = parts.first, (2...3).contains(language.utf8.count),
      language.utf8.allSatisfy({ (97...122).contains($0) }), parts.count <= 4
    else { return false }
    return parts.dropFirst().allSatisfy { part in
      (2...8).contains(part.utf8.count)
        && part.unicodeScalars.allSatisfy {
          $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
    }
  }

  private static func policy(
    _ text: Located<String>?, problems: inout Problems
  ) -> TimeZonePolicy? {
    guard let text else { return nil }
    guard text.value != "participant" else { return .participant }
    do throws(ZoneProblem) {
      _ = try timeZone(named: text.value)
      return .fixed(text.value)
    } catch {
      problems.report(
        at: text.place, found: "the time zone \(quoted(text.value))",
        expected: "participant, or an IANA name such as Europe/Berlin",
        suggestion: error.suggestion ?? nearestName(to: text.value, among: ["participant"]))
      return nil
    }
  }

  private static func contact(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> Contact? {
    guard var contact = reader.mapping("contact", describing: "the contact", problems: &problems)
    else { return nil }
    let name = contact.string("name", problems: &problems)
    let email = contact.string("email", problems: &problems)
    contact.finish(problems: &problems)
    guard let name, let email = StudyReader.address(email, problems: &problems) else { return nil }
    return Contact(name: name.value, email: email)
  }

  private static func ethics(_ reader: inout MappingReader, problems: inout Problems) -> Ethics? {
    guard
      var ethics = reader.optionalMapping(
        "ethics", describing: "the ethics approval", problems: &problems)
    else { return nil }
    let board = ethics.string("board", problems: &problems)
    let reference = ethics.string("reference", problems: &problems)
    ethics.finish(problems: &problems)
    guard let board, let reference else { return nil }
    return Ethics(board: board.value, reference: reference.value)
  }
}

/// The SHA-256 of bytes in hexadecimal digits.
func hexadecimalHash(of bytes: [UInt8]) -> String {
  SHA256.hash(data: bytes).map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}
