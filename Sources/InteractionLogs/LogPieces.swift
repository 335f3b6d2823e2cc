internal import Foundation
internal import LocalTime

/// What a log is put together from: conversations and the stretches of their messages. Numbers and times only, so
/// that a log can be put together again without some of its conversations when the text is long forgotten.
struct LogPieces: Sendable {
  let source: LogSource
  let zone: TimeZone
  let gapMinutes: Int
  /// Whether words were read.
  let readsText: Bool
  /// Each once.
  let conversations: [ConversationMeter.Result]
  /// Stretches of messages that belong to no known conversation.
  let loose: [ConversationMeter.Result]
  /// Rows of a log of days, which has nothing else.
  let givenDays: [LocalDate: DayFeatures]
  let skipped: [SkipReason: Int]

  /// The log, with sessions and days put together anew.
  ///
  /// - Parameter keys: of conversations to leave out. The days that they touch say how many they are.
  func log(leavingOut keys: Set<[UInt8]> = []) -> InteractionLog {
    let hasConversations = source.gives(.conversations) && loose.isEmpty
    var all =
      keys.isEmpty ? conversations : conversations.filter { !keys.contains($0.features.key) }
    all += loose
    var stretches: [UseStretch] = []
    stretches.reserveCapacity(all.count)
    for place in all.indices {
      for var stretch in all[place].stretches {
        stretch.conversation = place
        stretches.append(stretch)
      }
    }
    stretches.sort { ($0.start, $0.end, $0.conversation) < ($1.start, $1.end, $1.conversation) }
    let features = all.map(\.features)
    var log = InteractionLog(
      source: source, zone: zone, gapMinutes: gapMinutes, skipped: skipped, pieces: self)
    guard source != .days else {
      log.days = givenDays.values.sorted { $0.date < $1.date }
      log.from = log.days?.first.map { StudyDay(date: $0.date).bounds(in: zone).lowerBound }
      log.to = log.days?.last.map { StudyDay(date: $0.date).bounds(in: zone).upperBound }
      return log
    }
    if source.gives(.times) {
      let starts = features.compactMap(\.start)
      let ends = features.compactMap(\.end)
      log.from = starts.min()
      log.to = ends.max()
      log.missingTimes = features.compactMap(\.missingTimes).reduce(0, +)
    }
    if source.gives(.minutes) {
      log.sessions = sessions(of: stretches, hasConversations: hasConversations)
    }
    if source.gives(.times) {
      log.days = days(
        of: stretches, features, sessions: log.sessions, hasConversations: hasConversations)
    }
    if hasConversations {
      log.conversations = features.sorted(by: Self.isEarlier)
    }
    log.totals = features.reduce(into: MessageTotals()) { $0 += $1.totals }
    if source.gives(.branches) {
      log.regenerations = features.compactMap(\.regenerations).reduce(0, +)
      log.edits = features.compactMap(\.edits).reduce(0, +)
    }
    if source.gives(.interruptions) {
      log.interruptions = features.compactMap(\.interruptions).reduce(0, +)
    }
    if readsText, source.gives(.text) {
      log.measures = features.compactMap(\.measures).reduce(into: TextMeasures()) { $0 += $1 }
    }
    return log
  }

  private static func isEarlier(_ one: ConversationFeatures, _ other: ConversationFeatures) -> Bool
  {
    switch (one.start, other.start) {
    case (let start?, let otherStart?) where start != otherStart: start < otherStart
    case (.some, .none): true
    case (.none, .some): false
    default: one.key.lexicographicallyPrecedes(other.key)
    }
  }

