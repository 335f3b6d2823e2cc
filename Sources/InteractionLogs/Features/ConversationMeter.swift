internal import Crypto
internal import Foundation
internal import LocalTime

/// Turns a tree of messages into features and forgets the text.
struct ConversationMeter {
  let capabilities: Set<LogCapability>
  let clock: LocalClock
  /// Seconds of pause after which a session has ended.
  let gap: Double
  /// Reads the words; nil where only the structure is wanted.
  let text: TextReader?

  /// What a conversation comes to.
  struct Result: Sendable {
    var features: ConversationFeatures
    var stretches: [UseStretch]
    /// Of a conversation without an id: when each message was written and a hash of what it says, which
    /// means nothing in any other process. Empty where there is an id, and when the reading is done.
    var fingerprint: [Int] = []

    /// The study days that it has something on.
    var touched: Set<LocalDate> {
      Set(stretches.map { LocalDate(dayNumber: $0.day) }).union([features.day].compactMap(\.self))
    }
  }

  /// Measures a tree.
  ///
  /// - Parameter conversation: its place in the order of reading.
  /// - Returns: nil where nobody says anything on the path.
  func measure(
    _ tree: ConversationTree, with reader: some ConversationReader, as conversation: Int
  ) -> Result? {
    let outline = tree.outline()
    var texts: [UnsafeBufferPointer<UInt8>] = []
    var utterances = utterances(of: tree, outline, with: reader, &texts)
    guard !utterances.isEmpty else { return nil }
    addNeighbours(to: &utterances)
    var result = completed(
      utterances, key: tree.key.map(Array.init), start: tree.start, as: conversation)
    result.features.depth = outline.path.count { isSeen(tree.messages[$0]) }
    if capabilities.contains(.branches) {
      result.features.regenerations = outline.regenerations
      result.features.edits = outline.edits
    }
    if capabilities.contains(.interruptions) {
      result.features.interruptions = outline.interruptions
    }
    result.features.measures = measures(of: utterances, texts)
    return result
  }

  /// Measures messages that are in order already.
  ///
  /// - Parameters:
  ///   - key: the source's id, or nil where it has none.
  ///   - start: when the conversation began by its own account, or NaN.
  func result(
    of messages: [Utterance], key: [UInt8]?, start: Double, as conversation: Int
  ) -> Result {
    var utterances = messages
    addNeighbours(to: &utterances)
    return completed(utterances, key: key, start: start, as: conversation)
  }

  /// The result of messages to which what rests on neighbours was added.
  private func completed(
    _ utterances: [Utterance], key: [UInt8]?, start: Double, as conversation: Int
  ) -> Result {
    let stretches = stretches(of: utterances, in: conversation)
    let key = key.flatMap { $0.isEmpty ? nil : $0 }
    var features = features(of: utterances, stretches, key: key)
    if features.start == nil, capabilities.contains(.times), !start.isNaN {
      setBegin(of: &features, start, start)
    }
    return Result(
      features: features, stretches: stretches,
      fingerprint: key == nil ? utterances.map(Self.fingerprint) : [])
  }

  private func isSeen(_ message: LoggedMessage) -> Bool {
    message.speaker != nil && message.isVisible
  }

  private func utterances(
    of tree: ConversationTree, _ outline: ConversationTree.Outline,
    with reader: some ConversationReader, _ texts: inout [UnsafeBufferPointer<UInt8>]
  ) -> [Utterance] {
    var utterances: [Utterance] = []
    utterances.reserveCapacity(outline.path.count)
    texts.reserveCapacity(outline.path.count)
    let isKeyless = tree.key?.isEmpty ?? true
    let messages = tree.messages
    for position in outline.path {
      let message = messages[position]
      guard message.isVisible, let speaker = message.speaker else { continue }
      let first = texts.count
      if let content = message.content {
        reader.texts(of: content) { texts.append($0) }
      }
      var lengths = TextLengths()
      for text in texts[first...] { lengths += TextLengths.count(text) }
      var utterance = Utterance(
        speaker, at: message.time, until: message.endTime, lengths: lengths, model: message.model,
        texts: first..<texts.count)
      utterance.traits = message.traits
      if isKeyless {
        utterance.contentHash = ResentHistory.hash(speaker, texts[first...])
      }
      if speaker == .person {
        let wait = tree.firstReply(to: position, outline) - message.time
        if wait >= 0 { utterance.totals.replyLatency.add(wait) }
      }
      utterances.add(utterance)
    }
    return utterances
  }

