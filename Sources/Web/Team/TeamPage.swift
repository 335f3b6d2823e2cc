/// A page of the study team: sentences, tables, figures, and the way to the next part of a list.
struct TeamPage: Sendable {
  /// One cell of a table.
  struct Cell: Sendable, ExpressibleByStringLiteral {
    var text: String
    /// Where it leads.
    var link: String?
    /// A letter in its place that is explained above the table; the text is for who does not see it.
    var mark: String?
    /// The name of its colour in the style sheet, which says nothing that the mark does not.
    var shade: String?

    init(_ text: String, link: String? = nil, mark: String? = nil, shade: String? = nil) {
      self.text = text
      self.link = link
      self.mark = mark
      self.shade = shade
    }

    init(_ number: Int) { self.init(String(number)) }
    init(stringLiteral text: String) { self.init(text) }

    fileprivate var fields: [String: Any] {
      var fields: [String: Any] = ["cellText": text]
      fields["cellLink"] = link
      fields["cellMark"] = mark
      fields["cellShade"] = shade
      return fields
    }
  }

  /// A table; the first cell of each row is its heading.
  struct Table: Sendable {
    var caption: String
    var header: [String]
    var rows: [[Cell]]
    /// Whether its cells are small and many.
    var isMap = false
  }

  /// A line through the means of a score.
  struct Course: Sendable {
    var points: String
    var dots: [(x: Int, y: Int)]
    var words: String
    var low: String
    var high: String
    var table: Table
  }

  /// A button that asks for something to be done.
  struct Request: Sendable {
    var action: String
    var label: String
    var sentence: String
  }

  var title: String
  var sentences: [String] = []
  /// Names with their values.
  var facts: [(name: String, value: String)] = []
  var tables: [Table] = []
  var courses: [Course] = []
  var request: Request?
  /// The address of the next part of a list.
  var next: String?

  init(_ title: String, sentences: [String] = [], tables: [Table] = [], next: String? = nil) {
    self.title = title
    self.sentences = sentences
    self.tables = tables
    self.next = next
  }

  /// As the template `list` reads it.
  var fields: [String: Any] {
    var fields: [String: Any] = [
      "headline": title, "sentences": sentences,
      "tables": tables.filter { !$0.rows.isEmpty }.map(Self.fields),
      "courses": courses.map { course in
        [
          "points": course.points, "words": course.words, "low": course.low, "high": course.high,
          "dots": course.dots.map { ["x": $0.x, "y": $0.y] }, "tables": [Self.fields(course.table)],
        ] as [String: Any]
      },
    ]
    if !facts.isEmpty {
      fields["facts"] = ["entries": facts.map { ["name": $0.name, "value": $0.value] }]
    }
    fields["next"] = next.map { ["target": $0] }
    fields["request"] = request.map {
      ["action": $0.action, "label": $0.label, "sentence": $0.sentence]
    }
    return fields
  }

  private static func fields(_ table: Table) -> [String: Any] {
    [
      "caption": table.caption, "header": table.header, "isMap": table.isMap,
      "rows": table.rows.map { row in
        ["head": row.prefix(1).map(\.fields), "cells": row.dropFirst().map(\.fields)]
          as [String: Any]
      },
    ]
  }
}
