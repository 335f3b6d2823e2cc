/// The bound of a benchmark: what a reading costs that does nothing with what it parses.
package enum ParserBound {
  /// Splits a file into its documents and parses each.
  ///
  /// - Returns: how many there were.
  package static func documents(path: String) throws(LogProblem) -> Int {
    let buffer = StreamBuffer(try FileBytes(path: path))
    try buffer.fill()
    var stream = try ElementStream(buffer, limit: LogLimits().conversationBytes)
    let parser: JSONParser
    do throws(JSONParser.Refusal) { parser = try JSONParser() } catch {
      throw LogProblem(.noMemory)
    }
    var count = 0
    while case .document(let bytes)? = try stream.next() {
      if (try? parser.parse(bytes)) != nil { count += 1 }
    }
    return count
  }
}
