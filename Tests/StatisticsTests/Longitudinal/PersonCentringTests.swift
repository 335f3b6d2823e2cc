import Foundation
import Statistics
import Testing

/// Against base R on ten rows of two persons, one of whom missed a prompt (`centring01_small`).
@Suite("Within, between and lags respect persons and gaps")
struct PersonCentringTests {
  struct Columns {
    let values: JSONValue
    let persons: [Int32]
    let times: [Double]
    let x: [Double]

    init() throws {
      values = try Reference(name: "centring01_small").values()
      let names = values["id"].list.compactMap(\.text)
      let levels = Set(names).sorted()
      persons = names.map { Int32(levels.firstIndex(of: $0) ?? -1) }
      times = values["time"].numbers
      x = values["x"].list.map(\.number)
    }

    func expect(_ found: [Double], _ key: String) {
      let known = values[key].list.map(\.number)
      #expect(found.count == known.count)
      for (row, (value, reference)) in zip(found, known).enumerated() {
        #expect(
          value == reference || (value.isNaN && reference.isNaN),
          "\(key)[\(row)]: \(value), reference \(reference)")
      }
    }
  }

  @Test("person means, deviations and means about the mean of means")
  func centring() throws {
    let columns = try Columns()
    let centred = PersonCentring(columns.x, persons: columns.persons)
    columns.expect(centred.personMean, "person_mean")
    columns.expect(centred.within, "within")
    columns.expect(centred.between, "between_grand_centred")
    #expect(centred.persons == 2)
    #expect(centred.grandMean == 4)
  }

  @Test("a lag is the value one prompt before, by row only when asked")
  func lags() throws {
    let columns = try Columns()
    let timeline = try PersonTimeline(persons: columns.persons, times: columns.times)
    columns.expect(timeline.lag(columns.x), "lag1_respecting_gaps")
    columns.expect(timeline.previousRow(columns.x), "lag1_by_row")
  }

  @Test("a lead undoes a lag, whatever the order of rows", arguments: 0..<5)
  func leads(_ shift: Int) throws {
    let columns = try Columns()
    let order = (0..<10).map { ($0 * 3 + shift) % 10 }
    let timeline = try PersonTimeline(
      persons: order.map { columns.persons[$0] }, times: order.map { columns.times[$0] })
    let plain = try PersonTimeline(persons: columns.persons, times: columns.times)
    let lagged = timeline.lag(order.map { columns.x[$0] })
    let expected = plain.lag(columns.x)
    for (position, row) in order.enumerated() {
      #expect(lagged[position] == expected[row] || expected[row].isNaN)
    }
    let there = timeline.lead(timeline.lag(order.map { columns.times[$0] }))
    for (position, row) in order.enumerated() where !there[position].isNaN {
      #expect(there[position] == columns.times[row])
    }
  }

  @Test("a lag does not cross the night unless asked")
  func nights() throws {
    let timeline = try PersonTimeline(
      persons: [0, 0, 0, 0], times: [1, 2, 3, 4], days: [1, 1, 2, 2])
    let lagged = timeline.lag([5, 6, 7, 8])
    #expect(lagged[1] == 5 && lagged[2].isNaN && lagged[3] == 7)
    #expect(Array(timeline.lag([5, 6, 7, 8], acrossDays: true).dropFirst()) == [5, 6, 7])
  }

  @Test("means count only the rows of the model")
  func rowsOfTheModel() {
    let centred = PersonCentring(
      [1, 3, 8, .nan], persons: [0, 0, 0, 1], rows: [true, true, false, true])
    #expect(Array(centred.personMean.prefix(3)) == [2, 2, 2])
    #expect(centred.within[2] == 6)
    #expect(centred.personMean[3].isNaN && centred.persons == 1)
  }

  @Test("repeated, fractional and unequal times are refused, never a trap")
  func badInputs() {
    #expect(throws: ModelError.repeatedTime(variable: "times", row: 1)) {
      try PersonTimeline(persons: [0, 0], times: [1, 1])
    }
    #expect(throws: ModelError.fractionalTime(variable: "times", row: 1)) {
      try PersonTimeline(persons: [0, 0], times: [1, 1.5])
    }
    #expect(throws: ModelError.fractionalTime(variable: "times", row: 0)) {
      try PersonTimeline(persons: [0], times: [.infinity])
    }
    #expect(throws: ModelError.unequalLengths(column: "times", rows: 1, expected: 2)) {
      try PersonTimeline(persons: [0, 0], times: [1])
    }
    #expect(PersonCentring([], persons: []).grandMean.isNaN)
    let timeline = try? PersonTimeline(persons: [0, -1], times: [.nan, 1])
    #expect(timeline?.lag([1, 2], steps: .min).allSatisfy(\.isNaN) == true)
    #expect(timeline?.lead([1], steps: .min).allSatisfy(\.isNaN) == true)
  }

  @Test("few prompts bring a warning, many none")
  func nickell() throws {
    let warning = try #require(NickellBias.warning(prompts: [5, 6, 7], autoregression: 0.5))
    #expect(warning.contains("at most 6 prompts") && warning.contains("0.25"))
    #expect(NickellBias.warning(prompts: [40, 50, 60]) == nil)
    #expect(NickellBias.warning(prompts: []) == nil)
    #expect(isClose(NickellBias.expected(autoregression: 0.5, prompts: 6), -0.25, relative: 1e-15))
  }
}
