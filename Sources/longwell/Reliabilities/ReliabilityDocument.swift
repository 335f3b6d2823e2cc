import Statistics

/// The reliabilities of a scale for programs; the keys are stable, and what cannot be had is left out,
/// with the reason among the notes.
struct ReliabilityDocument: Encodable {
  struct Alpha: Encodable {
    var estimate: Double
    var lower: Double
    var upper: Double
    var standardised: Double
    var spearmanBrown: Double?
    var items: [Item]
    private enum CodingKeys: String, CodingKey {
      case estimate, lower, upper, standardised
      case spearmanBrown = "spearman_brown"
      case items
    }
  }

  struct Item: Encodable {
    var name: String
    var rest: Double
    var alphaWithout: Double?
    private enum CodingKeys: String, CodingKey {
      case name
      case rest = "item_rest"
      case alphaWithout = "alpha_without"
    }
  }

  struct Omega: Encodable {
    var estimate: Double
    var loadings: [Double]
    var uniquenesses: [Double]

    init(_ factor: FactorLoadings) {
      estimate = factor.omega
      loadings = factor.loadings
      uniquenesses = factor.uniquenesses
    }
  }

  struct Correlation: Encodable {
    var type: String
    var estimate: Double
    /// Without an end where the ratings agree less than chance.
    var lower: Double?
    var upper: Double?
    var f: Double
    var df1: Double
    var df2: Double
    var p: Double
  }

  struct Groups: Encodable {
    var single: Double
    var mean: Double
    private enum CodingKeys: String, CodingKey {
      case single = "icc1"
      case mean = "icc2"
    }
  }

  struct Diary: Encodable {
    var fixed: Double
    var one: Double
    var random: Double
    var change: Double
    var components: [String: Double]
    private enum CodingKeys: String, CodingKey {
      case fixed = "r_kf"
      case one = "r_1r"
      case random = "r_kr"
      case change = "r_c"
      case components
    }
  }

  var n: Int
  var complete: Int
  var persons: Int?
  var alpha: Alpha
  var omega: Omega?
  var icc: [Correlation] = []
  var means: Groups?
  var omegaWithin: Omega?
  var omegaBetween: Omega?
  var diary: Diary?
  var notes: [String] = []

  private enum CodingKeys: String, CodingKey {
    case n, complete, persons, alpha, omega, icc
    case means = "icc_of_means"
    case omegaWithin = "omega_within"
    case omegaBetween = "omega_between"
    case diary, notes
  }

  /// - Throws: `ReliabilityError` when not even alpha can be had.
  init(
    names: [String], scores: ItemScores, persons: [Int]?, times: [Double]?,
    rows: CronbachAlpha.Rows, confidenceLevel: Double
  ) throws(ReliabilityError) {
    let found = try CronbachAlpha(scores, rows: rows, confidenceLevel: confidenceLevel)
    n = scores.rowCount
    complete = found.rowCount
    alpha = Alpha(
      estimate: found.alpha, lower: found.lower, upper: found.upper,
      standardised: found.standardised, spearmanBrown: found.spearmanBrown,
      items: names.indices.map { place in
        Item(
          name: names[place], rest: found.itemRest[place],
          alphaWithout: found.withoutItem.isEmpty ? nil : found.withoutItem[place])
      })
    if scores.itemCount >= 3 {
      do throws(ReliabilityError) {
        let model = try OneFactorModel(scores)
        omega = Omega(model.factor)
        if model.factor.hasHeywoodCase {
          notes.append("omega rests on an item without residual variance: read it with care")
        }
      } catch { notes.append("omega: \(error)") }
    } else {
      notes.append("omega needs three items; two have Spearman and Brown's coefficient")
    }
    guard let persons else {
      do throws(ReliabilityError) {
        icc = try IntraclassCorrelation.all(of: scores, confidenceLevel: confidenceLevel)
          .map(Correlation.init)
      } catch { notes.append("intraclass correlations: \(error)") }
      return
    }
    notes.append(
      "alpha and omega over all rows mix persons' levels with their ups and downs: report those "
        + "within and between")
    addLevels(scores, persons: persons, times: times)
  }

  private mutating func addLevels(_ scores: ItemScores, persons: [Int], times: [Double]?) {
    self.persons = Set(persons.filter { $0 >= 0 }).count
    do throws(ReliabilityError) {
      let groups = try GroupCorrelation(scores.rowMeans, groups: persons)
      means = Groups(single: groups.single, mean: groups.mean)
    } catch { notes.append("ICC(1) and ICC(2): \(error)") }
    if scores.itemCount >= 3 {
      do throws(ReliabilityError) {
        let levels = try TwoLevelFactorModel(scores, persons: persons)
        omegaWithin = Omega(levels.within)
        omegaBetween = Omega(levels.between)
        if levels.within.hasHeywoodCase || levels.between.hasHeywoodCase {
          notes.append(
            "an item has no residual variance within or between persons: read that omega with care")
        }
      } catch { notes.append("omega within and between: \(error)") }
    }
    guard let times else {
      notes.append("the coefficients of Shrout and Lane need --time")
      return
    }
    do throws(ReliabilityError) {
      let found = try DiaryReliability(scores, persons: persons, times: times)
      let parts = found.components
      diary = Diary(
        fixed: found.personsOverFixedTimes, one: found.personsAtOneTime,
        random: found.personsOverRandomTimes, change: found.change,
        components: [
          "person": parts.person, "time": parts.time, "item": parts.item,
          "person_time": parts.personTime, "person_item": parts.personItem,
          "time_item": parts.timeItem, "residual": parts.residual,
        ])
    } catch { notes.append("the coefficients of Shrout and Lane: \(error)") }
  }
}

extension ReliabilityDocument.Correlation {
  init(_ found: IntraclassCorrelation) {
    self.init(
      type: found.kind.rawValue, estimate: found.estimate,
      lower: found.lower.ifFinite,
      upper: found.upper.ifFinite, f: found.test.statistic,
      df1: found.test.numerator, df2: found.test.denominator,
      p: found.test.pValue)
  }
}
