import Definitions
import Instruments

/// What participants see of their own course: which scores, and from when on.
package struct OwnCourse: Hashable, Sendable {
  /// A score of an instrument.
  package struct Shown: Hashable, Sendable {
    package let instrument: String
    package let score: String

    /// As files and expressions name it: `needs-6.satisfaction`.
    package var name: String { "\(instrument).\(score)" }
  }

  /// The scores, in the order of the file.
  package let shown: [Shown]
  /// After how many submissions; before, a course is a point or two that mean little.
  package let after: Int
}

/// `feedback: { text: texts/thanks.md, show: [needs-6.satisfaction], after: 3 }`, just read.
struct FeedbackDraft {
  private(set) var text: Located<TextTemplate>?
  private(set) var course: OwnCourse?
  /// Where the scores are named.
  private(set) var names: [Located<String>] = []

  static func read(
    _ node: DefinitionNode?, languages: [String], problems: inout Problems
  ) -> FeedbackDraft {
    var draft = FeedbackDraft()
    guard let node,
      var reader = MappingReader(node, describing: "the feedback", problems: &problems)
    else { return draft }
    let path =
      reader.has("show")
      ? reader.optionalString("text", problems: &problems)
      : reader.string("text", problems: &problems)
    let names = reader.optionalStrings("show", problems: &problems)
    let after = reader.optionalInteger("after", in: 1...10_000, problems: &problems)
    if reader.has("after"), !reader.has("show") {
      problems.report(
        at: reader.place(of: "after"), found: "'after' without 'show'",
        expected: "the scores to show")
    }
    reader.finish(problems: &problems)
    if let path,
      let template = StudyReader.template(path, languages: languages, problems: &problems)
    {
      draft.text = Located(template, at: path.place)
    }
    guard let names else { return draft }
    StudyReader.refuseTwins(names, of: "score", problems: &problems)
    if names.isEmpty {
      problems.report(
        at: reader.place(of: "show"), found: "no score", expected: "at least one, or no 'show'")
    }
    draft.names = names
    draft.course = OwnCourse(
      shown: names.compactMap { shown($0, problems: &problems) }, after: after?.value ?? 1)
    return draft
  }

  private static func shown(
    _ name: Located<String>, problems: inout Problems
  ) -> OwnCourse.Shown? {
    let parts = name.value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      problems.report(
        at: name.place, found: quoted(name.value),
        expected: "an instrument and a score, such as needs-6.satisfaction")
      return nil
    }
    return OwnCourse.Shown(instrument: parts[0], score: parts[1])
  }

  /// Reports names that are no score of the study's instruments.
  static func check(
    _ names: [Located<String>], scores: ScoreNames, problems: inout Problems
  ) {
    for name in names
    where !scores.known.contains(name.value) && !scores.isBeyondReach(name.value) {
      problems.report(
        at: name.place, found: "the score \(quoted(name.value))",
        expected: "a score of the study's instruments",
        suggestion: nearestName(to: name.value, among: scores.known))
    }
  }
}
