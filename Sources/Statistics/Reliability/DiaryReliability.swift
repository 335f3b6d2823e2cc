/// How reliably a diary tells persons, and a person's occasions, apart: the generalisability
/// coefficients of Shrout & Lane (2012).
///
/// Persons, times and items are random. Their seven components of variance come from a mixed model
/// by REML, so that missed occasions do no harm.
public struct DiaryReliability: Hashable, Sendable {
  /// The components of variance of one answer to one item at one time.
  public struct Components: Hashable, Sendable {
    /// Between persons' levels.
    public let person: Double
    /// Between times, alike for all persons.
    public let time: Double
    /// Between items, alike for all persons.
    public let item: Double
    /// A person's ups and downs.
    public let personTime: Double
    /// A person's way with an item.
    public let personItem: Double
    /// An item's ups and downs, alike for all persons.
    public let timeItem: Double
    /// All else.
    public let residual: Double
  }

  /// The number of persons.
  public let personCount: Int
  /// The number of different times.
  public let timeCount: Int
  /// The number of items.
  public let itemCount: Int
  /// Of one answer.
  public let components: Components

  /// R_kF: of persons' means over times that are the same for all.
  public var personsOverFixedTimes: Double {
    share(betweenPersons, components.residual / Double(timeCount * itemCount))
  }

  /// R_1R: of one occasion, its time drawn at random, for telling persons apart.
  public var personsAtOneTime: Double {
    share(
      betweenPersons,
      components.time + components.personTime + components.residual / Double(itemCount))
  }

  /// R_kR: of persons' means over times drawn at random.
  public var personsOverRandomTimes: Double {
    share(
      betweenPersons,
      (components.time + components.personTime) / Double(timeCount)
        + components.residual / Double(timeCount * itemCount))
  }

  /// R_C: of a person's change from time to time.
  public var change: Double {
    share(components.personTime, components.residual / Double(itemCount))
  }

  private var betweenPersons: Double {
    components.person + components.personItem / Double(itemCount)
  }

  private func share(_ wanted: Double, _ error: Double) -> Double { wanted / (wanted + error) }
}

extension DiaryReliability {
  /// Fits the components.
  ///
  /// - Parameters:
  ///   - scores: At least two items; single missing answers are left out.
  ///   - persons: A code for each row, 0 or more; rows with a negative code are left out.
  ///   - times: The planned index of each row; the same index is the same time for all.
  /// - Throws: ``ReliabilityError``.
  public init(
    _ scores: ItemScores, persons: [Int], times: [Double]
  ) throws(ReliabilityError) {
    guard scores.itemCount >= 2 else {
      throw .tooFewItems(items: scores.itemCount, needed: 2)
    }
    for lengths in [persons.count, times.count] where lengths != scores.rowCount {
      throw .unequalLengths(rows: lengths, expected: scores.rowCount)
    }
    let long = try LongAnswers(scores, persons: persons, times: times)
    let fit: LinearMixedModelFit
    do throws(ModelError) {
      fit = try LinearMixedModel.fit(
        long.formula(), data: long.data(), method: .reml, degreesOfFreedom: .none)
    } catch {
      throw .noFit("\(error)")
    }
    func variance(_ group: String) -> Double {
      fit.varianceComponents.first { $0.group == group }
        .map { $0.standardDeviations[0] * $0.standardDeviations[0] } ?? 0
    }
    personCount = Set(long.persons).count
    timeCount = Set(long.times).count
    itemCount = scores.itemCount
    components = Components(
      person: variance("person"), time: variance("time"), item: variance("item"),
      personTime: variance("person:time"), personItem: variance("person:item"),
      timeItem: variance("time:item"), residual: fit.sigma * fit.sigma)
  }
}

/// One row for each answer.
private struct LongAnswers {
  private(set) var answers: [Double] = []
  private(set) var persons: [Int32] = []
  private(set) var times: [Double] = []
  private(set) var items: [Int32] = []

  init(_ scores: ItemScores, persons: [Int], times: [Double]) throws(ReliabilityError) {
    var seen: Set<[Double]> = []
    for (row, values) in scores.rows.enumerated() where persons[row] >= 0 {
      guard !times[row].isNaN else { continue }
      guard let person = Int32(exactly: persons[row]) else {
        throw .outOfRange(option: "a person's code", expected: "0 or more")
      }
      guard seen.insert([Double(person), times[row]]).inserted else {
        throw .repeatedOccasion(row: row)
      }
      for (item, value) in values.enumerated() where !value.isNaN {
        answers.append(value)
        self.persons.append(person)
        self.times.append(times[row])
        items.append(Int32(item))
      }
    }
    guard Set(self.persons).count >= 2 else { throw .tooFewRows(rows: answers.count, needed: 4) }
    guard Set(self.times).count >= 2 else {
      throw .outOfRange(option: "the number of different times", expected: "2 or more")
    }
  }

  func formula() throws(ModelError) -> ModelFormula {
    do throws(FormulaError) {
      return try ModelFormula.parse(
        "answer ~ 1 + (1 | person) + (1 | time) + (1 | item) + (1 | person:time)"
          + " + (1 | person:item) + (1 | time:item)")
    } catch { throw .formula(error) }
  }

  func data() throws(ModelError) -> ModelData {
    let top = persons.max() ?? 0
    return try ModelData([
      ("answer", .numeric(answers)),
      ("person", .factor(levels: (0...top).map(String.init), codes: persons)),
      ("time", .numeric(times)),
      (
        "item",
        .factor(levels: (0...(items.max() ?? 0)).map(String.init), codes: items)
      ),
    ])
  }
}
