import Definitions
import Expressions
import Instruments

/// `enrolment: { mode: open, capacity: 400, screening: { instrument: …, eligible: "age >= 18" } }`,
/// just read.
struct EnrolmentDraft {
  private(set) var plan = EnrolmentPlan(mode: .invitation, capacity: nil, screening: nil)
  /// Where the instrument of the screening is named.
  private(set) var instrument: Located<String>?
  /// The condition on its answers, to be checked once the instrument is known.
  private(set) var eligible: LocatedExpression?

  static func read(_ study: inout MappingReader, problems: inout Problems) -> EnrolmentDraft {
    var draft = EnrolmentDraft()
    guard
      var reader = study.optionalMapping(
        "enrolment", describing: "the enrolment", problems: &problems)
    else { return draft }
    let mode: Located<EnrolmentPlan.Mode>? = reader.optionalChoice("mode", problems: &problems)
    let capacity = reader.optionalInteger("capacity", in: 1...10_000_000, problems: &problems)
    let screening = draft.readScreening(&reader, problems: &problems)
    reader.finish(problems: &problems)
    draft.plan = EnrolmentPlan(
      mode: mode?.value ?? .invitation, capacity: capacity?.value, screening: screening)
    return draft
  }

  private mutating func readScreening(
    _ enrolment: inout MappingReader, problems: inout Problems
  ) -> Screening? {
    guard
      var reader = enrolment.optionalMapping(
        "screening", describing: "the screening", problems: &problems)
    else { return nil }
    instrument = reader.string("instrument", problems: &problems)
    eligible = reader.node("eligible", problems: &problems).flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    reader.finish(problems: &problems)
    guard let instrument, let eligible else { return nil }
    return Screening(instrument: instrument.value, eligible: eligible.expression)
  }

  /// Reports a condition that asks for something else than the instrument's items and scores.
  static func check(
    _ eligible: LocatedExpression?, of instrument: Instrument?, problems: inout Problems
  ) {
    guard let eligible, let instrument else { return }
    eligible.check(names: instrument.conditionNames, expecting: .truth, problems: &problems)
  }
}
