/// The messages of one conversation and how they hang together, filled by a reader and used again for
/// the next conversation.
///
/// Most services keep a tree: an answer asked for again and a question written anew are branches
/// beside the one that the person saw last. Flat exports are trees of one branch.
struct ConversationTree {
  /// By position; a position without a message is one that others named as their parent.
  private(set) var messages: [LoggedMessage] = []
  private(set) var parents: [Int32] = []
  private var isFilled: [Bool] = []
  private var names = NameTable()

  /// The conversation's own id, or what stands for one; valid while its document is.
  var key: UnsafeBufferPointer<UInt8>?
  /// When it began by its own account; NaN where it says nothing.
  var start = Double.nan
  /// The position that the service shows, when it says so.
  var current: Int?

  /// Forgets everything but the memory.
  mutating func clear() {
    messages.removeAll(keepingCapacity: true)
    parents.removeAll(keepingCapacity: true)
    isFilled.removeAll(keepingCapacity: true)
    names.clear()
    key = nil
    start = .nan
    current = nil
  }

  /// The position of an id, which it gets if it has none.
  mutating func position(of id: UnsafeBufferPointer<UInt8>) -> Int {
    let position = names.position(of: id)
    if position == messages.count {
      messages.append(LoggedMessage())
      parents.append(-1)
      isFilled.append(false)
    }
    return position
  }

  /// Puts a message at a position; the first of one id counts.
  mutating func put(_ message: LoggedMessage, at position: Int, parent: Int?) {
    guard !isFilled[position] else { return }
    isFilled[position] = true
    messages[position] = message
    parents[position] = Int32(parent ?? -1)
  }

  /// Whether a position has a message, or a place of its own without one.
  func isFilled(_ position: Int) -> Bool { isFilled[position] }

  /// Puts a message behind the last one.
  mutating func append(_ message: LoggedMessage) {
    let position = names.addUnnamed()
    messages.append(message)
    parents.append(Int32(position - 1))
    isFilled.append(true)
    current = position
  }

  mutating func update(_ position: Int, _ change: (inout LoggedMessage) -> Void) {
    change(&messages[position])
  }

  /// Whether one position's id comes before another's: the same whatever the order of the file.
  func isNamedBefore(_ one: Int, _ other: Int) -> Bool { names.isBefore(one, other) }
}
