internal import CArchive
internal import Glibc

/// Reads the entries of a zip one after the other, in pieces, within limits; writes nothing to disk.
///
/// The bytes come from somebody else. So paths that lead out of the archive, links, entries with a
/// password and entries of one path are refused, and unpacking stops as soon as a limit is passed, not
/// when the archive says that it will be: sizes in its directory are claims.
///
/// It is used by one caller at a time: a class because it owns libarchive's handle.
package final class ZipReader {
  /// The part of an entry that is held at once.
  private static let pieceBytes = 1 << 16

  /// Kept alive: libarchive reads from it. Empty for a file, and for bytes that are lent.
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let handle: OpaquePointer
  private let limits: ArchiveLimits
  private let mostBytes: Int
  private var unpacked = 0
  /// Of the current file.
  private var entryBytes = 0
  private var paths: Set<String> = []

  /// Opens the bytes of a zip.
  ///
  /// - Throws: `.unreadable` where they are none.
  package convenience init(
    _ source: [UInt8], limits: ArchiveLimits = ArchiveLimits()
  ) throws(ArchiveProblem) {
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.count)
    _ = bytes.initialize(from: source)
    try self.init(UnsafeBufferPointer(bytes), keeping: bytes, limits: limits)
  }

  /// Opens the bytes of a zip that stay where they are for longer than the reader lives; no copy is made.
  ///
  /// - Throws: `.unreadable` where they are none.
  package convenience init(
    lent source: UnsafeBufferPointer<UInt8>, limits: ArchiveLimits = ArchiveLimits()
  ) throws(ArchiveProblem) {
    try self.init(source, keeping: .allocate(capacity: 0), limits: limits)
  }

  /// - Parameter bytes: given back when the reader goes, also where it is refused.
  private init(
    _ source: UnsafeBufferPointer<UInt8>, keeping bytes: UnsafeMutableBufferPointer<UInt8>,
    limits: ArchiveLimits
  ) throws(ArchiveProblem) {
    // libarchive reads other things as an empty zip; a zip begins with one of its own records.
    guard source.starts(with: [0x50, 0x4B]), Self.isWhole(source.suffix(Self.mostTail)),
      let handle = archive_read_new()
    else {
      Self.giveBack(bytes)
      throw ArchiveProblem(.unreadable)
    }
    self.handle = handle
    self.bytes = bytes
    self.limits = limits
    mostBytes = limits.total(ofPacked: source.count)
    archive_read_support_format_zip(handle)
    guard archive_read_open_memory(handle, source.baseAddress, source.count) == ARCHIVE_OK else {
      throw ArchiveProblem(.unreadable)
    }
  }

  /// Opens a zip on disk, of which a little at a time is held in memory.
  ///
  /// - Throws: `.unreadable` where there is none.
  package init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveProblem) {
    var status = stat()
    guard stat(path, &status) == 0, Self.isWhole(Self.tail(of: path, bytes: Int(status.st_size))),
      let handle = archive_read_new()
    else { throw ArchiveProblem(.unreadable) }
    self.handle = handle
    self.limits = limits
    mostBytes = limits.total(ofPacked: Int(status.st_size))
    bytes = UnsafeMutableBufferPointer.allocate(capacity: 0)
    archive_read_support_format_zip(handle)
    guard archive_read_open_filename(handle, path, Self.pieceBytes) == ARCHIVE_OK else {
      throw ArchiveProblem(.unreadable)
    }
  }

  deinit {
    FreedMemory.overwritten { _ = archive_read_free(handle) }
    Self.giveBack(bytes)
  }

  /// What people donate is not left in freed memory.
  private static func giveBack(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    bytes.deallocate()
  }

  /// Steps to the next file; what is left of the one before is skipped unread.
  ///
  /// - Returns: its path, or nil after the last.
  package func next() throws(ArchiveProblem) -> String? {
    while true {
      var entry: OpaquePointer?
      let status = archive_read_next_header(handle, &entry)
      if status == ARCHIVE_EOF { return nil }
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else {
        throw ArchiveProblem(.unreadable)
      }
      guard paths.count < limits.entries else {
        throw ArchiveProblem(.tooManyEntries(limits.entries))
      }
      guard archive_entry_is_encrypted(entry) == 0 else { throw ArchiveProblem(.encrypted) }
      guard let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else {
        throw ArchiveProblem(.unsafePath)
      }
      let path = String(cString: name)
      guard Self.isSafe(path) else { throw ArchiveProblem(.unsafePath) }
      guard paths.insert(path).inserted else { throw ArchiveProblem(.duplicatePath) }
      let type = archive_entry_filetype(entry)
      if type == Self.folderType { continue }
      guard type == Self.fileType, archive_entry_hardlink(entry) == nil else {
        throw ArchiveProblem(.notAFile)
      }
      entryBytes = 0
      return path
    }
  }

  /// Hands over the current file piece by piece.
  ///
  /// - Throws: `.tooLarge` at the first byte past a limit, `.unreadable` where the file is damaged
  ///   (its checksum is checked at its end).
  package func read(_ piece: (UnsafeRawBufferPointer) -> Void) throws(ArchiveProblem) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      guard count > 0 else { return }
      piece(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Puts the next bytes of the current file into memory.
  ///
  /// - Returns: how many there were; 0 at the file's end.
  /// - Throws: as ``read(_:)`` does.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveProblem) -> Int {
    let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw ArchiveProblem(.unreadable) }
    entryBytes += count
    unpacked += count
    guard entryBytes <= limits.entryBytes else {
      throw ArchiveProblem(.tooLarge(limits.entryBytes))
    }
    guard unpacked <= mostBytes else { throw ArchiveProblem(.tooLarge(mostBytes)) }
    return count
  }

  /// The record that ends a zip, with the longest comment that can follow it (APPNOTE 6.3.10, 4.3.16).
  private static let mostTail = 22 + 65_535

  /// Whether the last bytes hold the record that ends a zip. A download that broke off has none, and
  /// libarchive would read the files that are there as if they were all.
  private static func isWhole(_ tail: some RandomAccessCollection<UInt8>) -> Bool {
    var window: UInt32 = 0
    for byte in tail {
      window = window << 8 | UInt32(byte)
      if window == 0x504B_0506 { return true }
    }
    return false
  }

  private static func tail(of path: String, bytes: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    let count = min(bytes, mostTail)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, bytes - count))
    }
  }

  /// `AE_IFREG` and `AE_IFDIR`, which are macros with casts.
  private static let fileType: mode_t = 0o100000
  private static let folderType: mode_t = 0o040000

  /// Whether a path stays inside the archive on every system.
  private static func isSafe(_ path: String) -> Bool {
    guard !path.isEmpty, path.utf8.count <= 1024, !path.hasPrefix("/"), !path.contains("\\"),
      !path.contains(":"), !path.unicodeScalars.contains(where: { $0.value < 32 })
    else { return false }
    return !path.split(separator: "/").contains { $0 == ".." }
  }
}

extension ZipReader {
  /// The files of a zip whose paths are wanted, unpacked in memory; the others are skipped.
  ///
  /// - Throws: as reading them one by one does, also for files that are not wanted.
  package static func files(
    of bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), where isWanted: (String) -> Bool
  ) throws(ArchiveProblem) -> [String: [UInt8]] {
    let reader = try ZipReader(bytes, limits: limits)
    var files: [String: [UInt8]] = [:]
    while let path = try reader.next() {
      guard isWanted(path) else { continue }
      var contents: [UInt8] = []
      try reader.read { contents.append(contentsOf: $0) }
      files[path] = contents
    }
    return files
  }
}