  /// What rests on neighbours, and the counts that rest on traits.
  private func addNeighbours(to utterances: inout [Utterance]) {
    let givesLatency = capabilities.contains(.replyLatency)
    let givesThinkTime = capabilities.contains(.thinkTime)
    var before: (speaker: Speaker, end: Double)?
    for place in utterances.indices {
      let speaker = utterances[place].speaker
      let time = utterances[place].time
      let traits = utterances[place].traits
      var totals = utterances[place].totals
      if speaker == .person {
        totals.userMessages = 1
        totals.voice = traits.contains(.voice) ? 1 : 0
        totals.images = traits.contains(.image) ? 1 : 0
        totals.files = traits.contains(.file) ? 1 : 0
        if let before, before.speaker == .assistant {
          let pause = time - before.end
          if pause >= 0, pause <= gap { totals.thinkTime.add(pause) }
        }
        // Hidden places between a question and its answer can hide that they belong together.
        if totals.replyLatency.count == 0, place + 1 < utterances.count {
          let wait = utterances[place + 1].time - time
          if utterances[place + 1].speaker == .assistant, wait >= 0 {
            totals.replyLatency.add(wait)
          }
        }
      } else {
        totals.assistantMessages = 1
        totals.searches = traits.contains(.search) ? 1 : 0
        totals.custom = traits.contains(.custom) ? 1 : 0
      }
      if !givesLatency { totals.replyLatency = Mean() }
      if !givesThinkTime { totals.thinkTime = Mean() }
      utterances[place].totals = totals
      before = (speaker, utterances[place].endTime)
    }
  }

  private func stretches(of utterances: [Utterance], in conversation: Int) -> [UseStretch] {
    guard capabilities.contains(.times) else { return [] }
    var timed = utterances.indices.filter { !utterances[$0].time.isNaN }
    let isOrdered = zip(timed, timed.dropFirst()).allSatisfy {
      utterances[$0].time <= utterances[$1].time
    }
    if !isOrdered { timed.sort { utterances[$0].time < utterances[$1].time } }
    var stretches: [UseStretch] = []
    var next = 0
    while next < timed.count {
      let start = utterances[timed[next]].time
      var stretch = UseStretch(
        conversation: conversation, start: start, end: start, day: clock.place(start).day)
      var known: ModelFamily?
      while next < timed.count {
        let place = timed[next]
        let time = utterances[place].time
        let (day, second) = clock.place(time)
        guard day == stretch.day, time - stretch.end <= gap else { break }
        stretch.end = time
        stretch.totals += utterances[place].totals
        if utterances[place].speaker == .person { stretch.hours.add(hour: second / 3600) }
        if let model = utterances[place].model, model != known {
          stretch.models.insert(model)
          known = model
        }
        next += 1
      }
      stretches.append(stretch)
    }
    return stretches
  }

  private func features(
    of utterances: [Utterance], _ stretches: [UseStretch], key: [UInt8]?
  ) -> ConversationFeatures {
    var totals = MessageTotals()
    var turns = 0
    var models: [ModelFamily: Int] = [:]
    // Models seldom change within a conversation: they are counted in runs.
    var run: (model: ModelFamily?, count: Int) = (nil, 0)
    func endRun() {
      if let model = run.model { models[model, default: 0] += run.count }
    }
    for place in utterances.indices {
      totals += utterances[place].totals
      let speaker = utterances[place].speaker
      if speaker == .person, place + 1 < utterances.count,
        utterances[place + 1].speaker == .assistant
      {
        turns += 1
      }
      guard speaker == .assistant, let model = utterances[place].model else { continue }
      if model != run.model {
        endRun()
        run = (model, 0)
      }
      run.count += 1
    }
    endRun()
    var features = ConversationFeatures(
      key: key ?? derivedKey(of: utterances), totals: totals, turns: turns,
      depth: utterances.count)
    if let first = stretches.first, let last = stretches.last {
      setBegin(of: &features, first.start, last.end)
      // A sitting that reaches over 04:00 is gone on with, not come back to.
      features.returned = zip(stretches, stretches.dropFirst()).contains {
        $1.day > first.day && $1.start - $0.end > gap
      }
    }
    if capabilities.contains(.times) {
      features.missingTimes = utterances.count { $0.time.isNaN }
    }
    features.model = models.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    return features
  }

  private func setBegin(of features: inout ConversationFeatures, _ start: Double, _ end: Double) {
    features.start = Date(timeIntervalSince1970: start)
    features.end = Date(timeIntervalSince1970: end)
    let (day, second) = clock.place(start)
    features.day = LocalDate(dayNumber: day)
    features.dayPart = DayPart(hour: second / 3600)
  }

  private static func fingerprint(of utterance: Utterance) -> Int {
    var hasher = Hasher()
    // What is missing is missing, whichever bits say so.
    hasher.combine(utterance.time.isNaN ? -1 : utterance.time)
    hasher.combine(utterance.contentHash)
    return hasher.finalize()
  }

  /// The times and lengths of the first question and answer: the same when the conversation has gone
  /// on since, and nothing of what was said. Of several that have the same, ``LogBuilder`` tells them
  /// apart.
  private func derivedKey(of utterances: [Utterance]) -> [UInt8] {
    var hash = SHA256()
    for utterance in utterances.prefix(2) {
      let lengths = utterance.totals.user + utterance.totals.assistant
      let numbers = [
        utterance.time.bitPattern, UInt64(lengths.scalars), UInt64(lengths.words),
        UInt64(lengths.codeScalars),
      ]
      for number in numbers {
        withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
      }
    }
    return Array(hash.finalize().prefix(16))
  }
}
