import Definitions

/// One rule that an instrument must keep, over what was read of its file.
///
/// Each rule reports all its problems and knows nothing of the others; what could not be read it
/// passes over.
protocol InstrumentRule: SendableMetatype {
  /// Reports every breach of the rule.
  static func check(_ draft: InstrumentDraft, problems: inout Problems)
}

extension InstrumentDraft {
  /// All rules, in the order in which their problems at one place are shown.
  static let rules: [any InstrumentRule.Type] = [
    FileNameRule.self, EarlierAnswersRule.self, ValidNamesRule.self, UniqueNamesRule.self,
    BasisRule.self,
    KnownNamesRule.self,
    ScaleUseRule.self, ReverseRule.self, RecodeRule.self, DistressRule.self, ComputedRule.self,
    PipingRule.self,
    ReachableItemsRule.self, OperandsRule.self,
    OverlapRule.self,
    CycleRule.self, EqualRangesRule.self, StatedRangeRule.self, NominalRule.self, ChecksRule.self,
    WorkedExamplesRule.self, DistinctLabelsRule.self, PlainWordsRule.self,
  ]
}