  /// Joins stretches, ordered by their beginnings, whose pauses are no longer than the gap.
  private func sessions(
    of stretches: [UseStretch], hasConversations: Bool
  ) -> [SessionFeatures] {
    let gap = Double(gapMinutes) * 60
    var sessions: [SessionFeatures] = []
    var end = -Double.infinity
    var conversations: Set<Int> = []
    for stretch in stretches {
      if sessions.isEmpty || stretch.start - end > gap {
        conversations = []
        sessions.append(
          SessionFeatures(
            start: Date(timeIntervalSince1970: stretch.start),
            end: Date(timeIntervalSince1970: stretch.end), day: LocalDate(dayNumber: stretch.day),
            conversations: 0, totals: MessageTotals(), hours: HourCounts()))
        end = stretch.end
      }
      let last = sessions.count - 1
      end = max(end, stretch.end)
      conversations.insert(stretch.conversation)
      sessions[last].end = Date(timeIntervalSince1970: end)
      sessions[last].conversations = hasConversations ? conversations.count : nil
      sessions[last].totals += stretch.totals
      sessions[last].hours += stretch.hours
    }
    return sessions
  }

  private func days(
    of stretches: [UseStretch], _ features: [ConversationFeatures], sessions: [SessionFeatures]?,
    hasConversations: Bool
  ) -> [DayFeatures] {
    var days: [Int: DayFeatures] = [:]
    var touched: [Int: Set<Int>] = [:]
    var models: [Int: Set<ModelFamily>] = [:]
    func day(_ number: Int) -> DayFeatures {
      days[number] ?? DayFeatures(date: LocalDate(dayNumber: number))
    }
    for stretch in stretches {
      var row = day(stretch.day)
      var totals = row.totals ?? MessageTotals()
      totals += stretch.totals
      row.totals = totals
      var hours = row.hours ?? HourCounts()
      hours += stretch.hours
      row.hours = hours
      let (start, end) = (
        Date(timeIntervalSince1970: stretch.start), Date(timeIntervalSince1970: stretch.end)
      )
      row.firstUse = min(row.firstUse ?? start, start)
      row.lastUse = max(row.lastUse ?? end, end)
      days[stretch.day] = row
      touched[stretch.day, default: []].insert(stretch.conversation)
      models[stretch.day, default: []].formUnion(stretch.models)
    }
    for (place, conversation) in features.enumerated() {
      guard let date = conversation.day else { continue }
      var row = day(date.dayNumber)
      if hasConversations { row.begun = (row.begun ?? 0) + 1 }
      row.regenerations = conversation.regenerations.map { $0 + (row.regenerations ?? 0) }
      row.edits = conversation.edits.map { $0 + (row.edits ?? 0) }
      row.interruptions = conversation.interruptions.map { $0 + (row.interruptions ?? 0) }
      if let measures = conversation.measures {
        row.measures = (row.measures ?? TextMeasures()) + measures
      }
      days[date.dayNumber] = row
      touched[date.dayNumber, default: []].insert(place)
    }
    for session in sessions ?? [] {
      let number = session.day.dayNumber
      var row = day(number)
      row.minutes = (row.minutes ?? 0) + session.minutes
      row.sessions = (row.sessions ?? 0) + 1
      if session.minutes >= SessionFeatures.longMinutes {
        row.longSessions = (row.longSessions ?? 0) + 1
      }
      days[number] = row
    }
    return days.keys.sorted().map { number in
      var row = day(number)
      // On a day that is known, what did not happen is zero. Of a day on which conversations began whose
      // messages have no times, the messages, minutes and sessions are not known.
      let hasTimes = row.totals != nil
      if hasConversations {
        row.conversations = touched[number]?.count ?? 0
        row.begun = row.begun ?? 0
      }
      if sessions != nil, hasTimes {
        row.minutes = row.minutes ?? 0
        row.sessions = row.sessions ?? 0
        row.longSessions = row.longSessions ?? 0
      }
      if source.gives(.branches) {
        row.regenerations = row.regenerations ?? 0
        row.edits = row.edits ?? 0
      }
      if source.gives(.interruptions) { row.interruptions = row.interruptions ?? 0 }
      if source.gives(.model), hasTimes {
        row.models = (models[number] ?? []).sorted { $0.rawValue < $1.rawValue }
      }
      return row
    }
  }
}
