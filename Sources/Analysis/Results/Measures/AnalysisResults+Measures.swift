import Definitions
import Statistics
import Tables

/// Reliability, change and trends for `results.json` and as tables.
extension AnalysisResults {
  static func json(_ result: ScoreReliability) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "score", value: .text(result.plan.score.value)),
      .init(key: "items", value: .integer(result.itemCount)),
      .init(key: "at", value: .optional(result.moment)),
    ]
    if let alpha = result.alpha {
      fields.append(
        .init(
          key: "alpha",
          value: .fields([
            "n": .integer(alpha.rowCount), "estimate": .number(alpha.alpha),
            "lower": .number(alpha.lower), "upper": .number(alpha.upper),
            "standardised": .number(alpha.standardised),
            "spearman_brown": .optional(alpha.spearmanBrown),
            "without_item": .list(alpha.withoutItem.map { .number($0) }),
            "item_rest": .list(alpha.itemRest.map { .number($0) }),
          ])))
    }
    if result.plan.wantsAlpha {
      fields.append(.init(key: "omega", value: .optional(result.omega)))
    }
    if let levels = result.levels {
      fields.append(
        .init(
          key: "levels",
          value: .fields([
            "persons": .integer(levels.persons), "rows": .integer(levels.rows),
            "omega_within": .optional(levels.omegaWithin),
            "omega_between": .optional(levels.omegaBetween),
            "r_kf": .optional(levels.diary?.personsOverFixedTimes),
            "r_1r": .optional(levels.diary?.personsAtOneTime),
            "r_kr": .optional(levels.diary?.personsOverRandomTimes),
            "r_c": .optional(levels.diary?.change),
          ])))
    }
    fields.append(.init(key: "notes", value: .list(result.notes.map { .text($0) })))
    return .object(fields)
  }

  static func json(_ result: ItemFunctioning) -> JSONText {
    func test(_ test: ItemFunctioning.Test) -> JSONText {
      .fields([
        "chi_square": .number(test.statistic), "df": .integer(test.degreesOfFreedom),
        "p": .number(test.pValue),
      ])
    }
    return .fields([
      "score": .text(result.score), "across": .text(result.grouping.rawValue),
      "groups": .list(result.groups.map { .text($0) }),
      "items": .list(
        result.items.map {
          .fields([
            "item": .text($0.item), "rows": .integer($0.rows), "uniform": test($0.uniform),
            "uniform_p_adjusted": .number($0.adjusted), "non_uniform": test($0.nonUniform),
            "r_squared_gain": .number($0.gain), "flagged": .truth($0.isFlagged),
          ])
        }), "notes": .list(result.notes.map { .text($0) }),
    ])
  }

  static func json(_ result: ChangeResult) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "column", value: .text(result.plan.column.value)),
      .init(key: "from", value: .text(result.before)),
      .init(key: "to", value: .text(result.after)),
    ]
    switch result.rule {
    case .failure(let error):
      fields.append(.init(key: "error", value: .text(error.description)))
    case .success(let rule):
      fields += [
        .init(key: "reliability", value: .number(rule.reliability)),
        .init(key: "standard_deviation", value: .number(rule.standardDeviation)),
        .init(key: "threshold", value: .number(rule.threshold)),
      ]
    }
    fields.append(
      .init(
        key: "arms",
        value: .list(
          result.groups.map { group in
            .fields([
              "arm": .optional(group.arm), "n": .integer(group.pairs),
              "without_second": .integer(group.withoutSecond), "mean": .number(group.mean),
              "standard_deviation": .number(group.deviation), "lower": .number(group.lower),
              "upper": .number(group.upper), "standardised": .number(group.standardised),
              "risen": .integer(group.risen), "unchanged": .integer(group.unchanged),
              "fallen": .integer(group.fallen),
            ])
          })))
    return .object(fields)
  }

  static func json(_ result: TrendResult) -> JSONText {
    let slopes = TrendResult.slopes(of: result.persons)
    return .fields([
      "column": .text(result.plan.column.value),
      "time": .text(result.plan.time?.value ?? RowName.index),
      "test": .text(result.plan.method.rawValue), "least": .integer(result.plan.least),
      "persons": .integer(result.persons.count),
      "tested": .integer(result.persons.count(where: \.isTested)),
      "too_short": .integer(result.tooShort),
      "median_slope": .number(slopes.median), "lower_quartile": .number(slopes.lower),
      "upper_quartile": .number(slopes.upper),
      "together": result.together.map {
        .fields([
          "n": .integer($0.count), "s": .integer($0.score), "var_s": .number($0.variance),
          "z": .number($0.z), "p": .number($0.pValue), "tau": .number($0.tau),
        ])
      } ?? .null,
      "notes": .list(result.notes.map { .text($0) }),
    ])
  }

  static func json(_ result: AttritionResult) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "participants", value: .integer(result.persons)),
      .init(key: "left", value: .integer(result.left)),
    ]
    switch result.regression {
    case .failure(let error):
      fields.append(.init(key: "error", value: .text(error.description)))
    case .success(let fit):
      fields += [
        .init(key: "observations", value: .integer(fit.observations)),
        .init(
          key: "log_odds",
          value: .list(
            fit.effects.map {
              .object([.init(key: "name", value: .text($0.name))] + estimateFields($0))
            })),
      ]
    }
    return .object(fields)
  }

  func json(_ result: MissingPatterns) -> JSONText {
    .fields([
      "column": .text(result.column), "occasions": .list(result.slots.map { .text($0) }),
      "patterns": .list(
        result.patterns.map { pattern in
          .fields([
            "pattern": .text(pattern.marks.map(\.rawValue).joined()),
            "participants": .integer(pattern.persons),
            "by_arm": .object(
              zip(study.arms, pattern.byArm).map { .init(key: $0, value: .integer($1)) }),
          ])
        }), "others": .integer(result.others),
    ])
  }

  /// The tables that are only there if the plan asks for what they hold.
  func measureTables() throws -> [Table] {
    var tables: [Table] = []
    if let fit = attrition.flatMap({ try? $0.regression.get() }) {
      tables.append(
        try Table(
          name: "attrition", title: "Who leaves: log odds ratios of a logistic regression",
          columns: [
            Column("term", .text(fit.effects.map(\.name)), definition: "name as in R")
          ] + Self.estimateColumns(fit.effects)))
    }
    if !reliabilities.isEmpty { tables.append(try reliabilityTable()) }
    if !itemFunctioning.isEmpty { tables.append(try itemTable()) }
    if !changes.isEmpty { tables.append(try changeTable()) }
    if !trends.isEmpty { tables.append(try trendTable()) }
    return tables
  }

  private func reliabilityTable() throws -> Table {
    // Values before columns: a release build of Swift 6.3 does not compile closures over the whole result.
    let alphas = reliabilities.map(\.alpha)
    let levels = reliabilities.map(\.levels)
    let diaries = levels.map { $0?.diary }
    func number(_ name: String, _ definition: String, _ values: [Double?]) -> Column {
      Column(name, .number(values.map { $0.flatMap(\.ifFinite) }), definition: definition)
    }
    return try Table(
      name: "reliability", title: "How reliable the scores are in this sample",
      columns: [
        Column(
          "score", .text(reliabilities.map(\.plan.score.value)), definition: "name in the study"),
        Column("items", .integer(reliabilities.map(\.itemCount)), definition: "number of items"),
        Column(
          "occasion", .text(reliabilities.map(\.moment)),
          definition: "the measurement that alpha and omega are of"),
        Column(
          "n", .integer(alphas.map { $0?.rowCount }),
          definition: "people with every item there"),
        number("alpha", "Cronbach's alpha", alphas.map { $0?.alpha }),
        number("alpha_lower", "Feldt's 95 % interval", alphas.map { $0?.lower }),
        number("alpha_upper", "Feldt's 95 % interval", alphas.map { $0?.upper }),
        number("spearman_brown", "of two items", alphas.map { $0?.spearmanBrown }),
        number("omega", "omega total of one factor", reliabilities.map(\.omega)),
        number("omega_within", "of a person's ups and downs", levels.map { $0?.omegaWithin }),
        number("omega_between", "of persons' levels", levels.map { $0?.omegaBetween }),
        number(
          "r_kr", "of persons' means over these occasions (Shrout & Lane)",
          diaries.map { $0?.personsOverRandomTimes }),
        number(
          "r_c", "of a person's change from occasion to occasion (Shrout & Lane)",
          diaries.map { $0?.change }),
      ])
  }

  private func itemTable() throws -> Table {
    let entries = itemFunctioning.flatMap { result in
      result.items.map { (result: result, item: $0) }
    }
    func number(
      _ name: String, _ definition: String, _ value: (ItemFunctioning.Item) -> Double
    ) -> Column {
      Column(name, .number(entries.map { value($0.item).ifFinite }), definition: definition)
    }
    return try Table(
      name: "item-functioning", title: "Whether items mean the same to different people",
      columns: [
        Column("score", .text(entries.map(\.result.score)), definition: "name in the study"),
        Column(
          "across", .text(entries.map(\.result.grouping.rawValue)),
          definition: "wordings, sites or waves"),
        Column("item", .text(entries.map(\.item.item)), definition: "id of the item"),
        Column("rows", .integer(entries.map(\.item.rows)), definition: "complete answers"),
        number("uniform_chi_square", "likelihood ratio of the group", \.uniform.statistic),
        Column(
          "df", .integer(entries.map(\.item.uniform.degreesOfFreedom)),
          definition: "of either test"),
        number("uniform_p_adjusted", "Benjamini-Hochberg's over items", \.adjusted),
        number(
          "non_uniform_chi_square", "likelihood ratio of group by score", \.nonUniform.statistic),
        number("non_uniform_p", "of that test", \.nonUniform.pValue),
        number("r_squared_gain", "of McFadden's R², by group and product", \.gain),
        Column(
          "flagged", .truth(entries.map(\.item.isFlagged)),
          definition: "more than chance, and a gain of 0.02 or more"),
      ])
  }

  private func changeTable() throws -> Table {
    let entries = changes.flatMap { result in result.groups.map { (result: result, group: $0) } }
    func number(
      _ name: String, _ definition: String, _ value: (ChangeResult.Group) -> Double
    ) -> Column {
      Column(name, .number(entries.map { value($0.group).ifFinite }), definition: definition)
    }
    func count(
      _ name: String, _ definition: String, _ value: (ChangeResult.Group) -> Int
    ) -> Column {
      Column(name, .integer(entries.map { value($0.group) }), definition: definition)
    }
    return try Table(
      name: "change", title: "Changes between two measurements, and reliable ones",
      columns: [
        Column(
          "column", .text(entries.map(\.result.plan.column.value)),
          definition: "column of the plan"),
        Column("from", .text(entries.map(\.result.before)), definition: "planned measurement"),
        Column("to", .text(entries.map(\.result.after)), definition: "planned measurement"),
        Column("arm", .text(entries.map(\.group.arm)), definition: "as allocated"),
        count("n", "people with both values", \.pairs),
        count("without_second", "people with the first value alone", \.withoutSecond),
        number("mean", "mean change", \.mean),
        number("standard_deviation", "of the changes, with n − 1", \.deviation),
        number("lower", "95 % interval of the mean by Student's t", \.lower),
        number("upper", "95 % interval of the mean by Student's t", \.upper),
        number(
          "standardised", "mean change over everyone's standard deviation before", \.standardised),
        Column(
          "threshold", .number(entries.map { (try? $0.result.rule.get())?.threshold }),
          definition: "the smallest change that is more than the scale's error (Jacobson & Truax)"),
        count("risen", "people who rose by more", \.risen),
        count("unchanged", "people in between", \.unchanged),
        count("fallen", "people who fell by more", \.fallen),
      ])
  }

  private func trendTable() throws -> Table {
    let entries = trends.flatMap { result in result.persons.map { (result: result, person: $0) } }
    func number(
      _ name: String, _ definition: String, _ value: (TrendResult.Person) -> Double?
    ) -> Column {
      Column(
        name, .number(entries.map { value($0.person).flatMap(\.ifFinite) }), definition: definition)
    }
    return try Table(
      name: "trends", title: "Trends person by person",
      columns: [
        Column(
          "column", .text(entries.map(\.result.plan.column.value)),
          definition: "column of the plan"),
        Column("participant", .text(entries.map(\.person.participant)), definition: "pseudonym"),
        Column("arm", .text(entries.map(\.person.arm)), definition: "as allocated"),
        Column("n", .integer(entries.map(\.person.test.count)), definition: "values"),
        Column("s", .integer(entries.map(\.person.test.score)), definition: "Kendall's score"),
        number("z", "its standardised value", { $0.isTested ? $0.test.z : nil }),
        number("p", "two-sided; only with enough values", { $0.isTested ? $0.test.pValue : nil }),
        number("p_adjusted", "Benjamini-Hochberg's over persons", \.adjusted),
        number("tau", "Kendall's tau", \.test.tau),
        number("sen_slope", "Sen's slope, by the unit of time", \.test.slope.slope),
        number("sen_intercept", "Theil and Sen's intercept", \.test.slope.intercept),
        number("lower", "95 % interval of the slope", \.test.slope.lower),
        number("upper", "95 % interval of the slope", \.test.slope.upper),
        number(
          "lag_one_autocorrelation", "of values one after another",
          \.variability.lagOneAutocorrelation),
        number(
          "mssd", "mean squared successive difference",
          \.variability.meanSquareSuccessiveDifference),
        number(
          "change_after", "the last time before the likeliest change of level (Pettitt)",
          { $0.change?.lastTimeBefore }),
        number("change_p", "Pettitt's p value", { $0.change?.pValue }),
      ])
  }
}
