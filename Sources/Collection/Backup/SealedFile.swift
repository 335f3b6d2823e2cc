import Crypto
import Foundation

/// The form of an encrypted file: a header, then chunks that are each authenticated.
///
/// The chunks follow the STREAM construction (Hoang, Reyhanitabar, Rogaway & Vizár 2015, "Online
/// authenticated-encryption and its nonce-reuse misuse-resistance"), as the age format uses it:
/// 64 KiB each under AES-256-GCM, the nonce being the chunk's number in 11 bytes and a last byte
/// that is 1 for the last chunk only. A chunk that was changed, moved, repeated or cut off does not
/// open, and nothing is used before it was opened. The header is authenticated with every chunk.
enum SealedFile {
  static let mark = Array("longwell backup 1\n".utf8)
  static let saltCount = 32
  static let headerCount = mark.count + 1 + saltCount
  static let chunkCount = 65_536
  static let tagCount = 16

  static func header(_ derivation: BackupSecret.Derivation, salt: [UInt8]) -> [UInt8] {
    mark + [derivation.rawValue] + salt
  }

  static func nonce(_ number: UInt64, isLast: Bool) throws -> AES.GCM.Nonce {
    let count = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    return try AES.GCM.Nonce(data: [0, 0, 0] + count + [isLast ? 1 : 0])
  }
}

/// Writes a file in that form, chunk by chunk.
struct SealedWriter {
  private let handle: FileHandle
  private let key: SymmetricKey
  private let header: [UInt8]
  private var waiting: [UInt8] = []
  private var number: UInt64 = 0

  init(to handle: FileHandle, under secret: BackupSecret) throws {
    let salt = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    self.handle = handle
    key = try secret.fileKey(salt: salt)
    header = SealedFile.header(secret.derivation, salt: salt)
    try handle.write(contentsOf: header)
  }

  mutating func write(_ bytes: some Sequence<UInt8>) throws {
    waiting += bytes
    // The last chunk is only known at the end, so one is always held back.
    while waiting.count > SealedFile.chunkCount {
      try seal(waiting.prefix(SealedFile.chunkCount), isLast: false)
      waiting.removeFirst(SealedFile.chunkCount)
    }
  }

  /// Writes what is left; without this the file counts as cut off.
  mutating func finish() throws {
    try seal(waiting[...], isLast: true)
    waiting = []
  }

  private mutating func seal(_ chunk: ArraySlice<UInt8>, isLast: Bool) throws {
    let box = try AES.GCM.seal(
      chunk, using: key, nonce: SealedFile.nonce(number, isLast: isLast), authenticating: header)
    try handle.write(contentsOf: box.ciphertext + box.tag)
    number += 1
  }
}

/// Reads a file in that form; gives out nothing that was not authenticated.
struct SealedReader {
  private let handle: FileHandle
  private let key: SymmetricKey
  private let header: [UInt8]
  private let path: String
  private var ahead: Data
  private var opened: [UInt8] = []
  private var number: UInt64 = 0
  private var isAtEnd = false

  /// - Throws: ``BackupError`` when it is no such file, or the secret is of the other kind.
  init(from handle: FileHandle, path: String, under secret: BackupSecret) throws {
    let header = Array(try handle.read(upToCount: SealedFile.headerCount) ?? Data())
    guard header.starts(with: SealedFile.mark), header.count == SealedFile.headerCount else {
      throw BackupError(.foreignFile, path)
    }
    let kind = BackupSecret.Derivation(rawValue: header[SealedFile.mark.count])
    guard let kind else { throw BackupError(.newerFormat, path) }
    guard kind == secret.derivation else {
      throw BackupError(kind == .keyFile ? .needsKey : .needsPassphrase, path)
    }
    self.handle = handle
    self.header = header
    self.path = path
    key = try secret.fileKey(salt: Array(header.suffix(SealedFile.saltCount)))
    ahead = try handle.read(upToCount: SealedFile.chunkCount + SealedFile.tagCount) ?? Data()
  }

  /// The next bytes, as many as asked for.
  ///
  /// - Throws: ``BackupError`` when a chunk does not open, or the file ends before.
  mutating func read(_ count: Int) throws -> [UInt8] {
    while opened.count < count {
      guard !isAtEnd else { throw BackupError(.damaged, path, detail: "it ends too early") }
      try openNext()
    }
    let bytes = Array(opened.prefix(count))
    opened.removeFirst(count)
    return bytes
  }

  /// Checks that nothing follows.
  mutating func expectEnd() throws {
    while !isAtEnd { try openNext() }
    guard opened.isEmpty else {
      throw BackupError(.damaged, path, detail: "something follows its end")
    }
  }

  private mutating func openNext() throws {
    let chunk = ahead
    ahead = try handle.read(upToCount: SealedFile.chunkCount + SealedFile.tagCount) ?? Data()
    let isLast = ahead.isEmpty
    guard chunk.count >= SealedFile.tagCount,
      let box = try? AES.GCM.SealedBox(
        nonce: SealedFile.nonce(number, isLast: isLast),
        ciphertext: chunk.dropLast(SealedFile.tagCount), tag: chunk.suffix(SealedFile.tagCount)),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: header)
    else {
      throw number == 0
        ? BackupError(.doesNotOpen, path)
        : BackupError(.damaged, path, detail: "chunk \(number + 1) was changed or the file was cut")
    }
    opened += bytes
    number += 1
    isAtEnd = isLast
  }
}
