internal import LocalTime

/// Reads a CSV of days: `date` and `minutes`, and `sessions` and `conversations` where they are there.
/// Any log without content can be brought in this form, such as a telephone's screen time.
struct DaysReader {
  private var date: Int
  private var minutes: Int
  private var sessions: Int?
  private var conversations: Int?

  /// A reader of a table with this first row, in capitals or not; nil when the row is another's.
  init?(header: [UnsafeBufferPointer<UInt8>]) {
    func column(_ name: StaticString) -> Int? {
      header.firstIndex { cell in
        let text = cell.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
        return text.elementsEqual(UnsafeBufferPointer(name)) { Characters.lowercased($0) == $1 }
      }
    }
    guard let date = column("date"), let minutes = column("minutes") else { return nil }
    self.date = date
    self.minutes = minutes
    sessions = column("sessions")
    conversations = column("conversations")
  }

  /// The day of a row; nil where the date is none or the minutes are more than a day has.
  func day(of row: [UnsafeBufferPointer<UInt8>]) -> DayFeatures? {
    guard row.count > date, row[date].count <= 10,
      let date = LocalDate(String(decoding: row[date], as: UTF8.self))
    else { return nil }
    var day = DayFeatures(date: date)
    // An empty cell is a day without a log.
    day.minutes = number(row, minutes)
    guard day.minutes.map({ (0...1500).contains($0) }) ?? true else { return nil }
    day.sessions = sessions.flatMap { number(row, $0) }.flatMap { Int(exactly: $0) }
    day.conversations = conversations.flatMap { number(row, $0) }.flatMap { Int(exactly: $0) }
    return day
  }

  private func number(_ row: [UnsafeBufferPointer<UInt8>], _ column: Int) -> Double? {
    guard column < row.count, row[column].count <= 24 else { return nil }
    return Double(String(decoding: row[column], as: UTF8.self)).flatMap { $0 >= 0 ? $0 : nil }
  }
}
