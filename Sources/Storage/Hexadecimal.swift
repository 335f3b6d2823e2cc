/// Bytes as lower-case hexadecimal text.
enum Hexadecimal {
  static func text(of bytes: some Collection<UInt8>) -> String {
    String(decoding: Self.bytes(of: bytes), as: UTF8.self)
  }

  /// The text's bytes: two for each byte.
  static func bytes(of bytes: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      result.append(digit(byte >> 4))
      result.append(digit(byte & 15))
    }
    return result
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
