/// How a fit was found: where the search began, what it passed through, and why it ended.
public struct FitRecord: Hashable, Sendable, Codable {
  /// Why the search ended.
  public enum Reason: String, Hashable, Sendable, Codable {
    /// Another step could lower the criterion by next to nothing, and no direction curves down.
    case converged
    /// No step lowers the criterion any more, and what could be gained is within rounding.
    case precisionReached
    /// The largest number of steps was taken.
    case stepLimit
    /// No step lowers the criterion, though the gradient says that one should.
    case stalled
  }

  /// One step of the search.
  public struct Step: Hashable, Sendable, Codable {
    /// The parameters, those of standardised columns.
    public let parameters: [Double]
    /// The criterion there, up to a constant.
    public let criterion: Double
    /// Half the squared length of the gradient in the metric of the curvature: by how much a
    /// quadratic criterion could still fall, in units of deviance.
    public let decrement: Double
    /// The least eigenvalue of the Hessian; below 0 the criterion curves down.
    public let leastCurvature: Double
  }

  /// The parameters that the search began from.
  public let start: [Double]
  /// Every point that was accepted, the last one the result.
  public let steps: [Step]
  /// How often the criterion was computed, with or without its gradient.
  public let evaluations: Int
  /// Why the search ended.
  public let reason: Reason

  /// Whether the search ended where a minimum is.
  public var converged: Bool { reason == .converged || reason == .precisionReached }
}
