/// Puts together what comes in rows: messages of several conversations, or of none that is named.
struct RowCollector {
  /// The messages of one conversation so far.
  struct Thread {
    var key: [UInt8]?
    var utterances: [Utterance] = []
    /// When it began by its own account, or NaN.
    var start = Double.nan
    var measures: TextMeasures?
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

  /// A new conversation without an id.
  mutating func newPlace() -> Int {
    threads.append(Thread())
    return threads.count - 1
  }

  mutating func add(_ utterances: [Utterance], measures: TextMeasures?, to place: Int) {
    for utterance in utterances { threads[place].utterances.add(utterance) }
    if let measures {
      threads[place].measures = (threads[place].measures ?? TextMeasures()) + measures
    }
  }

  mutating func setStart(_ start: Double, of place: Int) {
    if threads[place].start.isNaN { threads[place].start = start }
  }
}
