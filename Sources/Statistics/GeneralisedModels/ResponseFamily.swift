/// The distribution of a response given its random effects, with the link that makes its mean
/// linear.
public enum ResponseFamily: Hashable, Sendable, Codable {
  /// Successes among trials; one trial a row for a 0/1 response.
  case binomial(BinomialLink)
  /// Counts whose variance is their mean; logarithmic link.
  case poisson
  /// Counts whose variance is μ + μ²/φ (NB2), φ estimated with the rest; logarithmic link.
  case negativeBinomial

  /// Logistic regression.
  public static let logistic = ResponseFamily.binomial(.logit)

  /// The link's name.
  public var linkName: String {
    switch self {
    case .binomial(let link): link.rawValue
    case .poisson, .negativeBinomial: "log"
    }
  }

  /// The family's name as R writes it.
  public var name: String {
    switch self {
    case .binomial: "binomial"
    case .poisson: "poisson"
    case .negativeBinomial: "nbinom2"
    }
  }
}

/// How the probability of a success depends on the linear predictor.
public enum BinomialLink: String, Hashable, Sendable, Codable, CaseIterable {
  /// The logistic function: effects are log odds ratios.
  case logit
  /// The normal distribution function.
  case probit
}

/// Which second derivative of the log-likelihood enters the determinant of Laplace's approximation.
///
/// The two are the same for logit, Poisson and cumulative logit. For probit and the negative
/// binomial they differ, and so do the programs: lme4 takes the expected one, because its weights
/// come from iterated least squares, glmmTMB the observed one. The observed one is Laplace's.
public enum LaplaceCurvature: String, Hashable, Sendable, Codable {
  /// Fisher's expected information, as lme4.
  case expected
  /// The observed information, as glmmTMB and ordinal.
  case observed
}

extension ResponseFamily {
  /// What the program takes that the family's conventions follow: lme4 for the binomial and Poisson
  /// families, glmmTMB for the negative binomial.
  public var usualCurvature: LaplaceCurvature {
    self == .negativeBinomial ? .observed : .expected
  }
}
