internal import Glibc

/// A value of a parsed document: a place on its parser's tape.
///
/// It borrows the parser's memory and is worth nothing after the parser's next document, so it is
/// never stored. What is not there, or is of another type, is nil: exports change, and a member that
/// has become a list must not stop the reading.
///
/// The tape is simdjson's (its `doc/tape.md`): one word a value with its kind in the top byte; numbers
/// take a second word; the word of an object or array says where the next value after it begins.
struct JSONValue {
  private let tape: UnsafePointer<UInt64>
  private let strings: UnsafePointer<UInt8>
  private let index: Int

  init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
    self.tape = tape
    self.strings = strings
    self.index = index
  }

  private var tag: UInt8 { UInt8(truncatingIfNeeded: tape[index] >> 56) }
  private var payload: Int { Int(truncatingIfNeeded: tape[index] & 0x00FF_FFFF_FFFF_FFFF) }

  var isObject: Bool { tag == UInt8(ascii: "{") }
  var isArray: Bool { tag == UInt8(ascii: "[") }
  var isString: Bool { tag == UInt8(ascii: "\"") }
  var isNull: Bool { tag == UInt8(ascii: "n") }
  /// Whether it is the truth value `true`.
  var isTrue: Bool { tag == UInt8(ascii: "t") }

  /// The number, when it is one.
  var number: Double? {
    switch tag {
    case UInt8(ascii: "d"): Double(bitPattern: tape[index + 1])
    case UInt8(ascii: "l"): Double(Int64(bitPattern: tape[index + 1]))
    case UInt8(ascii: "u"): Double(tape[index + 1])
    default: nil
    }
  }

  /// The string's UTF-8, when it is one.
  var utf8: UnsafeBufferPointer<UInt8>? {
    isString ? utf8(at: index) : nil
  }

  private func utf8(at index: Int) -> UnsafeBufferPointer<UInt8> {
    let place = strings + Int(tape[index] & 0x00FF_FFFF_FFFF_FFFF)
    let count = UnsafeRawPointer(place).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: place + 4, count: Int(UInt32(littleEndian: count)))
  }

  /// Where the next value begins.
  private var end: Int {
    switch tag {
    case UInt8(ascii: "{"), UInt8(ascii: "["): payload & 0xFFFF_FFFF
    case UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "u"): index + 2
    default: index + 1
    }
  }

  private func at(_ index: Int) -> JSONValue {
    JSONValue(tape: tape, strings: strings, index: index)
  }

  /// The elements of an array; none of anything else.
  var elements: Elements { Elements(value: self) }

  /// The members of an object; none of anything else.
  var members: Members { Members(value: self) }

  /// The first member of a name.
  subscript(name: StaticString) -> JSONValue? {
    for member in members where member.name == name { return member.value }
    return nil
  }
}

extension JSONValue {
  /// The elements of an array.
  struct Elements: Sequence, IteratorProtocol {
    private var place: JSONValue
    private let last: Int

    init(value: JSONValue) {
      place = value.at(value.index + 1)
      // The word before the end is the closing bracket.
      last = value.isArray ? value.end - 1 : value.index
    }

    mutating func next() -> JSONValue? {
      guard place.index < last else { return nil }
      defer { place = place.at(place.end) }
      return place
    }
  }

  /// A member of an object.
  struct Member {
    let name: JSONName
    let value: JSONValue
  }

  /// The members of an object.
  struct Members: Sequence, IteratorProtocol {
    private var place: JSONValue
    private let last: Int

    init(value: JSONValue) {
      place = value.at(value.index + 1)
      last = value.isObject ? value.end - 1 : value.index
    }

    mutating func next() -> Member? {
      guard place.index < last else { return nil }
      let value = place.at(place.index + 1)
      let name = JSONName(utf8: place.utf8(at: place.index))
      place = value.at(value.end)
      return Member(name: name, value: value)
    }
  }
}

/// The name of a member, compared without making a string.
struct JSONName {
  let utf8: UnsafeBufferPointer<UInt8>

  @inline(__always)
  static func == (name: JSONName, text: StaticString) -> Bool { name.utf8 == text }

  @inline(__always)
  static func ~= (text: StaticString, name: JSONName) -> Bool { name.utf8 == text }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are a text's.
  ///
  /// Inlined, so that of a text that is written down no more than a few words are compared.
  @inline(__always)
  static func == (bytes: UnsafeBufferPointer<UInt8>, text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count == count else { return false }
    guard let start = bytes.baseAddress else { return count == 0 }
    return memcmp(start, text.utf8Start, count) == 0
  }

  @inline(__always)
  static func ~= (text: StaticString, bytes: UnsafeBufferPointer<UInt8>) -> Bool { bytes == text }
}
