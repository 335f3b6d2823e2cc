import Foundation

/// What will happen to simulated people, earliest first; what was planned first goes first at the
/// same moment, so that one seed gives one order.
struct Agenda: Sendable {
  /// Something that one person does at a moment.
  struct Entry: Sendable {
    enum Action: Sendable {
      case enrol
      /// Decides, at the opening of an occasion, whether and when to answer it.
      case attend(occasion: UUID)
      /// Begins an occasion and answers it.
      case answer(occasion: UUID)
      /// Submits, after the window, what was answered at its end.
      case submit(session: UUID)
      /// Lives through a study day of AI use, by its number.
      case day(Int)
      /// Opens an event.
      case open(plan: String)
      case move(to: String)
      case pause
      case changeConsent
      case stopReminders
      case leave
    }

    var time: Date
    var person: Int
    var action: Action
    fileprivate var order = 0
  }

  private var heap: [Entry] = []
  private var added = 0

  /// The moment of the next entry.
  var nextTime: Date? { heap.first?.time }

  /// Plans an entry.
  mutating func add(_ action: Entry.Action, by person: Int, at time: Date) {
    heap.append(Entry(time: time, person: person, action: action, order: added))
    added += 1
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the next entry if it happens before a moment.
  mutating func next(before end: Date) -> Entry? {
    guard let first = heap.first, first.time < end else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != parent else { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}

extension Agenda.Entry {
  fileprivate func isBefore(_ other: Agenda.Entry) -> Bool {
    (time, order) < (other.time, other.order)
  }
}
