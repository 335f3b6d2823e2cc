/// The rows of a linear mixed model as sums, from which the exact fit is made: a summary that can be
/// merged with others, kept in a file, and added to.
///
/// For each group, or each combination of groups that occurs, the number of rows, the mean of every
/// column, and the centred products of the random-effect columns with all columns; over everything,
/// the centred products of all columns. That is all a Gaussian likelihood reads of the rows, so a
/// fit from merged summaries is the fit of all rows: no approximation is made, whichever site,
/// thread or day the rows came from. A participant with rows in two summaries is one participant.
///
/// Sums are centred and merged by the formula of Chan, Golub & LeVeque (1983, *The American
/// Statistician* 37), as raw products lose their digits when means are large and a stream cannot
/// know the grand mean beforehand.
///
/// It is not anonymous: it holds the names of groups as they are, and a group with few rows can be
/// computed back to its values. It is not enough for generalised or ordinal models, residual
/// structures, residuals or fitted values, which need the rows.
///
/// ```swift
/// var all = try SufficientStatistics(formula, data: first)
/// try all.add(second)                      // more rows, coded like the first
/// try all.merge(SufficientStatistics(formula, data: otherSite))
/// let fit = try LinearMixedModel(all).fit(.reml)
/// ```
public struct SufficientStatistics: Hashable, Sendable {
  /// What the columns are.
  let design: SummaryDesign
  /// The sums of each combination of groups, in the order of the groups' names.
  var cells: CellMoments
  /// The sums over all rows.
  var total: Moments
  /// Rows without a value, by variable, in the order of their names.
  public internal(set) var missing: [MissingCount]
  /// The rows set aside for want of a value.
  public internal(set) var excludedRows: Int
  /// Σ log w over the rows used, 0 without weights.
  var logWeights: Double
  /// The columns of numbers that the fixed part is made of, in the order of their names.
  var covariates: [ReferenceGrid.Covariate]
  /// The mean of the offsets over the rows used.
  var meanOffset: Double

  /// The formula.
  public var formula: ModelFormula { design.formula }
  /// The rows used.
  public var observations: Int { total.rows }
  /// The grouping factors and the number of their levels.
  public var groups: [LinearMixedModelFit.Group] {
    design.groupNames.enumerated().map { position, name in
      LinearMixedModelFit.Group(
        name: name, levels: Set(cells.keys.map { $0[position] }).count)
    }
  }
}
