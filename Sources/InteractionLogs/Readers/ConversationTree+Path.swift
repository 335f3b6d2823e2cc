extension ConversationTree {
  /// The branches of a conversation: how often a person asked for an answer again or wrote a question
  /// anew, wherever in the tree, and what they saw last.
  struct Outline {
    /// Positions from the first to the last that the person sees.
    var path: [Int]
    /// The first child and the next sibling of each position, in the file's order; -1 for none.
    var firstChild: [Int32]
    var nextSibling: [Int32]
    /// Answers beyond the first to one question.
    var regenerations: Int
    /// Questions beyond the first at one place.
    var edits: Int
    /// Answers that were stopped.
    var interruptions: Int
  }

  /// Walks from the current position to the root.
  ///
  /// Only parents are trusted: lists of children are empty or wrong in many exports. A cycle ends the
  /// walk at the first position that comes twice. Where the current position is unknown, or no message is
  /// above it, the newest leaf stands for it.
  func outline() -> Outline {
    var outline = Outline(
      path: [], firstChild: [Int32](repeating: -1, count: messages.count),
      nextSibling: [Int32](repeating: -1, count: messages.count), regenerations: 0, edits: 0,
      interruptions: 0)
    for position in messages.indices.reversed() where parents[position] >= 0 {
      let parent = Int(parents[position])
      outline.nextSibling[position] = outline.firstChild[parent]
      outline.firstChild[parent] = Int32(position)
    }
    outline.path = path(to: current)
    if !outline.path.contains(where: { messages[$0].isVisible && messages[$0].speaker != nil }) {
      outline.path = path(to: newestLeaf(outline))
    }
    countBranches(&outline)
    return outline
  }

  /// From the root to a position.
  private func path(to position: Int?) -> [Int] {
    var isOnPath = [Bool](repeating: false, count: messages.count)
    var path: [Int] = []
    var place = Int32(position ?? -1)
    while place >= 0, !isOnPath[Int(place)] {
      isOnPath[Int(place)] = true
      path.append(Int(place))
      place = parents[Int(place)]
    }
    return path.reversed()
  }

  /// Counts on the whole tree.
  ///
  /// An answer belongs to the question above it, also where places that nobody sees stand between them. Of
  /// answers that several models gave at once, one each is none that was asked for again.
  private func countBranches(_ outline: inout Outline) {
    var questions = [Int32](repeating: Self.unknown, count: messages.count)
    var answers = [Int32](repeating: 0, count: messages.count)
    var variants = [UInt64](repeating: 0, count: messages.count)
    for position in messages.indices {
      let message = messages[position]
      if message.traits.contains(.interrupted) { outline.interruptions += 1 }
      var edited = 0
      var child = outline.firstChild[position]
      while child >= 0 {
        let other = messages[Int(child)]
        if other.speaker == .person, other.isVisible { edited += 1 }
        child = outline.nextSibling[Int(child)]
      }
      outline.edits += max(0, edited - 1)
      guard message.speaker == .assistant else { continue }
      let question = Int(question(above: position, &questions))
      guard question >= 0 else { continue }
      answers[question] += 1
      variants[question] |= 1 << UInt64(message.variant & 63)
    }
    for (count, variants) in zip(answers, variants) where count > 1 {
      outline.regenerations += Int(count) - variants.nonzeroBitCount
    }
  }

  /// Of ``question(above:_:)``: nobody has asked yet, and there is none.
  private static let unknown: Int32 = -2
  private static let none: Int32 = -1

  /// The question that the answer at a position is the first place of; negative where another answer or
  /// nothing stands above it.
  ///
  /// - Parameter known: by place, the question at or above it, filled in as it is found, so that no place is
  ///   walked over twice.
  private func question(above position: Int, _ known: inout [Int32]) -> Int32 {
    var place = parents[position]
    var found = Self.none
    while place >= 0 {
      let message = messages[Int(place)]
      if message.speaker == .assistant { break }
      if message.speaker == .person, message.isVisible {
        found = place
        break
      }
      guard known[Int(place)] == Self.unknown else {
        found = known[Int(place)]
        break
      }
      // Until it is known, so that a cycle ends here.
      known[Int(place)] = Self.none
      place = parents[Int(place)]
    }
    guard found >= 0 else { return found }
    place = parents[position]
    while place >= 0, place != found, known[Int(place)] != found {
      known[Int(place)] = found
      place = parents[Int(place)]
    }
    return found
  }

  /// The leaf with the latest time; of several, or without times, the one whose id is last.
  private func newestLeaf(_ outline: Outline) -> Int? {
    var newest: Int?
    for position in messages.indices
    where outline.firstChild[position] < 0 && messages[position].speaker != nil {
      guard let other = newest else {
        newest = position
        continue
      }
      let (time, best) = (messages[position].time, messages[other].time)
      let isNewer =
        time.isNaN || best.isNaN || time == best
        ? best.isNaN && !time.isNaN || (time.isNaN == best.isNaN && isNamedBefore(other, position))
        : time > best
      if isNewer { newest = position }
    }
    return newest
  }

  /// When the first answer to a question that the person could see was there, whether it was on the
  /// path or not: an answer asked for later says nothing about waiting.
  func firstReply(to question: Int, _ outline: Outline) -> Double {
    var first = Double.nan
    var child = outline.firstChild[question]
    while child >= 0 {
      let time = firstSight(from: Int(child), outline)
      if !(time >= first) { first = time.isNaN ? first : time }
      child = outline.nextSibling[Int(child)]
    }
    return first
  }

  /// The time of the first visible answer at a position or below it; NaN where there is none before
  /// the next question.
  private func firstSight(from position: Int, _ outline: Outline) -> Double {
    var place = position
    // Thoughts and tool calls stand before an answer; nobody has seen a thousand.
    for _ in 0..<1000 {
      let message = messages[place]
      if message.speaker == .person, message.isVisible { return .nan }
      if message.speaker == .assistant, message.isVisible { return message.time }
      guard let child = earliestChild(of: place, outline) else { return .nan }
      place = child
    }
    return .nan
  }

  /// The child with the earliest time; of several, or without times, the one whose id is first.
  private func earliestChild(of position: Int, _ outline: Outline) -> Int? {
    guard outline.firstChild[position] >= 0 else { return nil }
    var earliest = Int(outline.firstChild[position])
    var child = outline.nextSibling[earliest]
    while child >= 0 {
      let (time, best) = (messages[Int(child)].time, messages[earliest].time)
      if time < best || (best.isNaN && !time.isNaN)
        || (!(time > best) && time.isNaN == best.isNaN && isNamedBefore(Int(child), earliest))
      {
        earliest = Int(child)
      }
      child = outline.nextSibling[Int(child)]
    }
    return earliest
  }
}
