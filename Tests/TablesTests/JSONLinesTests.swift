import Foundation
import Testing

@testable import Tables

@Suite("JSON Lines")
struct JSONLinesTests {
  @Test("each row is an object on its own line, with types kept")
  func rows() throws {
    let table = try Table(
      name: "t", title: "t",
      columns: [
        Column("who", .text(["a \"b\"\n", nil])),
        Column("n", .number([0.1, nil]), missingReasons: [nil, .leftBlank]),
        Column("late", .truth([true, nil])), Column("k", .integer([3, nil])),
        Column("at", .instant([0, nil])), Column("day", .date([1, nil])),
      ])
    #expect(
      String(decoding: table.jsonLines(), as: UTF8.self) == #"""
        {"who":"a \"b\"\n","n":0.1,"n_missing":null,"late":true,"k":3,\#
        "at":"1970-01-01T00:00:00.000Z","day":"1970-01-02"}
        {"who":null,"n":null,"n_missing":"left_blank","late":null,"k":null,"at":null,"day":null}

        """#)
  }

  @Test("every line of a hard table parses")
  func parses() throws {
    let lines = String(decoding: try HardTable.table().jsonLines(), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["participant"] is String)
    }
  }
}
