import Collection
import Hummingbird

/// A part of a list, with where the next part begins.
struct CursorPage<Element: Encodable>: Encodable {
  /// How many a part has where the caller does not say.
  static var usual: Int { 100 }
  /// How many a part has at most.
  static var most: Int { 1000 }

  var items: [Element]
  /// Where the next part begins; nil at the end. Callers send it back as it is.
  var next: String?

  /// The part that a request asks for, by `cursor` and `limit`.
  ///
  /// - Throws: ``WebProblem`` `unreadable` for a cursor or a limit that is none.
  init<Record>(
    of list: [Record], _ request: Request, _ make: (Record) -> Element
  ) throws {
    let parameters = request.uri.queryParameters
    let start = try Self.number(parameters["cursor"].map(String.init), in: 0...list.count) ?? 0
    let limit = try Self.limit(of: request)
    let end = min(list.count, start + limit)
    items = list[start..<end].map(make)
    next = end < list.count ? "\(end)" : nil
  }

  /// A part that was read as such.
  init<Record>(_ part: ListPart<Record>, _ make: (Record) -> Element) {
    items = part.elements.map(make)
    next = part.next
  }

  /// How many a request asks for, by `limit`.
  ///
  /// - Throws: ``WebProblem`` `unreadable` for what is no such number.
  static func limit(of request: Request) throws -> Int {
    let text = request.uri.queryParameters["limit"].map(String.init)
    return try number(text, in: 1...most) ?? usual
  }

  private static func number(_ text: String?, in range: ClosedRange<Int>) throws -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), range.contains(number) else { throw WebProblem.unreadable }
    return number
  }
}
