package import Foundation

/// Reads delimited text (CSV and its cousins, RFC 4180) into typed columns.
///
/// Bytes are scanned once, numbers go straight to doubles and text to codes; only a column that
/// looked numeric in its first rows and turns out not to be is read a second time. An empty line
/// is skipped, or in a file of one column is a missing cell. The first column may lack a name, as
/// `write.csv` in R leaves it for row names; it is then called `row`.
package enum DelimitedText {
  /// Reads a file.
  ///
  /// - Throws: `.unreadable` if there is no such file, and as ``readColumns(_:options:)``.
  package static func readColumns(
    contentsOf url: URL, options: DelimitedOptions = DelimitedOptions()
  ) throws(DelimitedProblem) -> [DelimitedColumn] {
    guard let data = try? Data(contentsOf: url, options: .mappedIfSafe) else {
      throw DelimitedProblem(.unreadable)
    }
    let outcome = data.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: UInt8.self) { buffer in
        attempt { () throws(DelimitedProblem) in try readColumns(buffer, options: options) }
      }
    }
    return try outcome.get()
  }

  /// Reads bytes already in memory.
  ///
  /// - Throws: the first ragged row, unterminated quote, bad header or encoding, with its place.
  package static func readColumns(
    _ bytes: [UInt8], options: DelimitedOptions = DelimitedOptions()
  ) throws(DelimitedProblem) -> [DelimitedColumn] {
    let outcome = bytes.withUnsafeBufferPointer { buffer in
      attempt { () throws(DelimitedProblem) in try readColumns(buffer, options: options) }
    }
    return try outcome.get()
  }

  /// Reads a buffer, which must stay alive during the call.
  package static func readColumns(
    _ buffer: UnsafeBufferPointer<UInt8>, options: DelimitedOptions = DelimitedOptions()
  ) throws(DelimitedProblem) -> [DelimitedColumn] {
    var reader = try ColumnReader(buffer, options: options)
    return try reader.read()
  }

  /// Reads every cell as text, header included, with nothing missing: for small files.
  package static func readRows(
    _ bytes: [UInt8], options: DelimitedOptions = DelimitedOptions()
  ) throws(DelimitedProblem) -> [[String]] {
    try readNumberedRows(bytes, options: options).map(\.cells)
  }

  /// The same with the line on which each row begins, 1-based: quoted cells may hold line ends.
  package static func readNumberedRows(
    _ bytes: [UInt8], options: DelimitedOptions = DelimitedOptions()
  ) throws(DelimitedProblem) -> [(line: Int, cells: [String])] {
    let outcome = bytes.withUnsafeBufferPointer { buffer in
      attempt { () throws(DelimitedProblem) in
        var reader = try ColumnReader(buffer, options: options)
        return try reader.readRows()
      }
    }
    return try outcome.get()
  }

  /// Keeps the error's type across closures that lose it.
  private static func attempt<Success>(
    _ body: () throws(DelimitedProblem) -> Success
  ) -> Result<Success, DelimitedProblem> {
    do throws(DelimitedProblem) { return .success(try body()) } catch { return .failure(error) }
  }
}
