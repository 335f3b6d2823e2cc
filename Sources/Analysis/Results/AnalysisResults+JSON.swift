import Definitions
import LocalTime
import Statistics
import Storage
import Tables

extension AnalysisResults {
  /// Every number at full precision under stable names; no times and no machine, so that the same
  /// plan and data give the same bytes.
  func json() -> JSONText {
    .fields([
      "schema": .text("longwell-results-1"),
      "longwell": .text(version),
      "plan": .fields([
        "id": .text(plan.id), "hash": .text(plan.hash), "locked": .truth(lock.lock != nil),
        "lock": Self.json(lock), "question": .text(plan.question),
        "estimand": .optional(plan.estimand),
      ]),
      "study": .fields([
        "id": .text(study.id), "version": .text(study.version),
        "hash": .text(study.contentHash), "simulated": .truth(isSimulated),
        "instruments": .list(study.instruments.map(Self.json)),
        "wordings": .list(wordings.map(Self.json)),
      ]),
      "data": .fields([
        "hash": .text(dataHash), "rows": .integer(data.table.rowCount),
        "late_rows": .integer(data.lateCount),
        "participants": .integer(Set(data.rows.map(\.participant)).count),
      ]),
      "seeds": .list(usesSeed ? [.integer(Int(plan.seed))] : []),
      "flow": Self.json(flow),
      "attrition": attrition.map(Self.json) ?? .null,
      "missing_patterns": patterns.map(json) ?? .null,
      "descriptives": .list(descriptives.map(json)),
      "reliability": .list(reliabilities.map(Self.json)),
      "item_functioning": .list(itemFunctioning.map(Self.json)),
      "change": .list(changes.map(Self.json)),
      "trends": .list(trends.map(Self.json)),
      "models": .list(models.map(Self.json)),
      "contrasts": .list(contrasts.map(json)),
      "exclusion": exclusion.map(Self.json) ?? .null,
      "missing_sensitivity": delta.map(Self.json) ?? .null,
      "comparisons": .list(comparisons.map(Self.json)),
      "margins": .list(margins.map(Self.json)),
    ])
  }

  private static func json(_ status: PlanLockStatus) -> JSONText {
    guard let lock = status.lock else { return .null }
    func list(_ names: [String]) -> JSONText { .list(names.map { .text($0) }) }
    return .fields([
      "hash": .text(lock.hash), "locked_utc": .text(lock.locked.utcText),
      "times": .integer(status.times), "participants": .integer(lock.participants),
      "submissions": .integer(lock.submissions), "exports": .integer(lock.exports),
      "as_locked": .truth(status.isAsLocked), "changed": list(status.changed),
      "added": list(status.added), "removed": list(status.removed),
    ])
  }

  private static func json(_ instrument: StudyOutline.Instrument) -> JSONText {
    .fields([
      "id": .text(instrument.id), "version": .text(instrument.version),
      "hash": .text(instrument.contentHash), "wording": .text(instrument.wording),
    ])
  }

  private static func json(_ wording: WordingUse) -> JSONText {
    .fields([
      "instrument": .text(wording.instrument), "language": .text(wording.language),
      "overlay": .optional(wording.overlay), "provenance": .optional(wording.provenance),
      "sessions": .integer(wording.sessions),
    ])
  }

  private static func json(_ flow: ParticipantFlow) -> JSONText {
    .fields([
      "enrolled": .integer(flow.enrolled), "consented": .integer(flow.consented),
      "allocated": .integer(flow.allocated),
      "arms": .list(
        flow.arms.map { arm in
          .fields([
            "arm": .optional(arm.arm), "participants": .integer(arm.participants),
            "withdrawn": .integer(arm.withdrawn),
            "stopped_answering": .integer(arm.stoppedAnswering),
            "occasions": .list(
              arm.slots.map { slot in
                .fields([
                  "occasion": .text(slot.label), "submitted": .integer(slot.submitted),
                  "partial": .integer(slot.partial), "missed": .integer(slot.missed),
                  "cancelled": .integer(slot.cancelled), "not_yet": .integer(slot.notYet),
                ])
              }),
          ])
        }),
    ])
  }

  private func json(_ item: Descriptive) -> JSONText {
    .fields([
      "column": .text(item.column), "arm": .optional(item.arm),
      "occasion": .text(data.slots[item.slot].label), "n": .integer(item.count),
      "missing": .integer(item.missing), "mean": .number(item.mean),
      "standard_deviation": .number(item.deviation), "lower": .number(item.lower),
      "upper": .number(item.upper), "minimum": .number(item.least),
      "maximum": .number(item.most),
    ])
  }
}
