/// Writes zips of stored files for tests, right or wrong as the test wants (APPNOTE 6.3.10, 4.3).
enum ZipWriter {
  struct Entry {
    var path: String
    var bytes: [UInt8]
    var flags: UInt16
    var mode: UInt32

    init(_ path: String, _ bytes: [UInt8], flags: UInt16 = 0, mode: UInt32 = 0o100644) {
      self.path = path
      self.bytes = bytes
      self.flags = flags
      self.mode = path.hasSuffix("/") ? 0o040755 : mode
    }
  }

  static func zip(_ entries: [Entry]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = file.count
      let size = UInt32(entry.bytes.count)
      // The high bit says that paths are UTF-8.
      let shared =
        little(UInt16(20)) + little(entry.flags | 1 << 11) + little(UInt16(0)) + little(UInt32(0))
        + little(checksum(entry.bytes)) + little(size) + little(size)
        + little(UInt16(entry.path.utf8.count)) + little(UInt16(0))
      file += [0x50, 0x4B, 3, 4] + shared + Array(entry.path.utf8) + entry.bytes
      // Made by Unix, so that the mode counts.
      directory +=
        [0x50, 0x4B, 1, 2, 20, 3] + shared + little(UInt16(0)) + little(UInt16(0))
        + little(UInt16(0)) + little(entry.mode << 16) + little(UInt32(offset))
        + Array(entry.path.utf8)
    }
    let start = UInt32(file.count)
    let count = little(UInt16(entries.count))
    return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(start) + [0, 0]
  }

  /// A zip of one file that is deflated already.
  ///
  /// - Parameters:
  ///   - checksum: of the unpacked file, in the order of bytes that a zip has it in.
  ///   - size: likewise.
  static func zip(packed: [UInt8], checksum: [UInt8], size: [UInt8], _ path: String) -> [UInt8] {
    let shared =
      little(UInt16(20)) + little(UInt16(0)) + little(UInt16(8)) + little(UInt32(0)) + checksum
      + little(UInt32(packed.count)) + size + little(UInt16(path.utf8.count)) + little(UInt16(0))
    let file = [0x50, 0x4B, 3, 4] + shared + Array(path.utf8) + packed
    let directory =
      [0x50, 0x4B, 1, 2, 20, 3] + shared + [UInt8](repeating: 0, count: 6)
      + little(UInt32(0o100644) << 16) + little(UInt32(0)) + Array(path.utf8)
    return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0]
      + little(UInt32(directory.count)) + little(UInt32(file.count)) + [0, 0]
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// CRC-32 of ISO 3309.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
