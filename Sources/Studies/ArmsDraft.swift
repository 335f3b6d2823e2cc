import Definitions
import Instruments

/// The arms and the allocation of a study just read.
struct ArmsDraft {
  let arms: [Arm]
  let allocation: Located<Allocation>?
  /// The numbers that strata are made of.
  let measures: [LocatedExpression]
  /// The occasion that the allocation follows, known even when the rest of it could not be read.
  let after: Located<String>?

  static func read(_ study: inout MappingReader, problems: inout Problems) -> ArmsDraft {
    let nodes = study.optionalList("arms", problems: &problems)
    let arms = (nodes ?? []).map { arm($0, problems: &problems) }
    StudyReader.refuseTwins(arms.compactMap { $0?.map(\.id) }, of: "arm", problems: &problems)
    if nodes != nil, arms.count < 2 {
      problems.report(
        at: study.place(of: "arms"), found: arms.isEmpty ? "no arm" : "one arm",
        expected: "at least two arms, or no 'arms' at all")
    }
    let known = arms.compactMap { $0?.value }
    let allocation = AllocationDraft.read(
      &study, arms: known.count == arms.count ? known : [], problems: &problems)
    if nodes != nil, !study.has("allocation") {
      problems.report(
        at: study.place(of: "arms"), found: "arms without 'allocation'",
        expected: "allocation: { method: simple, after: OCCASION }")
    }
    if nodes == nil, study.has("allocation"), !study.has("arms") {
      problems.report(
        at: study.place(of: "allocation"), found: "an allocation without 'arms'",
        expected: "the arms that it assigns")
    }
    let after = study.scalar(at: "allocation", "after").map { Located($0.text, at: $0.node.place) }
    return ArmsDraft(
      arms: known, allocation: allocation.allocation, measures: allocation.measures, after: after)
  }

  /// Reports an allocation that follows an occasion that there is not, or not exactly once.
  func check(against occasions: OccasionsDraft, problems: inout Problems) {
    if let after { occasions.requireSingle(after, problems: &problems) }
  }

  /// Warns of an allocation after an occasion that not everybody is asked.
  func check(_ plans: [OccasionPlan], against consent: Consent, problems: inout Problems) {
    guard let after, let part = plans.first(where: { $0.id == after.value })?.consentPart,
      consent.parts.contains(where: { $0.id == part && !$0.isRequired })
    else { return }
    problems.report(
      .warning, at: after.place,
      found: "an allocation after an occasion that rests on the optional part \(quoted(part))",
      expected: "an occasion that everybody is asked: who declines the part is never allocated")
  }

  private static func arm(_ node: DefinitionNode, problems: inout Problems) -> Located<Arm>? {
    guard var reader = MappingReader(node, describing: "an arm", problems: &problems) else {
      return nil
    }
    let place = reader.optionalNode("id")?.place ?? reader.place
    let id = StudyReader.identifier(reader.string("id", problems: &problems), problems: &problems)
    let weight = reader.optionalInteger("weight", in: 1...1000, problems: &problems)
    reader.finish(problems: &problems)
    return id.map { Located(Arm(id: $0, weight: weight?.value ?? 1), at: place) }
  }
}
