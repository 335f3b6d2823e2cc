/// Puts together what comes in rows: messages of several conversations, or of none that is named.
struct RowCollector {
  /// Messages that came together, and what their words measured.
  struct Row {
    var utterances: [Utterance]
    var measures: TextMeasures?

    var time: Double { utterances.first { !$0.time.isNaN }?.time ?? .nan }
  }

  /// The messages of one conversation.
  struct Thread {
    /// The source's id; empty for the rows of no conversation, nil for one that is told apart otherwise.
    var key: [UInt8]?
    var rows: [Row] = []
    /// When it began by its own account, or NaN.
    var start = Double.nan

    /// All messages in order.
    var utterances: [Utterance] {
      var all: [Utterance] = []
      for row in rows { for utterance in row.utterances { all.add(utterance) } }
      return all
    }

    /// What the words of all rows measured.
    var measures: TextMeasures? {
      rows.compactMap(\.measures).reduce(nil) { ($0 ?? TextMeasures()) + $1 }
    }
  }

  private(set) var threads: [Thread] = []
  private var places: [[UInt8]: Int] = [:]

  /// The place of a conversation, which is made if there is none.
  mutating func place(of key: [UInt8]) -> Int {
    if let place = places[key] { return place }
    places[key] = threads.count
    threads.append(Thread(key: key))
    return threads.count - 1
  }

  /// The place of a new conversation without an id.
  mutating func newPlace() -> Int {
    threads.append(Thread())
    return threads.count - 1
  }

  mutating func add(_ row: Row, to place: Int) { threads[place].rows.append(row) }

  mutating func setStart(_ start: Double, of place: Int) {
    if threads[place].start.isNaN { threads[place].start = start }
  }

  /// Turns the rows of each conversation around, as of files that begin with the newest.
  mutating func reverse(where isNewestFirst: (Thread) -> Bool) {
    for place in threads.indices where isNewestFirst(threads[place]) {
      threads[place].rows.reverse()
    }
  }
}
