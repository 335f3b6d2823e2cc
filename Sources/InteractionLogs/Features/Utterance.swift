/// A message as the person saw it: a question, or an answer in one piece or several. Numbers only.
struct Utterance {
  var speaker: Speaker
  /// Seconds since 1970; NaN where the export has none.
  var time: Double
  /// Of an answer's last piece or its end.
  var endTime: Double
  var traits: LoggedMessage.Traits = []
  var model: ModelFamily?
  var totals = MessageTotals()
  /// What was said, as a number that means nothing in any other process; 0 where nobody asks.
  var contentHash = 0
  /// Its texts among all of the conversation, while they last.
  var texts: Range<Int>

  /// A message of a flat export.
  init(
    _ speaker: Speaker, at time: Double, until endTime: Double = .nan,
    lengths: TextLengths = TextLengths(), model: ModelFamily? = nil, texts: Range<Int> = 0..<0
  ) {
    self.speaker = speaker
    self.time = time
    self.endTime = endTime.isNaN ? time : endTime
    self.model = model
    self.texts = texts
    if speaker == .person { totals.user = lengths } else { totals.assistant = lengths }
  }

  /// Joins the next piece of the same answer.
  mutating func join(_ piece: Utterance) {
    texts = texts.lowerBound..<max(texts.upperBound, piece.texts.upperBound)
    totals.assistant += piece.totals.assistant
    traits.formUnion(piece.traits)
    model = piece.model ?? model
    contentHash = contentHash &* 31 &+ piece.contentHash
    if time.isNaN { time = piece.time }
    if !piece.endTime.isNaN { endTime = piece.endTime }
  }
}

extension [Utterance] {
  /// Adds a message; the pieces of one answer are one.
  mutating func add(_ utterance: Utterance) {
    if utterance.speaker == .assistant, last?.speaker == .assistant {
      self[count - 1].join(utterance)
    } else {
      append(utterance)
    }
  }
}
