internal import CSimdJSON

/// Splits JSON into the documents that conversations are, without parsing it: the elements of an
/// array at the top, those of the member `conversations` of an object, or lines of documents.
///
/// Memory is bounded by the largest element, and that by a limit; larger ones are passed over.
struct ElementStream {
  /// One element.
  enum Element {
    /// Its bytes, followed by ``JSONParser/padding`` readable ones, until the next call.
    case document(UnsafeBufferPointer<UInt8>)
    /// It is larger than the limit.
    case oversized
  }

  /// How the elements stand in the file.
  enum Form: Hashable {
    case array
    /// In the array of the member `conversations`.
    case member
    /// One document after the other, on lines or not; often there is one.
    case documents
  }

  let form: Form
  private let buffer: StreamBuffer
  private let limit: Int
  /// What to be done with before the next element.
  private var pending = 0
  private var isDone = false

  /// Elements of a buffer that stands at the JSON's first bracket.
  init(_ buffer: StreamBuffer, limit: Int) throws(LogProblem) {
    self.buffer = buffer
    self.limit = limit
    if buffer.bytes.first == UInt8(ascii: "[") {
      form = .array
      pending = 1
    } else {
      // The member is near the beginning, or the object is a document of its own.
      if buffer.bytes.count < Self.headBytes { try buffer.fill() }
      let place = MemberSearch.array(named: "conversations", in: buffer.bytes)
      form = place == nil ? .documents : .member
      pending = place ?? 0
    }
  }

  private static let headBytes = 1 << 16

  /// The next element; nil after the last.
  ///
  /// - Throws: `.truncated` where the file ends before the element or the array does.
  mutating func next() throws(LogProblem) -> Element? {
    buffer.drop(pending)
    pending = 0
    guard !isDone, let first = try firstByte() else { return nil }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try nextBracketed() }
    return try nextPlain()
  }

  /// Steps over white space and commas.
  private mutating func firstByte() throws(LogProblem) -> UInt8? {
    while true {
      let bytes = buffer.bytes
      if let place = bytes.firstIndex(where: { !Self.isBetween($0) }) {
        buffer.drop(place)
        if form != .documents, bytes[place] == UInt8(ascii: "]") {
          isDone = true
          return nil
        }
        return bytes[place]
      }
      buffer.drop(bytes.count)
      guard try buffer.fill() else {
        guard form == .documents else { throw LogProblem(.truncated) }
        return nil
      }
    }
  }

  private mutating func nextBracketed() throws(LogProblem) -> Element {
    var search = longwell_json_search()
    var searched = 0
    var isOversized = false
    while true {
      let bytes = buffer.bytes
      let rest = UnsafeBufferPointer(rebasing: bytes[searched...])
      let end = longwell_json_find_end(&search, rest.baseAddress, rest.count)
      if end > 0 {
        pending = searched + end
        if isOversized || pending > limit { return .oversized }
        return .document(UnsafeBufferPointer(rebasing: bytes[..<pending]))
      }
      searched = bytes.count
      if searched > limit {
        isOversized = true
        buffer.drop(searched)
        searched = 0
      }
      guard try buffer.fill() else { throw LogProblem(.truncated) }
    }
  }

  /// A text, a number or a word that stands where a conversation should; up to what ends it.
  private mutating func nextPlain() throws(LogProblem) -> Element {
    var place = 1
    let isText = buffer.bytes.first == UInt8(ascii: "\"")
    while true {
      let bytes = buffer.bytes
      while place < bytes.count {
        if isText, bytes[place] == UInt8(ascii: "\\") {
          place += 2
        } else if isText ? bytes[place] == UInt8(ascii: "\"") : Self.endsPlain(bytes[place]) {
          pending = isText ? place + 1 : place
          return .document(UnsafeBufferPointer(rebasing: bytes[..<pending]))
        } else {
          place += 1
        }
      }
      if bytes.count > limit {
        // Nothing of such a text is wanted: it is passed over in pieces.
        buffer.drop(bytes.count)
        place -= bytes.count
      }
      guard try buffer.fill() else {
        guard form == .documents, !isText else { throw LogProblem(.truncated) }
        pending = buffer.bytes.count
        return .document(buffer.bytes)
      }
    }
  }

  private static func isBetween(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",")
  }

  private static func endsPlain(_ byte: UInt8) -> Bool {
    isBetween(byte) || [UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "{")].contains(byte)
  }
}
