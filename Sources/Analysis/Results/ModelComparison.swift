import Definitions
import Statistics

/// Two models of a plan compared by their likelihoods.
struct ModelComparison: Sendable {
  let plan: PlanComparison
  /// The models by size; the first when they have as many parameters.
  let smaller, larger: String
  /// The test, or why there is none.
  let test: Result<LikelihoodRatioTest, ModelError>

  init?(_ plan: PlanComparison, among models: [ModelResult]) {
    guard let first = models.first(where: { $0.model.id.value == plan.first.value }),
      let second = models.first(where: { $0.model.id.value == plan.second.value })
    else { return nil }
    self.plan = plan
    let isOrdered = (first.fit?.parameterCount ?? 0) <= (second.fit?.parameterCount ?? 0)
    let (small, large) = isOrdered ? (first, second) : (second, first)
    smaller = small.model.id.value
    larger = large.model.id.value
    test = Self.test(small, large)
  }

  private static func test(
    _ smaller: ModelResult, _ larger: ModelResult
  ) -> Result<LikelihoodRatioTest, ModelError> {
    do throws(ModelError) {
      for result in [smaller, larger] {
        if case .failure(let error) = result.outcome {
          throw .unsupported("\(result.model.id.value) was not fitted: \(error.description)")
        }
      }
      guard let small = smaller.plain, let large = larger.plain else {
        throw .unsupported(
          "models with a residual structure are compared by their AIC, in the tables of each")
      }
      return .success(try small.likelihoodRatioTest(against: large))
    } catch { return .failure(error) }
  }
}
