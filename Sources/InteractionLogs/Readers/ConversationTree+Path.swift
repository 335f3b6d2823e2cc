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
  /// walk at the first position that comes twice. Where the current position is unknown or is no
  /// message's, the newest leaf stands for it.
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
    var isOnPath = [Bool](repeating: false, count: messages.count)
    var place = Int32(current ?? newestLeaf(outline) ?? -1)
    while place >= 0, !isOnPath[Int(place)] {
      isOnPath[Int(place)] = true
      outline.path.append(Int(place))
      place = parents[Int(place)]
    }
    outline.path.reverse()
    for position in messages.indices {
      let message = messages[position]
      if message.traits.contains(.interrupted) { outline.interruptions += 1 }
      var answers = 0
      var questions = 0
      var child = outline.firstChild[position]
      while child >= 0 {
        let other = messages[Int(child)]
        if other.speaker == .assistant { answers += 1 }
        if other.speaker == .person, other.isVisible { questions += 1 }
        child = outline.nextSibling[Int(child)]
      }
      if message.speaker == .person, message.isVisible {
        outline.regenerations += max(0, answers - 1)
      }
      outline.edits += max(0, questions - 1)
    }
    return outline
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
