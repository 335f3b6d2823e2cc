import Definitions
import Delimited
import Statistics

/// Means or slopes that a model of the plan implies.
struct MarginResult: Sendable {
  let plan: PlanMargin
  /// One for each combination of values, or why there are none.
  let sets: Result<[Estimates], ModelError>

  /// The estimates at one combination of values of the covariates.
  struct Estimates: Sendable {
    /// `week = 4`; empty where no covariate is held.
    let title: String
    let estimates: [MarginalEstimate]
    let comparisons: [PairwiseComparison]
  }

  init(_ plan: PlanMargin, model: ModelResult, data: ModelData) {
    self.plan = plan
    do throws(ModelError) {
      let fit: any LinearModelFit
      do { fit = try model.outcome.get() } catch {
        throw .unsupported("\(model.model.id.value) was not fitted: \(error.description)")
      }
      let factors = plan.factors.map(\.value)
      sets = .success(
        try Self.combinations(plan.values).map { (point) throws(ModelError) in
          let held = point.map { (name: $0.name, values: [$0.value]) }
          let estimates =
            if let covariate = plan.slopes {
              try fit.marginalSlopes(of: covariate.value, by: factors, at: held, data: data)
            } else {
              try fit.marginalMeans(of: factors, at: held, data: data)
            }
          return Estimates(
            title: point.map { "\($0.name) = \(DelimitedWriter.shortest($0.value))" }.joined(
              separator: ", "),
            estimates: estimates,
            comparisons: estimates.count > 1
              ? fit.pairwiseComparisons(of: estimates, adjustment: .tukey) : [])
        })
    } catch { sets = .failure(error) }
  }

  /// Every combination of values, the first covariate the slowest.
  private static func combinations(
    _ values: [(name: Located<String>, values: [Double])]
  ) -> [[(name: String, value: Double)]] {
    values.reduce([[]]) { points, covariate in
      points.flatMap { point in
        covariate.values.map { point + [(name: covariate.name.value, value: $0)] }
      }
    }
  }

  /// `week 4 supportive` as people read it: the levels alone, as the title says the values.
  static func label(_ conditions: [MarginalEstimate.Condition], held: Set<String>) -> String {
    let told = conditions.filter { !held.contains($0.name) }.map(\.value)
    return told.isEmpty ? "all" : told.joined(separator: ", ")
  }

  /// `usual − supportive` for each pair of estimates, in the order in which they are compared.
  static func pairLabels(_ estimates: [MarginalEstimate], held: Set<String>) -> [String] {
    let labels = estimates.map { label($0.at, held: held) }
    return labels.indices.flatMap { first in
      labels[(first + 1)...].map { "\(labels[first]) − \($0)" }
    }
  }
}
