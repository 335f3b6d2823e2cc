import Delimited
import Foundation

/// A table from outside: a CSV file, a pipe, or standard input.
enum DataFile {
  /// The columns of a file; `-` is standard input, and a pipe is read to its end.
  ///
  /// - Throws: ``CommandFailure`` that names the file and the place in it.
  static func columns(
    _ path: String, options: DelimitedOptions = DelimitedOptions()
  ) throws -> [DelimitedColumn] {
    do throws(DelimitedProblem) {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      if path != "-", attributes?[.type] as? FileAttributeType == .typeRegular {
        return try DelimitedText.readColumns(contentsOf: URL(filePath: path), options: options)
      }
      if let handle = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path),
        let bytes = try? handle.readToEnd()
      {
        return try DelimitedText.readColumns(Array(bytes), options: options)
      }
    } catch {
      throw CommandFailure(error.exit, "\(path): \(error)")
    }
    throw CommandFailure(.unreadable, "\(path): the file could not be read")
  }
}

extension [DelimitedColumn] {
  /// The column of a name.
  ///
  /// - Throws: ``CommandFailure`` that lists the columns there are.
  func column(_ name: String, option: String, file: String) throws -> DelimitedColumn {
    if let column = first(where: { $0.name == name }) { return column }
    let names = prefix(12).map { TerminalText.safe($0.name) }.joined(separator: ", ")
    throw CommandFailure(
      .problems,
      "\(option): \(file) has no column \(TerminalText.safe(name)); it has \(names)"
        + (count > 12 ? ", …" : ""))
  }

  /// The numbers of a column; NaN is missing.
  ///
  /// - Throws: ``CommandFailure`` for a column of text, with one of its cells.
  func numbers(_ name: String, option: String, file: String) throws -> [Double] {
    switch try column(name, option: option, file: file).values {
    case .number(let numbers): return numbers
    case .text(let levels, _):
      let odd = levels.first { Double($0) == nil } ?? ""
      throw CommandFailure(
        .problems,
        "\(option): column \(TerminalText.safe(name)) of \(file) is not a column of numbers: found "
          + "\(TerminalText.safe(odd))")
    }
  }

  /// The level of each row in a column, and the levels in order; rows without one are nil.
  func groups(
    _ name: String, option: String, file: String
  ) throws -> (levels: [String], codes: [Int?]) {
    switch try column(name, option: option, file: file).values {
    case .text(let levels, let codes):
      return (levels, codes.map { $0 < 0 ? nil : Int($0) })
    case .number(let numbers):
      let values = Set(numbers.filter { !$0.isNaN }).sorted()
      let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
      let names = values.map { Int(exactly: $0).map(String.init) ?? String($0) }
      return (names, numbers.map { places[$0] })
    }
  }
}
