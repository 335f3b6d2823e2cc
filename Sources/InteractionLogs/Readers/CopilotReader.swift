/// Reads Copilot's activity: `Conversation,Time,Author,Message`, the newest row first.
///
/// Question and answer share a second, so rows are never put in order by time; the file reversed is the
/// order. The first column is a title that comes again, no id, so there are no conversations.
struct CopilotReader {
  private var columns: (time: Int, author: Int, message: Int)

  /// A reader of a table with this first row; nil when the row is another's.
  init?(header: [UnsafeBufferPointer<UInt8>]) {
    guard header.contains(where: { $0 == "Conversation" }),
      let time = header.firstIndex(where: { $0 == "Time" }),
      let author = header.firstIndex(where: { $0 == "Author" }),
      let message = header.firstIndex(where: { $0 == "Message" })
    else { return nil }
    columns = (time, author, message)
  }

  /// The message of a row, whose text is its only one; nil for rows of neither.
  func utterance(
    of row: [UnsafeBufferPointer<UInt8>], _ clock: LocalClock
  ) -> (Utterance, UnsafeBufferPointer<UInt8>)? {
    guard row.count > max(columns.time, columns.author, columns.message) else { return nil }
    let speaker: Speaker
    switch row[columns.author] {
    case "Human", "User", "You": speaker = .person
    case "AI", "Copilot", "Assistant": speaker = .assistant
    default: return nil
    }
    let text = row[columns.message]
    // The times have no zone: they are the person's clock's.
    let time = LogTime.seconds(row[columns.time], in: clock)
    return (Utterance(speaker, at: time, lengths: .count(text), texts: 0..<1), text)
  }
}
