extension DelimitedText {
  /// What stands most often between the names of the first line: a comma, a semicolon (as spreadsheets of
  /// countries with decimal commas write) or a tab; a comma where none of them does.
  package static func delimiter(of bytes: [UInt8]) -> UInt8 {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let candidates = [",", ";", "\t"].compactMap { $0.utf8.first }
    return candidates.max { first, second in
      line.count { $0 == first } < line.count { $0 == second }
    }.flatMap { best in line.contains(best) ? best : nil } ?? UInt8(ascii: ",")
  }
}
