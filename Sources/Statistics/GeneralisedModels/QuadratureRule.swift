import CGSL
import RealModule

/// Nodes and weights of Gauss-Hermite quadrature over one or more random effects, for the weight
/// function exp(−z²).
///
/// Nodes come from GSL and are made exactly symmetric, as MixedModels.jl and lme4 make them; weights
/// follow from the nodes by Christoffel's formula. Several
/// random effects are taken by the product of the rule with itself.
struct QuadratureRule: Sendable {
  /// The nodes times √2, so that they are in units of the standard normal distribution: all numbers
  /// of the first, then of the second.
  let nodes: [Double]
  /// The logarithms of the weights with exp(z²) and √π divided out.
  let logWeights: [Double]

  /// The number of nodes.
  var count: Int { logWeights.count }

  /// More points than this at once cost more than they tell.
  static let mostPoints = 10_000

  /// - Parameters:
  ///   - points: In each direction.
  ///   - dimensions: The random effects of a group.
  /// - Returns: `nil` when there would be too many points, or GSL fails.
  init?(points: Int, dimensions: Int) {
    guard points >= 1, points <= 100, dimensions >= 1,
      Double.pow(Double(points), dimensions) <= Double(Self.mostPoints),
      let (single, logarithms) = Self.single(points: points)
    else { return nil }
    var nodes: [[Double]] = [[]]
    var logWeights = [0.0]
    for _ in 0..<dimensions {
      var next: [[Double]] = []
      var sums: [Double] = []
      for (node, sum) in zip(nodes, logWeights) {
        for (value, logarithm) in zip(single, logarithms) {
          next.append(node + [value])
          sums.append(sum + logarithm)
        }
      }
      nodes = next
      logWeights = sums
    }
    self.nodes = nodes.flatMap(\.self)
    self.logWeights = logWeights
  }

  private static func single(points: Int) -> (nodes: [Double], logWeights: [Double])? {
    guard GSL.returnsErrors,
      let workspace = unsafe gsl_integration_fixed_alloc(
        longwell_hermite_rule(), points, 0, 1, 0, 0)
    else { return nil }
    defer { unsafe gsl_integration_fixed_free(workspace) }
    guard let found = unsafe gsl_integration_fixed_nodes(workspace) else { return nil }
    let sorted = (0..<points).map { unsafe found[$0] }.sorted()
    let nodes = sorted.indices.map { (sorted[$0] - sorted[points - 1 - $0]) / 2 }
    return (
      nodes.map { $0 * Double.sqrt(2) },
      nodes.map { -Double.log(christoffel($0, points: points)) - Double.log(Double.pi) / 2 }
    )
  }

  /// The sum of squares of the first Hermite functions, whose inverse is the weight of a node times
  /// exp(z²): exact to the last digits where the weight itself is all but 0.
  private static func christoffel(_ node: Double, points: Int) -> Double {
    var before = 0.0
    var current = Double.exp(-node * node / 2) / Double.pow(Double.pi, 0.25)
    var sum = current * current
    for degree in 1..<max(1, points) {
      let next =
        Double.sqrt(2 / Double(degree)) * node * current
        - Double.sqrt(Double(degree - 1) / Double(degree)) * before
      (before, current) = (current, next)
      sum += current * current
    }
    return sum
  }
}
