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
      "seeds": .list([]),
      "flow": Self.json(flow),
      "descriptives": .list(descriptives.map(json)),
      "models": .list(models.map(Self.json)),
      "contrasts": .list(plan.contrasts.map(json)),
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

  private func json(_ contrast: PlanContrast) -> JSONText {
    let effect = model(contrast.model.value)?.effect(contrast)
    return .fields([
      "id": .text(contrast.id.value), "model": .text(contrast.model.value),
      "of": .text(contrast.coefficient.value), "estimate": .optional(effect?.estimate),
      "standard_error": .optional(effect?.standardError),
      "df": .optional(effect?.degreesOfFreedom), "statistic": .optional(effect?.statistic),
      "p": .optional(effect?.pValue), "lower": .optional(effect?.lower),
      "upper": .optional(effect?.upper),
    ])
  }

  private static func json(_ result: ModelResult) -> JSONText {
    var fields: [JSONText.Field] = []
    func add(_ key: String, _ value: JSONText) { fields.append(.init(key: key, value: value)) }
    add("id", .text(result.model.id.value))
    add("formula", .text(result.model.formula.source))
    add("method", .text(result.model.method.rawValue))
    add("df_method", .text(result.model.degreesOfFreedom.rawValue))
    add("primary", .truth(result.model.isPrimary))
    switch result.outcome {
    case .failure(let error):
      add("error", .text(error.description))
    case .success(let fit):
      add("observations", .integer(fit.observations))
      add("excluded_rows", .integer(fit.excludedRows))
      add(
        "groups",
        .list(
          fit.groups.map { .fields(["name": .text($0.name), "levels": .integer($0.levels)]) }))
      add("confidence_level", .number(fit.confidenceLevel))
      add("fixed_effects", .list(fit.fixedEffects.map(json)))
      add("covariance", json(fit.covariance))
      add("not_estimable", .list(fit.setAside.map { .text($0) }))
      add("variance_components", .list(fit.varianceComponents.map(json)))
      add("residual_standard_deviation", .number(fit.sigma))
      add("theta", .list(fit.theta.map { .number($0) }))
      add("criterion", .number(fit.criterion))
      add("log_likelihood", .number(fit.logLikelihood))
      add("parameters", .integer(fit.parameterCount))
      add("aic", .number(fit.aic))
      add("bic", .number(fit.bic))
      add("intraclass_correlation", .optional(result.intraclassCorrelation))
      add("singular", .truth(fit.isSingular))
      add("converged", .truth(fit.converged))
      add("notes", .list(fit.notes.map { .text($0) }))
    }
    return .object(fields)
  }

  private static func json(_ effect: LinearMixedModelFit.FixedEffect) -> JSONText {
    .fields([
      "name": .text(effect.name), "estimate": .number(effect.estimate),
      "standard_error": .number(effect.standardError),
      "df": .optional(effect.degreesOfFreedom), "statistic": .number(effect.statistic),
      "p": .number(effect.pValue), "lower": .number(effect.lower),
      "upper": .number(effect.upper),
    ])
  }

  private static func json(_ component: LinearMixedModelFit.VarianceComponent) -> JSONText {
    .fields([
      "group": .text(component.group), "terms": .list(component.terms.map { .text($0) }),
      "standard_deviations": .list(component.standardDeviations.map { .number($0) }),
      "correlations": json(component.correlations),
    ])
  }

  private static func json(_ matrix: Matrix) -> JSONText {
    .list(
      (0..<matrix.rows).map { row in
        .list((0..<matrix.columns).map { .number(matrix[row, $0]) })
      })
  }
}
